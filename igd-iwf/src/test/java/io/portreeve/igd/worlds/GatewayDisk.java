package io.portreeve.igd.worlds;

import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.Lease;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.igd.store.PortMappingStore;
import io.portreeve.igd.worlds.checker.Row;
import io.portreeve.pcp.MonoTime;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The interworking's file on a disk that can be full, and that can lose its process before, between and after write and sync. */
final class GatewayDisk implements PortMappingStore {
    private static final String UPDATE_ID = "SystemUpdateID";

    private final VirtualDisk<Object, Object> disk = new VirtualDisk<>();
    private final VirtualMachine machine;
    private final Runnable step;
    private boolean full;
    private boolean owes;
    private List<Row> rows = List.of();

    /** What the disk's number was when they were read. */
    private int read;

    /** @param step called around everything that is done to the disk */
    GatewayDisk(VirtualMachine machine, Runnable step) {
        this.machine = machine;
        this.step = step;
    }

    VirtualDisk<Object, Object> disk() {
        return disk;
    }

    void setFull(boolean full) {
        this.full = full;
    }

    /** {@return true if what was to be written last could not be} */
    boolean owes() {
        return owes;
    }

    /** {@return what is certain to be there after a crash, in the order of making} */
    List<Row> rows() {
        if (read != disk.syncs()) {
            read = disk.syncs();
            rows = rows(disk.durable());
        }
        return rows;
    }

    private static List<Row> rows(Map<Object, Object> contents) {
        return contents.values().stream()
                .filter(Row.class::isInstance)
                .map(Row.class::cast)
                .toList();
    }

    @Override
    public StoredTable load(MonoTime now) {
        var entries = new ArrayList<PortMapping>();
        rows(disk.written()).forEach(row -> entries.add(mapping(row, now)));
        return new StoredTable(entries, (Long) disk.written().getOrDefault(UPDATE_ID, 0L));
    }

    private PortMapping mapping(Row row, MonoTime now) {
        return new PortMapping(
                row.key(),
                row.internalPort(),
                row.internalClient(),
                row.description(),
                lease(row, now),
                row.natPort(),
                row.choice());
    }

    private Lease lease(Row row, MonoTime now) {
        if (row.leaseSeconds() == 0) {
            return new Lease.Infinite();
        }
        var asked = Duration.ofSeconds(row.leaseSeconds());
        long left = Math.clamp(row.leaseEnd() - machine.wall().toEpochMilli(), 0, asked.toMillis());
        return new Lease.Timed(asked, now.plus(Duration.ofMillis(left)));
    }

    @Override
    public void write(List<IwfEffect.Stored> changes, long updateId, MonoTime now) throws StorageException {
        step.run();
        owes = full;
        if (full) {
            throw new StorageException("the disk is full", null);
        }
        var contents = new LinkedHashMap<>(disk.written());
        for (var change : changes) {
            switch (change) {
                case IwfEffect.Save(var _, var mapping) -> contents.put(mapping.key(), row(mapping, now));
                case IwfEffect.Erase(var _, var key) -> contents.remove(key);
            }
        }
        contents.put(UPDATE_ID, updateId);
        disk.write(contents);
        step.run();
        disk.sync();
        step.run();
    }

    private Row row(PortMapping mapping, MonoTime now) {
        boolean isTimed = mapping.lease() instanceof Lease.Timed;
        return new Row(
                mapping.key(),
                mapping.internalPort(),
                mapping.internalClient(),
                mapping.description(),
                mapping.lease() instanceof Lease.Timed(var asked, var _) ? asked.toSeconds() : 0,
                isTimed
                        ? machine.wall().toEpochMilli()
                                + now.until(mapping.lease().due()).toMillis()
                        : 0,
                mapping.natPort(),
                mapping.choice());
    }

    @Override
    public void close() {
        // its process may be dead
    }
}
