package io.portreeve.client.worlds.checker;

import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;

/** Until when a server that is short of resources must be asked for nothing new, or for nothing. RFC 6887 section 11.4. */
final class Sparing {
    private Optional<MonoTime> nothingNew = Optional.empty();
    private Optional<MonoTime> nothing = Optional.empty();
    private Optional<MonoTime> lastGrant = Optional.empty();

    /** What was put off once is asked for then, though the server may have recovered meanwhile. */
    private final TreeSet<MonoTime> ends = new TreeSet<>();

    private final TreeSet<MonoTime> endsOfNew = new TreeSet<>();

    void hears(Watch watch, MapResponse response, MonoTime now) {
        if (response.isSuccess() && watch.isWanted()) {
            lastGrant = Optional.of(now);
            nothingNew = Optional.empty();
        } else if (response.result() == ResultCode.NO_RESOURCES.value()) {
            isShort(watch, Schedule.holdOf(response.lifetime()), now);
        }
    }

    /** A server that has granted something a moment ago is short of something else. */
    private void isShort(Watch watch, Duration hold, MonoTime now) {
        var until = now.plus(hold);
        if (!watch.isWanted()) {
            nothing = Optional.of(until);
            ends.add(until);
        } else if (lastGrant.filter(it -> it.plus(hold).isAfter(now)).isEmpty()) {
            nothingNew = Optional.of(until);
            endsOfNew.add(until);
        }
    }

    /** {@return when the next request may leave for {@code watch}, if it was put off; empty if it cannot have been} */
    Optional<Window> windowOfPutOff(Watch watch, MonoTime now) {
        var later = new TreeSet<>(ends.tailSet(now, false));
        if (isNew(watch)) {
            later.addAll(endsOfNew.tailSet(now, false));
        }
        return later.isEmpty() ? Optional.empty() : Optional.of(new Window(later.first(), later.last()));
    }

    /** {@return true if there must be no request at all} */
    boolean isOfEverything(MonoTime now) {
        return nothing.filter(it -> it.isAfter(now)).isPresent();
    }

    /** {@return true if what was put off is due in this moment} */
    boolean endsNow(MonoTime now) {
        return ends.contains(now) || endsOfNew.contains(now);
    }

    /** {@return until when there must be no request for {@code watch}; empty if there may be one} */
    Optional<MonoTime> until(Watch watch, MonoTime now) {
        var first = nothing.filter(it -> it.isAfter(now));
        var second = nothingNew.filter(it -> isNew(watch) && it.isAfter(now));
        return first.isPresent() && second.isPresent()
                ? Optional.of(first.get().isAfter(second.get()) ? first.get() : second.get())
                : first.or(() -> second);
    }

    private static boolean isNew(Watch watch) {
        return watch.isWanted() && watch.held.isEmpty();
    }
}
