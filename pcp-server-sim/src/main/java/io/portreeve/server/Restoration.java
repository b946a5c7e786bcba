package io.portreeve.server;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnMapping;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings back into a fresh CGN what an earlier server had granted: subscribers first, then their mappings. */
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
        stored.subscribers()
                .forEach((id, external) -> restoration
                        .ask(cgn.createSubscriber(id, external), "subscriber " + id)
                        .ifPresent(subscriber -> restoration.subscribers.put(id, subscriber)));
        stored.mappings().stream().filter(row -> row.expiry().isAfter(now)).forEach(restoration::restore);
        return restoration;
    }

    private void restore(MappingRow row) {
        var key = row.key();
        var subscriber = subscribers.get(key.subscriber());
        if (subscriber == null || !pool.takeExactly(key.protocol(), row.external())) {
            lost = true;
            LOG.warn("mapping {} {} is lost: the CGN's pool has no place for it", key.protocol(), row.external());
            return;
        }
        var wanted = new CgnMapping(subscriber.handle(), key.protocol(), key.internal(), row.external());
        var handle = ask(cgn.createPcpMapping(wanted), "mapping " + key.protocol() + " " + row.external());
        handle.ifPresentOrElse(
                created -> mappings.add(new Mapping(row, created)),
                () -> pool.giveBack(key.protocol(), row.external()));
    }

    private <T> Optional<T> ask(CompletionStage<T> call, String what) {
        try {
            return Optional.of(call.toCompletableFuture().join());
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
