package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * I9: the epoch counts seconds, and starts again exactly when mapping state was lost. Each answer narrows down when it was zero;
 * as long as nothing is lost, all answers must agree.
 */
final class EpochWatch {

    /** When the epoch was zero, as far as it is known. */
    private record Zero(MonoTime earliest, MonoTime latest) {
        boolean isPossible() {
            return !latest.isBefore(earliest);
        }

        Zero and(Zero other) {
            return new Zero(earliest.isAfter(other.earliest) ? earliest : other.earliest, latest.earlier(other.latest));
        }
    }

    private List<Zero> possible = List.of();
    private MonoTime mustSince = MonoTime.START;
    private MonoTime maySince = MonoTime.NEVER;
    private boolean mustStartAgain = true;

    /** State was lost. */
    void lost(MonoTime now) {
        mustStartAgain = true;
        mustSince = now;
    }

    /** The server cannot know whether something was lost. */
    void unsure(MonoTime now) {
        maySince = maySince.earlier(now);
    }

    void started(MonoTime now) {
        var next = new ArrayList<Zero>();
        if (mustStartAgain) {
            next.add(new Zero(mustSince, now));
        } else {
            next.addAll(possible);
            if (!maySince.equals(MonoTime.NEVER)) {
                next.add(new Zero(maySince, now));
            }
        }
        possible = next;
        mustStartAgain = false;
        maySince = MonoTime.NEVER;
    }

    void answered(long epochSeconds, MonoTime now) {
        var latest = now.plus(Duration.ofSeconds(-epochSeconds));
        var said = new Zero(latest.plus(Duration.ofSeconds(-1)).plus(Duration.ofNanos(1)), latest);
        var agreeing = possible.stream().map(said::and).filter(Zero::isPossible).toList();
        if (agreeing.isEmpty()) {
            throw new InvariantBroken("I9", "the epoch is " + epochSeconds + " s, but it was zero in " + possible);
        }
        possible = agreeing;
    }
}
