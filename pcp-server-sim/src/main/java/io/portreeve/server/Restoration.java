package io.portreeve.server;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ExternalPool;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.Mapping;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.store.StoredState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings back into a CGN what an earlier server had granted: subscribers first, then their mappings. */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    /** A mapping that the CGN was asked for, port by port. */
    private record Creation(MappingRow row, List<CompletionStage<PcpMapHandle>> answers) {}

    private final Cgn cgn;
    private final ExternalPool pool;
    private final MonoTime now;
    private final Map<SubscriberKey, Subscriber> subscribers = new LinkedHashMap<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private final List<HeldPort> held = new ArrayList<>();
    private final Map<SubscriberId, ServerEpoch> epochs;
    private boolean lost;

    private Restoration(StoredState stored, Cgn cgn, ExternalPool pool, MonoTime now) {
        epochs = stored.epochs();
        lost = stored.peers() > 0;
        this.cgn = cgn;
        this.pool = pool;
        this.now = now;
    }

    /**
     * {@return what could be brought back; its ports are taken out of {@code pool}}
     *
     * @param now mappings that expired before are left out
     */
    static Restoration of(StoredState stored, ServerPolicy policy, Cgn cgn, ExternalPool pool, MonoTime now) {
        var restoration = new Restoration(stored, cgn, pool, now);
        restoration.restoreSubscribers(stored.subscribers());
        restoration.restoreMappings(stored.mappings());
        restoration.restoreFilters();
        restoration.restoreHeld(Stream.concat(
                stored.held().stream(),
                restoration
                        .missing(stored.mappings())
                        .flatMap(row -> policy.heldAfter(row, row.expiry().earlier(now)).stream())));
        return restoration;
    }

    /** The CGN is asked everything before the first answer is waited for: it may take many requests as one. */
    private void restoreSubscribers(Map<SubscriberKey, PcpAddress> stored) {
        var asked = new LinkedHashMap<SubscriberKey, CompletionStage<Subscriber>>();
        stored.forEach((key, external) -> asked.put(key, cgn.createSubscriber(key.subscriber(), external)));
        asked.forEach((key, answer) -> await(answer, () -> "subscriber " + key.subscriber())
                .ifPresent(subscriber -> subscribers.put(key, subscriber)));
    }

    private void restoreMappings(List<MappingRow> stored) {
        var asked = stored.stream()
                .filter(row -> row.expiry().isAfter(now) && takePlace(row))
                .map(row -> new Creation(row, create(row)))
                .toList();
        asked.forEach(creation -> restored(creation.row(), creation.answers()));
    }

    private boolean takePlace(MappingRow row) {
        boolean taken = subscribers.containsKey(row.key().owner())
                && (pool.takeExactly(row) || !pool.covers(row)); // what is not the pool's is the CGN's to give
        if (!taken) {
            lost = true;
            LOG.warn("mapping {} is lost: the CGN's pool has no place for it", name(row));
        }
        return taken;
    }

    private static String name(MappingRow row) {
        return row.key().protocol() + " " + row.external();
    }

    private List<CompletionStage<PcpMapHandle>> create(MappingRow row) {
        var subscriber = subscribers.get(row.key().owner()).handle();
        return row.atCgn(subscriber).stream().map(cgn::createPcpMapping).toList();
    }

    /** A set of ports is there as a whole or not at all. */
    private void restored(MappingRow row, List<CompletionStage<PcpMapHandle>> answers) {
        var handles = answers.stream()
                .map(answer -> await(answer, () -> "mapping " + name(row)))
                .flatMap(Optional::stream)
                .toList();
        if (handles.size() == answers.size()) {
            mappings.add(new Mapping(row, handles, List.of()));
        } else {
            handles.forEach(cgn::deletePcpMapping);
            pool.giveBack(row);
        }
    }

    /** A mapping that let in some is not to let in all. */
    private void restoreFilters() {
        mappings.replaceAll(mapping -> mapping.row()
                .filterAtCgn()
                .map(filter -> filtered(mapping, filter))
                .orElse(mapping));
        mappings.removeIf(mapping -> mapping.row().filterAtCgn().isPresent()
                && mapping.filters().size() < mapping.handles().size());
    }

    private Mapping filtered(Mapping mapping, CgnFilter filter) {
        var filters = mapping.handles().stream()
                .map(handle -> await(cgn.createFilter(handle, filter), () -> "the filter of " + name(mapping.row())))
                .flatMap(Optional::stream)
                .toList();
        if (filters.size() < mapping.handles().size()) {
            mapping.handles().forEach(cgn::deletePcpMapping);
            pool.giveBack(mapping.row());
        }
        return mapping.withFilters(filters);
    }

    /** {@return what ended while no server ran, and what is lost now} */
    private Stream<MappingRow> missing(List<MappingRow> stored) {
        if (mappings.size() == stored.size()) {
            return Stream.empty(); // as nearly always, and there may be a million
        }
        var back = mappings.stream().map(Mapping::key).collect(Collectors.toSet());
        return stored.stream().filter(row -> !back.contains(row.key()));
    }

    /** The oldest first, because they go first if there are too many. */
    private void restoreHeld(Stream<HeldPort> ports) {
        ports.filter(port -> port.until().isAfter(now) && pool.takeExactly(port.protocol(), port.external()))
                .sorted(Comparator.comparing(HeldPort::until))
                .forEach(held::add);
    }

    private <T> Optional<T> await(CompletionStage<T> answer, Supplier<String> what) {
        try {
            return Optional.of(answer.toCompletableFuture().join());
        } catch (CompletionException e) {
            lost = true;
            LOG.warn("{} is lost: {}", what.get(), e.getCause().getMessage());
            return Optional.empty();
        }
    }

    RestoredState state() {
        return new RestoredState(List.copyOf(subscribers.values()), mappings, held, lost ? Map.of() : epochs);
    }

    /** {@return true if clients may have mappings that this server does not know} */
    boolean isLoss() {
        return lost;
    }

    /** {@return the epoch that goes on, or one that starts now if anything was lost} RFC 6887 section 8.5. */
    ServerEpoch epoch(StoredState stored) {
        lost |= stored.epoch().isEmpty();
        return stored.epoch().filter(_ -> !lost).orElse(new ServerEpoch(now));
    }
}
