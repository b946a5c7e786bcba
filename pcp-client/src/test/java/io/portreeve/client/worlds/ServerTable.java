package io.portreeve.client.worlds;

import io.portreeve.client.Endpoint;
import io.portreeve.client.worlds.checker.ServerRow;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.worlds.Cell;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import java.util.List;

/** Reads what a server has from its disk and its CGN. */
final class ServerTable {
    private ServerTable() {}

    /** {@return what of {@code subscriber} is on the disk and in force} */
    static List<ServerRow> rows(
            VirtualDisk<Object, Cell> disk, VirtualMachine machine, MockCgn cgn, SubscriberId subscriber) {
        var inForce = cgn.table();
        return disk.durable().values().stream()
                .filter(Cell.Mapping.class::isInstance)
                .map(cell -> ((Cell.Mapping) cell).row())
                .filter(row -> row.key().subscriber().equals(subscriber))
                .filter(row -> inForce.stream()
                        .anyMatch(it -> row.atCgn(it.mapping().subscriber()).contains(it.mapping())))
                .map(row -> row(row, machine))
                .toList();
    }

    private static ServerRow row(MappingRow row, VirtualMachine machine) {
        return new ServerRow(
                row.key().protocol(),
                endpoint(row.key().internal()),
                endpoint(row.external()),
                row.nonce(),
                machine.atUptime(row.expiry()));
    }

    private static Endpoint endpoint(io.portreeve.server.cgn.Endpoint endpoint) {
        return new Endpoint(endpoint.address(), endpoint.port());
    }
}
