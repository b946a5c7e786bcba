package io.portreeve.client.engine;

import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Asks one server what it has, host by host. One request is under way at a time. */
final class Audit {
    private static final int TRANSMISSIONS = 4;

    private final Deque<Walk> walks = new ArrayDeque<>();
    private final RandomGenerator random;
    private MonoTime due;
    private Duration rt = Duration.ZERO;
    private int transmissions;
    private boolean isSilent;

    /** @param hosts whose mappings to ask for; empty for the client's own */
    Audit(Collection<Optional<PcpAddress>> hosts, MappingNonce nonce, MonoTime start, RandomGenerator random) {
        hosts.forEach(host -> walks.add(new Walk(host, nonce)));
        this.random = random;
        due = start;
    }

    MonoTime due() {
        return due;
    }

    /** {@return true if nothing is to be asked any more} */
    boolean isOver() {
        return walks.isEmpty();
    }

    /** {@return true if the server has not said all it was asked for} */
    boolean isSilent() {
        return isSilent;
    }

    GetRequest request(PcpAddress source, MonoTime now) {
        return walks.getFirst().request(source, now);
    }

    /** {@return what to send, now that time has passed; empty if it was sent often enough} */
    Optional<GetRequest> onDue(PcpAddress source, MonoTime now) {
        walks.removeIf(walk -> walk.host().equals(Optional.of(source))); // it is no third party to itself
        if (walks.isEmpty()) {
            return Optional.empty();
        }
        if (transmissions == TRANSMISSIONS) {
            giveUp();
            return Optional.empty();
        }
        rt = transmissions == 0 ? Retransmission.RFC_6887.first(random) : Retransmission.RFC_6887.next(rt, random);
        transmissions++;
        due = now.plus(rt);
        return Optional.of(request(source, now));
    }

    /** Whoever does not answer is not asked for more. */
    void giveUp() {
        isSilent = true;
        walks.clear();
    }

    boolean isFor(GetResponse response) {
        return !walks.isEmpty() && transmissions > 0 && walks.getFirst().isNext(response);
    }

    /** {@return the walk that this page completes, if it completes one} */
    Optional<Walk> take(GetResponse response, MonoTime now) {
        var walk = walks.getFirst();
        var progress = walk.take(response);
        transmissions = 0;
        due = now;
        if (progress == Walk.Progress.MORE) {
            return Optional.empty();
        }
        walks.removeFirst();
        isSilent |= progress == Walk.Progress.REFUSED;
        return Optional.of(walk).filter(_ -> progress == Walk.Progress.COMPLETE);
    }
}
