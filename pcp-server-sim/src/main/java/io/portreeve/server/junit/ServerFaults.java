package io.portreeve.server.junit;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.faults.FaultLine;
import io.portreeve.server.faults.Faults;
import io.portreeve.server.faults.WrongFaultException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is wrong with a {@link PcpTestServer}, on purpose. Each method adds to what is wrong already, or changes it, for what comes
 * and is decided from then on; what waited leaves at once. All answers are meant, with what nobody asked for (Mapping Updates,
 * announcements). {@link Faults} and docs/faults.md tell more of each.
 *
 * <p>All throw IllegalArgumentException, saying what was expected, and change nothing then. Any thread may call them.
 */
public final class ServerFaults {
    private final Supplier<FaultLine> line;

    ServerFaults(Supplier<FaultLine> line) {
        this.line = line;
    }

    /** Loses requests before the server sees them. {@link PcpTestServer#received} has them all the same. @param percent 0..100 */
    public ServerFaults dropRequests(int percent) {
        return set("drop-requests=" + percent + "%");
    }

    /** Loses answers. The server has done what was asked. @param percent 0..100 */
    public ServerFaults dropAnswers(int percent) {
        return set("drop-answers=" + percent + "%");
    }

    /** Sends answers twice. @param percent 0..100 */
    public ServerFaults duplicate(int percent) {
        return set("duplicate=" + percent + "%");
    }

    /** Sends each answer later. @param time whole milliseconds, up to a minute, of the time that the server lives in */
    public ServerFaults delay(Duration time) {
        return set("delay=" + millis(time));
    }

    /** Sends each answer later by something between nothing and this. @param time as for {@link #delay} */
    public ServerFaults jitter(Duration time) {
        return set("jitter=" + millis(time));
    }

    /** Has answers wait until the next has gone, or for 250 ms. @param percent 0..100 */
    public ServerFaults reorder(int percent) {
        return set("reorder=" + percent + "%");
    }

    /**
     * Answers so to every MAP and PEER, and in its words to every mapping request of NAT-PMP.
     *
     * @param result any but SUCCESS; its lifetime is the one a server writes if it knows no better
     */
    public ServerFaults refuse(ResultCode result) {
        return set("refuse=" + result, "refuse-lifetime=off");
    }

    /** As {@link #refuse(ResultCode)}. @param lifetime of the error, in whole seconds */
    public ServerFaults refuse(ResultCode result, Duration lifetime) {
        return set("refuse=" + result, "refuse-lifetime=" + seconds(lifetime));
    }

    /** Tells a false external address in successes. NAT-PMP tells it only if it is an IPv4 address. */
    public ServerFaults external(InetAddress address) {
        return set("external=" + PcpAddress.of(address));
    }

    /** Tells a false lifetime in successes; the mapping lasts as long as it would have. @param time whole seconds */
    public ServerFaults lifetime(Duration time) {
        return set("lifetime=" + seconds(time));
    }

    /** Tells a false epoch. @param shift added to the true one: whole seconds, may be negative */
    public ServerFaults epoch(Duration shift) {
        return set("epoch=" + (shift.isNegative() ? "-" : "+") + seconds(shift.abs()));
    }

    /**
     * Gives a subscriber so many mapped ports at most; who has more keeps them, and renews them.
     *
     * @param ports 0..65535
     */
    public ServerFaults quota(int ports) {
        return set("quota=" + ports);
    }

    /** Gives nobody a port any more. What there is already is renewed and deleted as ever. */
    public ServerFaults exhaustPool() {
        return set("pool=exhausted");
    }

    /** Has the CGN take so long for each thing that the server asks of it. @param time as for {@link #delay} */
    public ServerFaults cgnDelay(Duration time) {
        return set("cgn-delay=" + millis(time));
    }

    /** Begins all chances anew: with equal seeds, equal messages meet equal faults. */
    public ServerFaults seed(long seed) {
        return set("seed=" + seed);
    }

    /** Changes faults by the words of docs/faults.md: {@code drop-answers=30%}; {@code off} for a value takes one away. */
    public synchronized ServerFaults set(String... words) {
        var running = line.get();
        try {
            running.change(running.faults().with(List.of(words)));
            return this;
        } catch (WrongFaultException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Nothing is wrong any more. */
    public synchronized ServerFaults clear() {
        line.get().change(Faults.NONE);
        return this;
    }

    private static String millis(Duration time) {
        if (time.toNanosPart() % 1_000_000 != 0) {
            throw new IllegalArgumentException(time + ": expected whole milliseconds");
        }
        return time.toMillis() + "ms";
    }

    private static String seconds(Duration time) {
        if (time.toNanosPart() != 0) {
            throw new IllegalArgumentException(time + ": expected whole seconds");
        }
        return time.toSeconds() + "s";
    }

    /** {@return what is wrong now, in the words of docs/faults.md} */
    @Override
    public String toString() {
        return line.get().faults().toString();
    }
}
