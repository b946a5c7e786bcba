package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.MonoTime;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Asks again for many mappings, one after the other. */
final class Agenda {
    private final MappingTable table;

    Agenda(MappingTable table) {
        this.table = table;
    }

    /** What the server has lost is asked for from the beginning, unless it is being asked for. */
    void recreate(Predicate<Mapping> which, Recreation recreation) {
        for (var mapping : List.copyOf(table.all())) {
            if (which.test(mapping)) {
                recreate(mapping, recreation);
            }
        }
    }

    private void recreate(Mapping mapping, Recreation recreation) {
        if (mapping.state() instanceof WaitResponse waiting) {
            table.put(mapping.with(waiting.holdingNothing()), waiting.resendAt());
        } else {
            table.put(mapping.with(new NotSent()), recreation.next());
        }
    }

    void again(Predicate<Mapping> which, MonoTime from) {
        var start = Recreation.atOnce(from);
        for (var mapping : List.copyOf(table.all())) {
            if (which.test(mapping) && !mapping.isUnclaimed()) {
                table.put(mapping.with(new NotSent()), start.next());
            }
        }
    }

    /** Who could not be reached may be reached now; but no sooner than a first retransmission would be sent. */
    void reprobe(MonoTime now) {
        var start = Recreation.atOnce(now);
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse waiting) {
                var at = start.nextFrom(waiting.earliest());
                if (at.isBefore(waiting.resendAt())) {
                    resend(mapping, waiting, at);
                }
            }
        }
    }

    /** Applications do not wait for each other. */
    void sendWhatWaits(Predicate<MappingKey> isAwaited, MonoTime now) {
        var start = Recreation.atOnce(now);
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.state() instanceof WaitResponse) {
                table.put(mapping.with(new NotSent()), isAwaited.test(mapping.key()) ? now : start.next());
            }
        }
    }

    /** A server may come and go faster than it answers; it is asked no sooner than if it had stayed. */
    void askAgain(Mapping mapping, Recreation start) {
        if (mapping.state() instanceof WaitResponse waiting) {
            resend(mapping, waiting, start.nextFrom(waiting.earliest()));
        } else {
            table.put(mapping.with(new NotSent()), start.next());
        }
    }

    /** Goes on with what an earlier run, or an earlier time with this server, had. */
    void takeUp(
            Recreation start,
            Function<Grant, MonoTime> firstRenewal,
            Function<Mapping, MonoTime> claimed,
            MonoTime now) {
        for (var mapping : List.copyOf(table.all())) {
            if (mapping.isUnclaimed()) {
                table.put(mapping, claimed.apply(mapping));
                continue;
            }
            var held = mapping.state().holding().filter(grant -> mapping.isWanted() && !grant.isOver(now));
            if (held.isPresent() && !(mapping.state() instanceof WaitResponse)) {
                table.put(mapping.with(new Mapped(held.get())), firstRenewal.apply(held.get()));
            } else {
                askAgain(mapping, start);
            }
        }
    }

    private void resend(Mapping mapping, WaitResponse waiting, MonoTime at) {
        var again = waiting.resentAt(at);
        table.put(mapping.with(again), again.due());
    }
}
