package io.portreeve.server.worlds;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.worlds.checker.DiskRow;
import io.portreeve.server.worlds.checker.Who;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import io.portreeve.worlds.VirtualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the server's file as it would be found after a crash. */
final class DiskDump {
    private final VirtualDisk<Object, Cell> disk;
    private final VirtualMachine machine;
    private final VirtualTime time;
    private Map<Who, DiskRow> rows = Map.of();
    private int syncs = -1;

    DiskDump(VirtualDisk<Object, Cell> disk, VirtualMachine machine, VirtualTime time) {
        this.disk = disk;
        this.machine = machine;
        this.time = time;
    }

    /** The machine's clocks were changed, and with them what an expiry means. */
    void clocksChanged() {
        syncs = -1;
    }

    Map<Who, DiskRow> rows() {
        if (syncs != disk.syncs()) {
            rows = read();
            syncs = disk.syncs();
        }
        return rows;
    }

    private Map<Who, DiskRow> read() {
        var read = new LinkedHashMap<Who, DiskRow>();
        for (var cell : disk.durable().values()) {
            if (cell instanceof Cell.Mapping mapping) {
                var row = row(mapping);
                read.put(row.who(), row);
            }
        }
        return read;
    }

    private DiskRow row(Cell.Mapping mapping) {
        var row = mapping.row();
        var internal = row.key().internal();
        var who = new Who(row.key().subscriber().address(), row.key().protocol(), internal.address(), internal.port());
        var external = new Station(row.external().address(), row.external().port());
        long left = mapping.expiresWall() - machine.wall().toEpochMilli();
        var expiry = mapping.bootId().equals(machine.bootId())
                ? machine.atUptime(row.expiry())
                : time.now().plus(Duration.ofMillis(left));
        return new DiskRow(who, row.nonce(), external, expiry);
    }

    Map<PcpAddress, PcpAddress> subscribers() {
        var read = new LinkedHashMap<PcpAddress, PcpAddress>();
        disk.durable().forEach((key, cell) -> {
            if (cell instanceof Cell.Subscriber(var external)) {
                read.put(((SubscriberKey) key).subscriber().address(), external);
            }
        });
        return read;
    }
}
