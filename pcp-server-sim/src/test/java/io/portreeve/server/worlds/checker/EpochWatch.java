package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * I9: the epoch counts seconds, and starts again exactly when mapping state was lost: everybody's, or that of one subscriber.
 * Each answer narrows down when it was zero; as long as nothing is lost, all answers must agree.
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

    /** Of those who have no line of their own below. */
    private List<Zero> common = List.of();

    private final Map<PcpAddress, List<Zero>> own = new HashMap<>();
    private MonoTime mustSince = MonoTime.START;
    private MonoTime maySince = MonoTime.NEVER;
    private boolean mustStartAgain = true;

    /** It is about to start again, and may not be yet on the disk. */
    private boolean undecided;

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
        if (mustStartAgain) {
            own.clear();
            common = List.of(new Zero(mustSince, now));
        } else if (!maySince.equals(MonoTime.NEVER)) {
            var again = new Zero(maySince, now);
            changeAll(possible -> with(again, possible));
        }
        mustStartAgain = false;
        maySince = MonoTime.NEVER;
    }

    private void changeAll(UnaryOperator<List<Zero>> change) {
        common = change.apply(common);
        own.replaceAll((_, possible) -> change.apply(possible));
    }

    private static List<Zero> with(Zero more, List<Zero> possible) {
        var all = new ArrayList<>(possible);
        all.add(more);
        return all;
    }

    /** The server is about to take away what {@code subscriber} has. */
    void startsAgain(PcpAddress subscriber, MonoTime now) {
        own.put(subscriber, with(new Zero(now, now), of(subscriber)));
        undecided = true;
    }

    /** The same for all subscribers. */
    void startAgain(MonoTime now) {
        changeAll(possible -> with(new Zero(now, now), possible));
        undecided = true;
    }

    /** From now on what is said is so. */
    void decided() {
        undecided = false;
    }

    /** The server has done it, and it would outlive the server. */
    void hasStartedAgain(PcpAddress subscriber, MonoTime now) {
        own.put(subscriber, since(now, of(subscriber)));
    }

    void haveStartedAgain(MonoTime now) {
        changeAll(possible -> since(now, possible));
    }

    private static List<Zero> since(MonoTime time, List<Zero> possible) {
        return possible.stream().filter(zero -> !zero.latest().isBefore(time)).toList();
    }

    private List<Zero> of(PcpAddress subscriber) {
        return own.getOrDefault(subscriber, common);
    }

    /** An answer to {@code subscriber}. */
    void answered(PcpAddress subscriber, long epochSeconds, MonoTime now) {
        var agreeing = agreeing(of(subscriber), epochSeconds, now);
        if (!undecided) {
            own.put(subscriber, agreeing);
        }
    }

    /** A word to all. */
    void announced(long epochSeconds, MonoTime now) {
        var agreeing = agreeing(common, epochSeconds, now);
        if (!undecided) {
            common = agreeing;
        }
    }

    private static List<Zero> agreeing(List<Zero> possible, long epochSeconds, MonoTime now) {
        var latest = now.plus(Duration.ofSeconds(-epochSeconds));
        var said = new Zero(latest.plus(Duration.ofSeconds(-1)).plus(Duration.ofNanos(1)), latest);
        var agreeing = new ArrayList<Zero>(possible.size());
        for (var zero : possible) {
            var both = said.and(zero);
            if (both.isPossible()) {
                agreeing.add(both);
            }
        }
        if (agreeing.isEmpty()) {
            throw new InvariantBroken("I9", "the epoch is " + epochSeconds + " s, but it was zero in " + possible);
        }
        return agreeing;
    }
}
