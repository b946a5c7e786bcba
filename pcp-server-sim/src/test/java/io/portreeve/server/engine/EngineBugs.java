package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Mistakes of an engine, each in the place of one of its calls; planted to see that they are found. */
final class EngineBugs {
    private EngineBugs() {}

    static boolean acceptAny(ServerPolicy policy, MappingNonce sent, MappingNonce made) {
        return true;
    }

    static boolean anyNonceWillDo(MappingNonce one, Object other) {
        return true;
    }

    static void doNotAdd(Step step, ServerEffect effect) {}

    static void leaveAtCgn(
            Calls calls,
            Pending pending,
            List<CgnRoutine> routines,
            Step step,
            BiConsumer<List<CgnAnswer>, Step> next) {
        next.accept(List.of(), step);
    }

    static void doNotOwe(Erasures erasures, Unsaved.Gone gone, MonoTime now) {}

    static void doNotOwe(Erasures erasures, SubscriberKey subscriber, MonoTime now) {}

    static void doNotOwe(Erasures erasures, MonoTime now) {}

    static boolean oweNothing(Erasures erasures, MappingKey key) {
        return false;
    }

    static void doNotErase(Departures departures, Unsaved.Gone gone, Step step) {}

    static void keepPlace(Quota quota, SubscriberId subscriber, int ports) {}

    static void doNotMark(BitSet taken, int port) {}

    static boolean nobodyIsDead(Set<?> dead, Object handle) {
        return false;
    }

    static boolean cancelNothing(LinkedHashSet<?> pendings, Predicate<?> others) {
        pendings.clear();
        return true;
    }

    static void keepPort(ExternalPool pool, IpProtocol protocol, Endpoint external) {}

    static Duration noTime(ServerPolicy.Reuse reuse, IpProtocol protocol) {
        return Duration.ZERO;
    }

    static Duration longTime(ServerPolicy.Reuse reuse, IpProtocol protocol) {
        return reuse.of(protocol).multipliedBy(2);
    }

    static <T> Optional<T> whoeverAsks(Optional<T> held, Predicate<T> isOfHim) {
        return held;
    }

    static void grantAll(Departures departures, SubscriberKey subscriber, Step step) {}

    static void doNotForget(Departures departures, SubscriberKey subscriber, Step step) {}

    static void leaveInTable(MappingTable table, Mapping mapping) {}

    static Lifetime aMinuteMore(MappingRow row) {
        return new Lifetime(row.lifetime().seconds() + 60);
    }

    static long fastSeconds(Duration time) {
        return time.toSeconds() * 11 / 10;
    }

    static void doNotMark(BitSet taken, int from, int to) {}

    static boolean isNothing(List<?> list) {
        return true;
    }

    static boolean same(Optional<?> one, Object other) {
        return true;
    }

    static Terms.Origin natPmp(Terms terms) {
        return Terms.Origin.NAT_PMP;
    }

    static boolean isOfNobody(MappingRow row) {
        return false;
    }

    static <T> List<T> allButOne(Stream<T> all) {
        return all.skip(1).toList();
    }

    static ServerEpoch goesOn(Epochs epochs, MonoTime now) {
        return new ServerEpoch(now.plus(Duration.ofSeconds(-epochs.common(now).seconds())));
    }

    static ServerEpoch goesOn(Epochs epochs, SubscriberId subscriber, MonoTime now) {
        return new ServerEpoch(
                now.plus(Duration.ofSeconds(-epochs.of(subscriber, now).seconds())));
    }

    static ServerEpoch ofAll(Epochs epochs, MonoTime now) {
        return epochs.reset(now);
    }

    static ServerEpoch ofAll(Epochs epochs, SubscriberId subscriber, MonoTime now) {
        return epochs.reset(now);
    }

    static ServerEffect sayAdded(Administration.Wanted wanted, Addition outcome) {
        return new ServerEffect.Administered(wanted.orderId(), new Addition.Added());
    }

    static void leaveUncertain(MoveProgress progress, Step step) {}

    static MonoTime aMinuteLater(MonoTime since, Duration time) {
        return since.plus(time).plus(Duration.ofMinutes(1));
    }
}
