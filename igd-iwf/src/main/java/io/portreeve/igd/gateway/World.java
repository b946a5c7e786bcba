package io.portreeve.igd.gateway;

import io.portreeve.client.MappingOutcome;
import io.portreeve.client.PcpClient;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.iwf.Reading;
import io.portreeve.igd.iwf.Snapshot;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.store.PortMappingStore;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Replies;
import io.portreeve.storage.StorageException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the interworking wants done; what becomes of it goes to {@code inbox}. */
final class World implements GatewayLoop.Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(World.class);

    private final PcpClient client;
    private final LocalNat nat;
    private final PortMappingStore store;
    private final Replies<IgdReply> replies;
    private final Consumer<IwfEvent> inbox;
    private final Replies<Snapshot> snapshots = new Replies<>();
    private final Journal journal = new Journal(InstantSource.system());
    private final Counts counts = new Counts();
    private final LatestState latest = new LatestState();
    private final CompletableFuture<PcpAddress> firstExternal = new CompletableFuture<>();
    private volatile Optional<Reading> reading = Optional.empty();

    World(PcpClient client, LocalNat nat, PortMappingStore store, Replies<IgdReply> replies, Consumer<IwfEvent> inbox) {
        this.client = client;
        this.nat = nat;
        this.store = store;
        this.replies = replies;
        this.inbox = inbox;
    }

    CompletableFuture<PcpAddress> firstExternal() {
        return firstExternal;
    }

    Replies<Snapshot> snapshots() {
        return snapshots;
    }

    Journal journal() {
        return journal;
    }

    Counts counts() {
        return counts;
    }

    LatestState latest() {
        return latest;
    }

    /** {@return what may be read; empty before the start} Any thread. */
    Optional<Reading> reading() {
        return reading;
    }

    @Override
    public void readable(Reading next) {
        reading = Optional.of(next);
    }

    @Override
    public boolean store(List<IwfEffect.Stored> changes, long updateId, MonoTime now) {
        long before = System.nanoTime();
        try {
            store.write(changes, updateId, now);
            counts.committed(Duration.ofNanos(System.nanoTime() - before));
            return true;
        } catch (StorageException e) {
            counts.notCommitted();
            LOG.warn("{} change(s) of the port mapping table could not be stored: {}", changes.size(), e.getMessage());
            return false;
        }
    }

    @Override
    public void perform(IwfEffect effect) {
        switch (effect) {
            case IwfEffect.Reply(long call, var reply) -> replies.reply(call, reply);
            case IwfEffect.AskPcp(long id, var request) -> answers(id, client.map(request));
            case IwfEffect.ReleasePcp(long id, var key) -> answers(id, client.release(PortMapping.OWNER, key));
            case IwfEffect.ChangeNat(long id, var change) ->
                nat.apply(change).whenComplete((_, failure) -> inbox.accept(new IwfEvent.NatDone(id, failure == null)));
            case IwfEffect.Announce(var external) -> announce(external);
            case IwfEffect.Publish(var state) -> latest.is(state);
            case IwfEffect.Show(long id, var snapshot) -> snapshots.reply(id, snapshot);
            case IwfEffect.Audit(var entry) -> journal.add(entry);
            case IwfEffect.Stored _ -> throw new AssertionError("stored with its whole batch");
        }
    }

    private void announce(Optional<PcpAddress> external) {
        LOG.info(
                "the external address is {}", external.map(PcpAddress::toString).orElse("not known any more"));
        external.ifPresent(firstExternal::complete);
    }

    private void answers(long id, CompletableFuture<MappingOutcome> answer) {
        answer.exceptionally(_ -> new MappingOutcome.Unreachable()).thenAccept(outcome -> {
            counts.pcpAnswered(outcome);
            inbox.accept(new IwfEvent.PcpAnswered(id, outcome));
        });
    }
}
