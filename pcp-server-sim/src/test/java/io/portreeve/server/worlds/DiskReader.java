package io.portreeve.server.worlds;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.store.StoredState;
import io.portreeve.worlds.VirtualMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Moves the times of what is on the disk to today's clock, as the real store does: by the wall clock after a boot. */
final class DiskReader {
    private static final Duration LONGEST_HOLD = Duration.ofHours(4);

    private final VirtualMachine machine;

    DiskReader(VirtualMachine machine) {
        this.machine = machine;
    }

    StoredState read(Map<Object, Cell> cells) {
        var subscribers = new LinkedHashMap<SubscriberKey, PcpAddress>();
        var mappings = new ArrayList<MappingRow>();
        var held = new ArrayList<HeldPort>();
        var epochs = new LinkedHashMap<SubscriberId, ServerEpoch>();
        Optional<ServerEpoch> epoch = Optional.empty();
        int peers = 0;
        for (var entry : cells.entrySet()) {
            switch (entry.getValue()) {
                case Cell.Epoch(var bootId, long zero) -> {
                    if (isToday(bootId)) {
                        epoch = Optional.of(new ServerEpoch(new MonoTime(zero)));
                    }
                }
                case Cell.OwnEpoch(var subscriber, var bootId, long zero) -> {
                    if (isToday(bootId)) {
                        epochs.put(subscriber, new ServerEpoch(new MonoTime(zero)));
                    }
                }
                case Cell.Subscriber(var external) -> subscribers.put((SubscriberKey) entry.getKey(), external);
                case Cell.Mapping mapping -> mappings.add(today(mapping));
                case Cell.Held port -> held.add(today(port));
                case Cell.Peer(var row, var bootId, long wall) -> {
                    var until = isToday(bootId) ? row.expiry() : byWall(wall, LONGEST_HOLD);
                    peers += until.isAfter(machine.uptime()) ? 1 : 0;
                }
            }
        }
        return new StoredState(epoch, epochs, subscribers, mappings, held, peers);
    }

    private boolean isToday(String bootId) {
        return bootId.equals(machine.bootId());
    }

    private MappingRow today(Cell.Mapping mapping) {
        var row = mapping.row();
        if (isToday(mapping.bootId()) || row.expiry().equals(MonoTime.NEVER)) {
            return row;
        }
        var expiry =
                byWall(mapping.expiresWall(), Duration.ofSeconds(row.lifetime().seconds()));
        return new MappingRow(
                row.key(), row.nonce(), row.external(), row.client(), row.lifetime(), expiry, row.terms());
    }

    private HeldPort today(Cell.Held held) {
        var port = held.port();
        return isToday(held.bootId())
                ? port
                : new HeldPort(port.key(), port.external(), byWall(held.untilWall(), LONGEST_HOLD));
    }

    private MonoTime byWall(long wall, Duration most) {
        long left = wall - machine.wall().toEpochMilli();
        return machine.uptime().plus(Duration.ofMillis(Math.clamp(left, 0, most.toMillis())));
    }
}
