package io.portreeve.server;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.store.ServerStore;
import io.portreeve.server.store.StoredState;
import io.portreeve.storage.StorageException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Mistakes around an engine, each in the place of one call; planted to see that they are found. */
final class ServerBugs {
    private static final Map<ServerStore, List<Change>> UNWRITTEN = Collections.synchronizedMap(new WeakHashMap<>());

    private ServerBugs() {}

    /** Writes the batch before, and says that this one is written. */
    static void writeLater(ServerStore store, List<Change> changes) throws StorageException {
        var before = UNWRITTEN.put(store, changes);
        if (before != null) {
            store.commit(before);
        }
    }

    static void neverMind(ServerStore store, List<Change> changes) {
        try {
            store.commit(changes);
        } catch (StorageException e) {
            // what could go wrong?
        }
    }

    static CompletionStage<Void> doNotDelete(Cgn cgn, PcpMapHandle mapping) {
        return CompletableFuture.completedFuture(null);
    }

    static <T> Optional<T> whateverWasLost(Optional<T> epoch, Predicate<T> nothingLost) {
        return epoch;
    }

    static <T> Stream<T> none(Stream<T> all, Predicate<T> wanted) {
        return Stream.empty();
    }

    static Stream<MappingRow> allButOne(List<MappingRow> rows) {
        return rows.stream().skip(1);
    }

    static CompletionStage<Subscriber> withAnyAddress(Cgn cgn, SubscriberId id, PcpAddress external) {
        return cgn.getSubscriber(id);
    }

    static CompletionStage<List<PoolRange>> unlockFirst(Cgn cgn) {
        cgn.unlockDynamic();
        return cgn.listPcpPool();
    }

    static Optional<CgnFilter> noFilter(MappingRow row) {
        return Optional.empty();
    }

    static int noPeers(StoredState stored) {
        return 0;
    }
}
