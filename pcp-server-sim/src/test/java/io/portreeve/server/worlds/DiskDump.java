package io.portreeve.server.worlds;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.PeerKey;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.engine.Terms.Origin;
import io.portreeve.server.worlds.checker.DiskRow;
import io.portreeve.server.worlds.checker.Maker;
import io.portreeve.server.worlds.checker.Peer;
import io.portreeve.server.worlds.checker.Span;
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

    /** {@return the same map as long as nothing changes} */
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
                addRows(mapping, read);
            }
        }
        return read;
    }

    private void addRows(Cell.Mapping mapping, Map<Who, DiskRow> read) {
        var row = mapping.row();
        var external = row.external();
        var expiry = inWorld(row.expiry(), mapping.bootId(), mapping.expiresWall());
        var ports = new Span(first(row), row.terms().ports());
        int port = external.port();
        for (var who : ports.each()) {
            read.put(
                    who,
                    new DiskRow(
                            who,
                            ports,
                            maker(row.terms().origin()),
                            row.nonce(),
                            new Station(external.address(), port++),
                            expiry,
                            row.terms().filter(),
                            row.terms().description()));
        }
    }

    private static Who first(MappingRow row) {
        var internal = row.key().internal();
        return new Who(row.key().subscriber().address(), row.key().protocol(), internal.address(), internal.port());
    }

    private static Maker maker(Origin origin) {
        return switch (origin) {
            case PCP -> Maker.PCP;
            case NAT_PMP -> Maker.NAT_PMP;
            case STATIC -> Maker.OPERATOR;
        };
    }

    private MonoTime inWorld(MonoTime expiry, String bootId, long wall) {
        if (expiry.equals(MonoTime.NEVER) || bootId.equals(machine.bootId())) {
            return machine.atUptime(expiry);
        }
        return time.now().plus(Duration.ofMillis(wall - machine.wall().toEpochMilli()));
    }

    Map<Peer, MonoTime> peers() {
        var read = new LinkedHashMap<Peer, MonoTime>();
        disk.durable().forEach((key, cell) -> {
            if (cell instanceof Cell.Peer(var row, var bootId, long wall)) {
                read.put(peer(row.key()), inWorld(row.expiry(), bootId, wall));
            }
        });
        return read;
    }

    private static Peer peer(PeerKey key) {
        var who = new Who(
                key.subscriber().address(),
                key.protocol(),
                key.internal().address(),
                key.internal().port());
        return new Peer(who, new Station(key.remote().address(), key.remote().port()));
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
