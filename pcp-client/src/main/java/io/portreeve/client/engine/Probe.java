package io.portreeve.client.engine;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Asks a server that could not be heard for a while since when it is there: what it told all meanwhile is not told again. Source:
 * RFC 6887 section 14.1.
 */
final class Probe {
    private static final int TRANSMISSIONS = 4;

    private final RandomGenerator random;
    private MonoTime due = MonoTime.NEVER;
    private Duration rt = Duration.ZERO;
    private int transmissions;

    Probe(RandomGenerator random) {
        this.random = random;
    }

    /** Begins now, unless one is under way. */
    void begin(MonoTime now) {
        if (!isUnderWay()) {
            due = now;
            transmissions = 0;
        }
    }

    /** The server has answered, or is not to be asked. */
    void end() {
        due = MonoTime.NEVER;
    }

    boolean isUnderWay() {
        return !due.equals(MonoTime.NEVER);
    }

    MonoTime nextDue() {
        return due;
    }

    /** {@return what to send, now that time has passed} */
    Optional<AnnounceRequest> onDue(PcpAddress source, MonoTime now) {
        if (due.isAfter(now)) {
            return Optional.empty();
        }
        if (transmissions == TRANSMISSIONS) {
            end();
            return Optional.empty();
        }
        rt = transmissions == 0 ? Retransmission.RFC_6887.first(random) : Retransmission.RFC_6887.next(rt, random);
        transmissions++;
        due = now.plus(rt);
        return Optional.of(new AnnounceRequest(source));
    }
}
