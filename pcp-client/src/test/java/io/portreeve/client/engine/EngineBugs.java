package io.portreeve.client.engine;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Mistakes of an engine, each in the place of one of its calls; planted to see that they are found. */
final class EngineBugs {
    private EngineBugs() {}

    static PcpRequest withAnotherNonce(Mapping mapping, PcpAddress source, MonoTime now) {
        if (!(mapping.state() instanceof MappingState.Refreshing
                && mapping.request(source, now) instanceof MapRequest request)) {
            return mapping.request(source, now);
        }
        var nonce = request.nonce();
        return new MapRequest(
                request.lifetime(),
                request.client(),
                new MappingNonce(nonce.high(), nonce.middle(), nonce.low() + 1),
                request.protocol(),
                request.internalPort(),
                request.suggestedPort(),
                request.suggestedAddress(),
                request.options());
    }

    static boolean anyNonceWillDo(MappingNonce one, Object other) {
        return true;
    }

    /** A second back is then almost 2^32 seconds ahead. */
    static boolean admitsIn32Bits(EpochObservation before, EpochObservation next) {
        long ahead = Integer.toUnsignedLong((int) (next.serverSeconds() - before.serverSeconds()));
        return before.admits(new EpochObservation(before.serverSeconds() + ahead, next.clientSeconds()));
    }

    static boolean admitsAnything(EpochObservation before, EpochObservation next) {
        return true;
    }

    static boolean doNotRemove(TreeSet<?> actions, Object action) {
        return false;
    }

    static boolean doNotAdd(ArrayList<?> effects, Object effect) {
        return true;
    }

    static Duration noDistance(Duration previous, Duration distance) {
        return previous;
    }

    static MonoTime noDistance(MonoTime before, Duration distance) {
        return before;
    }

    static long aSecondLess(long value, long least, long most) {
        return Math.clamp(value, least, most) - 1;
    }

    static <T> List<T> nothing(T effect) {
        return List.of();
    }

    static double middle(RandomGenerator random, double least, double bound) {
        return (least + bound) / 2;
    }

    static double early(RandomGenerator random) {
        return -random.nextDouble();
    }

    static long atOnce(RandomGenerator random, long bound) {
        return 0;
    }

    static Mapping knowingNoEndpoint(Mapping mapping, MappingState next) {
        return new Mapping(
                mapping.server(),
                mapping.key(),
                mapping.owner(),
                mapping.nonce(),
                mapping.wanted(),
                Optional.empty(),
                mapping.knownUntil(),
                mapping.source(),
                next);
    }

    static <T> T nothingKnown(Optional<T> known, Supplier<T> otherwise) {
        return otherwise.get();
    }

    static void ifWanted(MappingTable table, Mapping mapping, MonoTime due) {
        if (mapping.isWanted()) {
            table.put(mapping, due);
        }
    }

    static Duration asItIs(Lifetime lifetime) {
        return Duration.ofSeconds(lifetime.seconds());
    }

    static <T> Optional<T> none(Optional<T> all, Predicate<T> wanted) {
        return Optional.empty();
    }

    static MonoTime theOther(MonoTime one, MonoTime other) {
        return other;
    }

    static MonoTime whenever(Recreation recreation, MonoTime earliest) {
        return recreation.next();
    }

    static boolean notThere(Set<?> all, Object one) {
        return false;
    }

    static boolean nowhere(Mapping mapping, PcpAddress address) {
        return false;
    }

    static boolean alwaysAgrees(Comparison listed, Grant grant) {
        return true;
    }

    static <K, V> V putAfterNothing(Map<K, V> all, K key, V value) {
        all.put(key, value);
        return null;
    }

    static void leaveAll(Agenda agenda, Predicate<Mapping> which, MonoTime from) {}

    static <K, V> V keep(Map<K, V> all, Object key) {
        return all.get(key);
    }

    static Duration asBefore(Retransmission timer, Duration previous, RandomGenerator random) {
        return timer.first(random);
    }
}
