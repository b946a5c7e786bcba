package io.portreeve.server.store;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.EndpointMap;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Family;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.engine.Terms;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads all rows and moves their times to today's clock: exactly within one boot, else by the wall clock. */
final class StateReader {
    /** A wall clock that was set back must not hold a port for ever. */
    private static final Duration LONGEST_HOLD = Duration.ofHours(4);

    private final Connection connection;
    private final Machine machine;
    private final Rows found;
    private final MonoTime now;

    /** A million rows name the same subscribers again and again. */
    private final Map<String, SubscriberId> known = new HashMap<>();

    /** @param found is told what is where */
    StateReader(Connection connection, Machine machine, Rows found) {
        this.connection = connection;
        this.machine = machine;
        this.found = found;
        now = machine.clock().now();
    }

    StoredState read() throws SQLException {
        var epoch = epoch();
        boolean sameBoot = epoch.isPresent();
        return new StoredState(
                epoch,
                sameBoot ? ownEpochs() : Map.of(),
                subscribers(),
                mappings(sameBoot),
                held(sameBoot),
                peers(sameBoot));
    }

    private Optional<ServerEpoch> epoch() throws SQLException {
        try (var statement = connection.prepareStatement("SELECT zero_boottime_ns FROM epoch WHERE boot_id = ?")) {
            statement.setString(1, machine.bootId());
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new ServerEpoch(new MonoTime(rows.getLong("zero_boottime_ns"))))
                        : Optional.empty();
            }
        }
    }

    private Map<SubscriberKey, PcpAddress> subscribers() throws SQLException {
        var subscribers = new LinkedHashMap<SubscriberKey, PcpAddress>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM subscriber")) {
            while (rows.next()) {
                var id = subscriber(rows, "id");
                var external = address(rows, "external_address");
                var key = SubscriberKey.of(id, external);
                found.found(key, external);
                subscribers.put(key, external);
            }
        }
        return subscribers;
    }

    /** An old row that could not be erased may be there still: the port is whose it was last. */
    private List<MappingRow> mappings(boolean sameBoot) throws SQLException {
        var mappings = new ArrayList<MappingRow>();
        var taken = new EndpointMap<MappingRow>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM mapping ORDER BY id DESC")) {
            while (rows.next()) {
                var mapping = mapping(rows, sameBoot);
                if (taken.putIfAbsent(mapping.key().protocol(), mapping.external(), mapping) == null) {
                    mappings.add(mapping);
                }
            }
        }
        return mappings.reversed();
    }

    private MappingRow mapping(ResultSet rows, boolean sameBoot) throws SQLException {
        var key = new MappingKey(
                subscriber(rows, "subscriber"),
                IpProtocol.of(rows.getInt("protocol")),
                endpoint(rows, "internal"),
                Family.valueOf(rows.getString("external_family")));
        found.found(key, rows.getLong("id"));
        return new MappingRow(
                key,
                MappingNonce.parse(rows.getString("nonce")),
                endpoint(rows, "external"),
                endpoint(rows, "client"),
                new Lifetime(rows.getLong("lifetime_s")),
                expiry(rows, sameBoot),
                terms(rows));
    }

    private MonoTime expiry(ResultSet rows, boolean sameBoot) throws SQLException {
        var expiry = new MonoTime(rows.getLong("expires_boottime_ns"));
        return sameBoot || expiry.equals(MonoTime.NEVER) ? expiry : expiryByWall(rows);
    }

    private static Terms terms(ResultSet rows) throws SQLException {
        int prefix = rows.getInt("filter_prefix");
        Optional<Filter> filter = prefix == 0
                ? Optional.empty()
                : Optional.of(new Filter(
                        prefix, rows.getInt("filter_port"), PcpAddress.parse(rows.getString("filter_address"))));
        return new Terms(
                rows.getInt("ports"),
                rows.getInt("exact") != 0,
                filter,
                rows.getString("description"),
                Terms.Origin.valueOf(rows.getString("origin")));
    }

    private Map<SubscriberId, ServerEpoch> ownEpochs() throws SQLException {
        var epochs = new HashMap<SubscriberId, ServerEpoch>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM own_epoch")) {
            while (rows.next()) {
                epochs.put(
                        subscriber(rows, "subscriber"),
                        new ServerEpoch(new MonoTime(rows.getLong("zero_boottime_ns"))));
            }
        }
        return epochs;
    }

    private List<HeldPort> held(boolean sameBoot) throws SQLException {
        var held = new ArrayList<HeldPort>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM held ORDER BY id")) {
            while (rows.next()) {
                held.add(heldPort(rows, sameBoot));
            }
        }
        return held;
    }

    private HeldPort heldPort(ResultSet rows, boolean sameBoot) throws SQLException {
        var external = endpoint(rows, "external");
        var key = new MappingKey(
                subscriber(rows, "subscriber"),
                IpProtocol.of(rows.getInt("protocol")),
                endpoint(rows, "internal"),
                Family.of(external.address()));
        found.found(key.protocol(), external, rows.getLong("id"));
        long left = Math.clamp(rows.getLong("until_wall_ms") - machine.wall().millis(), 0, LONGEST_HOLD.toMillis());
        var until = sameBoot ? new MonoTime(rows.getLong("until_boottime_ns")) : now.plus(Duration.ofMillis(left));
        return new HeldPort(key, external, until);
    }

    private int peers(boolean sameBoot) throws SQLException {
        var sql = sameBoot
                ? "SELECT count(*) FROM peer WHERE expires_boottime_ns > ?"
                : "SELECT count(*) FROM peer WHERE expires_wall_ms > ?";
        try (var statement = connection.prepareStatement(sql)) {
            statement.setLong(1, sameBoot ? now.nanos() : machine.wall().millis());
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    /** A wall clock that was set back must not make a mapping live longer than it was granted. */
    private MonoTime expiryByWall(ResultSet rows) throws SQLException {
        long left = rows.getLong("expires_wall_ms") - machine.wall().millis();
        long granted = rows.getLong("lifetime_s") * 1000;
        return now.plus(Duration.ofMillis(Math.clamp(left, 0, granted)));
    }

    private SubscriberId subscriber(ResultSet rows, String column) throws SQLException {
        return subscriber(rows.getString(column));
    }

    private SubscriberId subscriber(String address) {
        return known.computeIfAbsent(address, text -> new SubscriberId(PcpAddress.parse(text)));
    }

    private PcpAddress address(ResultSet rows, String column) throws SQLException {
        return subscriber(rows.getString(column)).address();
    }

    private Endpoint endpoint(ResultSet rows, String side) throws SQLException {
        return new Endpoint(address(rows, side + "_address"), rows.getInt(side + "_port"));
    }
}
