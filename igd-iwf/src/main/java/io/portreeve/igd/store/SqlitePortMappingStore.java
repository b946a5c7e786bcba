package io.portreeve.igd.store;

import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.Lease;
import io.portreeve.igd.iwf.PortChoice;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.storage.SqliteFile;
import io.portreeve.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The port mapping table in one SQLite file. The end of a lease is stored as wall time, and believed only within the lease. */
public final class SqlitePortMappingStore implements PortMappingStore {
    private static final List<String> MIGRATIONS = List.of(
            """
            CREATE TABLE port_mapping (
                number          INTEGER PRIMARY KEY AUTOINCREMENT, -- the order control points see
                remote_host     TEXT NOT NULL,                     -- '' for any
                external_port   INTEGER NOT NULL,
                protocol        INTEGER NOT NULL,
                internal_port   INTEGER NOT NULL,
                internal_client TEXT NOT NULL,
                description     TEXT NOT NULL,
                lease_seconds   INTEGER NOT NULL,                  -- 0 for an infinite lease
                lease_end       INTEGER NOT NULL,                  -- wall time in milliseconds
                UNIQUE (remote_host, external_port, protocol)
            )""",
            "ALTER TABLE port_mapping ADD COLUMN nat_port INTEGER NOT NULL DEFAULT 0", // 0: none
            // 1: it may be on any external port
            "ALTER TABLE port_mapping ADD COLUMN any_port INTEGER NOT NULL DEFAULT 0",
            "CREATE TABLE update_id (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL)");

    private static final String SAVE = "INSERT INTO port_mapping"
            + " (remote_host, external_port, protocol, internal_port, internal_client, description, lease_seconds, lease_end,"
            + " nat_port, any_port) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (remote_host, external_port, protocol) DO UPDATE SET internal_port = excluded.internal_port,"
            + " internal_client = excluded.internal_client, description = excluded.description,"
            + " lease_seconds = excluded.lease_seconds, lease_end = excluded.lease_end,"
            + " nat_port = excluded.nat_port, any_port = excluded.any_port";
    private static final String ERASE =
            "DELETE FROM port_mapping WHERE remote_host = ? AND external_port = ? AND protocol = ?";

    private static final String COUNT =
            "INSERT INTO update_id VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET number = excluded.number";

    private final Path path;
    private final SqliteFile file;
    private final InstantSource wall;

    public SqlitePortMappingStore(Path path, InstantSource wall) throws StorageException {
        this.path = path;
        this.file = SqliteFile.open(path, MIGRATIONS);
        this.wall = wall;
    }

    @Override
    public void write(List<IwfEffect.Stored> changes, long updateId, MonoTime now) throws StorageException {
        file.transaction(connection -> {
            for (var change : changes) {
                switch (change) {
                    case IwfEffect.Save(long _, var mapping) -> save(connection, mapping, now);
                    case IwfEffect.Erase(long _, var key) -> erase(connection, key);
                }
            }
            count(connection, updateId);
            return null;
        });
    }

    private static void count(Connection connection, long updateId) throws SQLException {
        try (var row = connection.prepareStatement(COUNT)) {
            row.setLong(1, updateId);
            row.executeUpdate();
        }
    }

    private void save(Connection connection, PortMapping mapping, MonoTime now) throws SQLException {
        try (var row = connection.prepareStatement(SAVE)) {
            setKey(row, mapping.key());
            row.setInt(4, mapping.internalPort());
            row.setString(5, mapping.internalClient().toString());
            row.setString(6, mapping.description());
            row.setLong(7, mapping.lease() instanceof Lease.Timed(var asked, var _) ? asked.toSeconds() : 0);
            row.setLong(
                    8,
                    mapping.lease() instanceof Lease.Timed(var _, var end)
                            ? wall.millis() + now.until(end).toMillis()
                            : 0);
            row.setInt(9, mapping.natPort().orElse(0));
            row.setBoolean(10, mapping.choice() == PortChoice.ANY);
            row.executeUpdate();
        }
    }

    private static void erase(Connection connection, PortMappingKey key) throws SQLException {
        try (var row = connection.prepareStatement(ERASE)) {
            setKey(row, key);
            row.executeUpdate();
        }
    }

    private static void setKey(PreparedStatement row, PortMappingKey key) throws SQLException {
        row.setString(1, key.remoteHost().map(PcpAddress::toString).orElse(""));
        row.setInt(2, key.externalPort());
        row.setInt(3, key.protocol().number());
    }

    @Override
    public StoredTable load(MonoTime now) throws StorageException {
        try {
            return file.transaction(connection -> new StoredTable(mappings(connection, now), updateId(connection)));
        } catch (IllegalArgumentException e) {
            throw new StorageException(
                    path + ": is damaged (" + e.getMessage() + "); move it away to start without its entries", e);
        }
    }

    private List<PortMapping> mappings(Connection connection, MonoTime now) throws SQLException {
        var mappings = new ArrayList<PortMapping>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM port_mapping ORDER BY number")) {
            while (rows.next()) {
                mappings.add(mapping(rows, now));
            }
        }
        return mappings;
    }

    private static long updateId(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT number FROM update_id")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private PortMapping mapping(ResultSet row, MonoTime now) throws SQLException {
        var remoteHost = Optional.of(row.getString("remote_host"))
                .filter(text -> !text.isEmpty())
                .map(PcpAddress::parse);
        return new PortMapping(
                new PortMappingKey(remoteHost, row.getInt("external_port"), new IpProtocol(row.getInt("protocol"))),
                row.getInt("internal_port"),
                PcpAddress.parse(row.getString("internal_client")),
                row.getString("description"),
                lease(row, now),
                natPort(row),
                row.getBoolean("any_port") ? PortChoice.ANY : PortChoice.EXACTLY);
    }

    private static OptionalInt natPort(ResultSet row) throws SQLException {
        int port = row.getInt("nat_port");
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private Lease lease(ResultSet row, MonoTime now) throws SQLException {
        var asked = Duration.ofSeconds(row.getLong("lease_seconds"));
        if (asked.isZero()) {
            return new Lease.Infinite();
        }
        var left = Duration.ofMillis(Math.clamp(row.getLong("lease_end") - wall.millis(), 0, asked.toMillis()));
        return new Lease.Timed(asked, now.plus(left));
    }

    @Override
    public void close() {
        file.close();
    }
}
