package io.portreeve.client.worlds;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.Grant;
import io.portreeve.client.engine.Mapping;
import io.portreeve.client.engine.MappingState;
import io.portreeve.client.engine.Wanted;
import io.portreeve.client.store.MappingStore;
import io.portreeve.client.worlds.checker.StoredRow;
import io.portreeve.pcp.MonoTime;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The client's file on a disk that can be full, and that can lose its process before, between and after write and sync. */
public final class ClientDisk implements MappingStore {
    private final VirtualDisk<MappingKey, StoredRow> disk;
    private final VirtualMachine machine;
    private final Runnable step;
    private boolean full;
    private boolean owes;

    /** @param step called around everything that is done to the disk */
    public ClientDisk(VirtualDisk<MappingKey, StoredRow> disk, VirtualMachine machine, Runnable step) {
        this.disk = disk;
        this.machine = machine;
        this.step = step;
    }

    public void setFull(boolean full) {
        this.full = full;
    }

    /** {@return true if something that should be here is not} */
    public boolean owes() {
        return full || owes;
    }

    @Override
    public boolean begin(Duration lately) {
        return false;
    }

    @Override
    public List<Mapping> load(MonoTime now) {
        var mappings = new ArrayList<Mapping>();
        disk.written().values().forEach(row -> mappings.add(mapping(row, now)));
        return mappings;
    }

    private Mapping mapping(StoredRow row, MonoTime now) {
        var left = row.left().at(machine.wall());
        boolean lives = row.wish().isPresent() && row.external().isPresent() && left.isPositive();
        var mapping = new Mapping(
                EngineLoop.SERVER.toString(),
                row.key(),
                row.owner(),
                row.nonce(),
                row.wish()
                        .<Wanted>map(wish -> new Wanted.Kept(
                                wish.external(), wish.lifetime(), MonoTime.NEVER, MappingTerms.PLAIN, false))
                        .orElseGet(() -> new Wanted.Gone(new PortCount.One(), false)),
                row.external(),
                now.plus(row.known().at(machine.wall())),
                row.source(),
                lives
                        ? new MappingState.Mapped(new Grant(row.external().orElseThrow(), left, now, now))
                        : new MappingState.NotSent());
        return mapping.asked(now);
    }

    @Override
    public void write(List<Effect.Stored> changes, MonoTime now) throws StorageException {
        step.run();
        owes = full;
        if (full) {
            throw new StorageException("the disk is full", null);
        }
        var rows = new LinkedHashMap<>(disk.written());
        for (var change : changes) {
            switch (change) {
                case Effect.Save(var mapping) -> rows.put(mapping.key(), row(mapping, now));
                case Effect.Erase(var id) -> rows.remove(id.key());
            }
        }
        disk.write(rows);
        step.run();
        disk.sync();
        step.run();
    }

    private StoredRow row(Mapping mapping, MonoTime now) {
        return new StoredRow(
                mapping.key(),
                mapping.owner(),
                mapping.nonce(),
                mapping.wanted() instanceof Wanted.Kept kept
                        ? Optional.of(new StoredRow.Wish(kept.external(), kept.lifetime()))
                        : Optional.empty(),
                mapping.lastExternal(),
                mapping.source(),
                left(mapping.state().holding().map(Grant::expiry).orElse(now), now),
                left(mapping.knownUntil(), now));
    }

    private StoredRow.Left left(MonoTime end, MonoTime now) {
        long millis = Math.max(0, now.until(end).toMillis());
        return new StoredRow.Left(millis, machine.wall().toEpochMilli() + millis);
    }

    @Override
    public void close() {
        // its process may be dead
    }
}
