package io.portreeve.server.worlds;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEffect.Erase;
import io.portreeve.server.engine.ServerEffect.ErasePeer;
import io.portreeve.server.engine.ServerEffect.Forget;
import io.portreeve.server.engine.ServerEffect.Hold;
import io.portreeve.server.engine.ServerEffect.Release;
import io.portreeve.server.engine.ServerEffect.Save;
import io.portreeve.server.engine.ServerEffect.SaveEpoch;
import io.portreeve.server.engine.ServerEffect.SaveOwnEpoch;
import io.portreeve.server.engine.ServerEffect.SavePeer;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.store.ServerStore;
import io.portreeve.server.store.StoredState;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The server's file on a disk that can be full, and that can lose its process before, between and after write and sync. */
public final class DiskStore implements ServerStore {
    private static final String EPOCH = "epoch";
    private static final SubscriberHandle NOBODY = new SubscriberHandle(0);

    private record Place(IpProtocol protocol, Endpoint external) {}

    private record EpochOf(SubscriberId subscriber) {}

    private final VirtualDisk<Object, Cell> disk;
    private final VirtualMachine machine;
    private final Runnable step;
    private boolean full;

    /** @param step called around everything that is done to the disk */
    public DiskStore(VirtualDisk<Object, Cell> disk, VirtualMachine machine, Runnable step) {
        this.disk = disk;
        this.machine = machine;
        this.step = step;
    }

    public void setFull(boolean full) {
        this.full = full;
    }

    @Override
    public StoredState load() {
        return new DiskReader(machine).read(disk.written());
    }

    @Override
    public void replaceAll(ServerEpoch epoch, RestoredState state) throws StorageException {
        var cells = new LinkedHashMap<Object, Cell>();
        cells.put(EPOCH, new Cell.Epoch(machine.bootId(), epoch.zero().nanos()));
        state.subscribers().forEach(it -> cells.put(SubscriberKey.of(it), new Cell.Subscriber(it.external())));
        state.mappings().forEach(it -> save(it.row(), cells));
        state.held().forEach(it -> hold(it, cells));
        state.epochs().forEach((subscriber, own) -> saveOwn(subscriber, own, cells));
        write(cells);
    }

    @Override
    public void commit(List<Change> changes) throws StorageException {
        var cells = new LinkedHashMap<>(disk.written());
        changes.forEach(change -> apply(change, cells));
        write(cells);
    }

    private void apply(Change change, Map<Object, Cell> cells) {
        switch (change) {
            case Save(var row) -> save(row, cells);
            case Erase(var key) -> cells.remove(key);
            case Forget(var subscriber) -> {
                cells.remove(subscriber);
                cells.keySet()
                        .removeIf(it ->
                                it instanceof MappingKey key && key.owner().equals(subscriber));
            }
            case Hold(var port) -> hold(port, cells);
            case Release(var port) -> cells.remove(new Place(port.protocol(), port.external()));
            case SaveEpoch(var epoch) -> {
                cells.values().removeIf(Cell.OwnEpoch.class::isInstance);
                cells.put(EPOCH, new Cell.Epoch(machine.bootId(), epoch.zero().nanos()));
            }
            case SaveOwnEpoch(var subscriber, var epoch) -> saveOwn(subscriber, epoch, cells);
            case SavePeer(var row) -> cells.put(row.key(), new Cell.Peer(row, machine.bootId(), wall(row.expiry())));
            case ErasePeer(var key) -> cells.remove(key);
        }
    }

    /** As SQLite does: a row takes the place of those with its key or its external port, and of what is held there. */
    private void save(MappingRow row, Map<Object, Cell> cells) {
        cells.put(row.key().owner(), new Cell.Subscriber(row.external().address()));
        cells.values().removeIf(it -> it instanceof Cell.Mapping other && isTwin(other.row(), row));
        cells.put(row.key(), new Cell.Mapping(row, machine.bootId(), wall(row.expiry())));
        row.atCgn(NOBODY).forEach(port -> cells.remove(new Place(port.protocol(), port.external())));
    }

    private static boolean isTwin(MappingRow one, MappingRow other) {
        return one.key().protocol().equals(other.key().protocol())
                && one.external().equals(other.external());
    }

    private void hold(HeldPort port, Map<Object, Cell> cells) {
        cells.put(
                new Place(port.protocol(), port.external()), new Cell.Held(port, machine.bootId(), wall(port.until())));
    }

    private void saveOwn(SubscriberId subscriber, ServerEpoch epoch, Map<Object, Cell> cells) {
        cells.put(
                new EpochOf(subscriber),
                new Cell.OwnEpoch(subscriber, machine.bootId(), epoch.zero().nanos()));
    }

    private long wall(MonoTime time) {
        return machine.wall().toEpochMilli() + (time.nanos() - machine.uptime().nanos()) / 1_000_000;
    }

    private void write(Map<Object, Cell> cells) throws StorageException {
        step.run();
        if (full) {
            throw new StorageException("the disk is full", null);
        }
        disk.write(cells);
        step.run();
        disk.sync();
        step.run();
    }

    @Override
    public void close() {
        // its process may be dead
    }
}
