package io.portreeve.server;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ExternalPool;
import io.portreeve.server.engine.Mapping;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.store.StoredState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings back into a CGN what an earlier server had granted: subscribers first, then their mappings. */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final Cgn cgn;
    private final ExternalPool pool;
    private final MonoTime now;
    private final Map<SubscriberId, Subscriber> subscribers = new HashMap<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private boolean lost;

    private Restoration(Cgn cgn, ExternalPool pool, MonoTime now) {
        this.cgn = cgn;
        this.pool = pool;
        this.now = now;
    }

    /**
     * {@return what could be brought back; its ports are taken out of {@code pool}}
     *
     * @param now mappings that expired before are left out
     */
    static Restoration of(StoredState stored, Cgn cgn, ExternalPool pool, MonoTime now) {
        var restoration = new Restoration(cgn, pool, now);
        restoration.restoreSubscribers(stored.subscribers());
        restoration.restoreMappings(stored.mappings());
        return restoration;
    }

    /** The CGN is asked everything before the first answer is waited for: it may take many requests as one. */
    private void restoreSubscribers(Map<SubscriberId, PcpAddress> stored) {
        var asked = new HashMap<SubscriberId, CompletionStage<Subscriber>>();
        stored.forEach((id, external) -> asked.put(id, cgn.createSubscriber(id, external)));
        asked.forEach((id, answer) ->
                await(answer, "subscriber " + id).ifPresent(subscriber -> subscribers.put(id, subscriber)));
    }

    private void restoreMappings(List<MappingRow> stored) {
        var asked = new LinkedHashMap<MappingRow, CompletionStage<PcpMapHandle>>();
        stored.stream()
                .filter(row -> row.expiry().isAfter(now) && takePlace(row))
                .forEach(row -> asked.put(row, create(row)));
        asked.forEach(this::restored);
    }

    private boolean takePlace(MappingRow row) {
        var protocol = row.key().protocol();
        boolean taken = subscribers.containsKey(row.key().subscriber()) && pool.takeExactly(protocol, row.external());
        if (!taken) {
            lost = true;
            LOG.warn("mapping {} {} is lost: the CGN's pool has no place for it", protocol, row.external());
        }
        return taken;
    }

    private CompletionStage<PcpMapHandle> create(MappingRow row) {
        var key = row.key();
        var subscriber = subscribers.get(key.subscriber()).handle();
        return cgn.createPcpMapping(new CgnMapping(subscriber, key.protocol(), key.internal(), row.external()));
    }

    private void restored(MappingRow row, CompletionStage<PcpMapHandle> answer) {
        var protocol = row.key().protocol();
        await(answer, "mapping " + protocol + " " + row.external())
                .ifPresentOrElse(
                        created -> mappings.add(new Mapping(row, created)),
                        () -> pool.giveBack(protocol, row.external()));
    }

    private <T> Optional<T> await(CompletionStage<T> answer, String what) {
        try {
            return Optional.of(answer.toCompletableFuture().join());
        } catch (CompletionException e) {
            lost = true;
            LOG.warn("{} is lost: {}", what, e.getCause().getMessage());
            return Optional.empty();
        }
    }

    RestoredState state() {
        return new RestoredState(List.copyOf(subscribers.values()), mappings);
    }

    /** {@return the epoch that goes on, or one that starts now if anything was lost} RFC 6887 section 8.5. */
    ServerEpoch epoch(StoredState stored) {
        return stored.epoch().filter(_ -> !lost).orElse(new ServerEpoch(now));
    }
}
