package io.portreeve.client.store;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.Grant;
import io.portreeve.client.engine.Mapping;
import io.portreeve.client.engine.MappingId;
import io.portreeve.client.engine.MappingState;
import io.portreeve.client.engine.Wanted;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mappings in one SQLite file. Points in time are stored as wall time, because the monotonic clock does not outlive the machine;
 * what the wall clock says is believed only as far as the lifetime that was granted.
 */
public final class SqliteMappingStore implements MappingStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteMappingStore.class);

    private static final List<String> MIGRATIONS = List.of(
            """
            CREATE TABLE mapping (
                server           TEXT NOT NULL,    -- its name; '' if there was none yet
                third_party      TEXT NOT NULL,    -- '' for this machine itself
                protocol         INTEGER NOT NULL,
                internal_port    INTEGER NOT NULL,
                external_family  TEXT NOT NULL,
                remote_address   TEXT NOT NULL,    -- '' for MAP
                remote_port      INTEGER NOT NULL,
                owner            TEXT NOT NULL,
                nonce            TEXT NOT NULL,
                choice           TEXT NOT NULL,    -- any, preferred, exactly, gone
                choice_port      INTEGER NOT NULL,
                lifetime         INTEGER NOT NULL, -- seconds asked for
                external_address TEXT,             -- last granted
                external_port    INTEGER,
                granted_millis   INTEGER NOT NULL, -- what is left of the grant; 0 if there is none
                granted_until    INTEGER NOT NULL, -- wall time in milliseconds
                known_millis     INTEGER NOT NULL, -- how long a server may know it
                known_until      INTEGER NOT NULL, -- wall time in milliseconds
                source           TEXT,             -- where the request left from that was granted last
                filters          TEXT NOT NULL,
                refilters        INTEGER NOT NULL, -- 1 if the server may have others, or any of what is to be gone
                description      TEXT NOT NULL,
                ports            TEXT NOT NULL,
                PRIMARY KEY (
                    server, third_party, protocol, internal_port, external_family, remote_address, remote_port)
            ) WITHOUT ROWID""",
            """
            CREATE TABLE run (
                began_at INTEGER NOT NULL -- wall time in milliseconds; no row if the last one ended in order
            )""",
            "ALTER TABLE mapping ADD COLUMN choice_address TEXT NOT NULL DEFAULT '0.0.0.0'", // for any
            "ALTER TABLE mapping ADD COLUMN wanted_millis INTEGER", // how long it is wanted; null until it is released
            "ALTER TABLE mapping ADD COLUMN wanted_until INTEGER"); // wall time in milliseconds

    private static final String WRITE = "INSERT OR REPLACE INTO mapping VALUES"
            + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String ERASE = "DELETE FROM mapping"
            + " WHERE server = ? AND third_party = ? AND protocol = ? AND internal_port = ? AND external_family = ?"
            + " AND remote_address = ? AND remote_port = ?";

    private static final String END = "DELETE FROM run";

    /** Names in the column {@code choice}. */
    private enum Choice {
        ANY,
        PREFERRED,
        EXACTLY,
        GONE
    }

    private final Path path;
    private final SqliteFile file;
    private final InstantSource wall;

    public SqliteMappingStore(Path path, InstantSource wall) throws StorageException {
        this.path = path;
        this.file = SqliteFile.open(path, MIGRATIONS);
        this.wall = wall;
    }

    @Override
    public boolean begin(Duration lately) throws StorageException {
        return file.transaction(connection -> {
            long now = wall.millis();
            boolean crashed;
            try (var statement = connection.prepareStatement("DELETE FROM run WHERE began_at BETWEEN ? AND ?")) {
                statement.setLong(1, now - lately.toMillis());
                statement.setLong(2, now);
                crashed = statement.executeUpdate() > 0;
            }
            execute(connection, END);
            execute(connection, "INSERT INTO run VALUES (" + now + ")");
            return crashed;
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Override
    public void write(List<Effect.Stored> changes, MonoTime now) throws StorageException {
        file.transaction(connection -> {
            for (var change : changes) {
                switch (change) {
                    case Effect.Save(var mapping) -> save(connection, mapping, now);
                    case Effect.Erase(var id) -> erase(connection, id);
                }
            }
            return null;
        });
    }

    private void save(Connection connection, Mapping mapping, MonoTime now) throws SQLException {
        try (var row = connection.prepareStatement(WRITE)) {
            setId(row, mapping.id());
            row.setString(8, mapping.owner());
            row.setString(9, mapping.nonce().toString());
            setWanted(row, mapping.wanted(), now);
            row.setString(
                    13,
                    mapping.lastExternal().map(it -> it.address().toString()).orElse(null));
            row.setObject(14, mapping.lastExternal().map(Endpoint::port).orElse(null));
            setTime(row, 15, mapping.state().holding().map(Grant::expiry).orElse(now), now);
            setTime(row, 17, mapping.knownUntil(), now);
            row.setString(19, mapping.source().map(PcpAddress::toString).orElse(null));
            row.executeUpdate();
        }
    }

    private static void setId(PreparedStatement row, MappingId id) throws SQLException {
        var key = id.key();
        row.setString(1, id.server());
        row.setString(2, key.thirdParty().map(PcpAddress::toString).orElse(""));
        row.setInt(3, key.protocol().number());
        row.setInt(4, key.internalPort());
        row.setString(5, key.externalFamily().toString());
        row.setString(6, key.remotePeer().map(it -> it.address().toString()).orElse(""));
        row.setInt(7, key.remotePeer().map(Endpoint::port).orElse(0));
    }

    private void setWanted(PreparedStatement row, Wanted wanted, MonoTime now) throws SQLException {
        switch (wanted) {
            case Wanted.Kept kept -> {
                var suggested = kept.external().suggested(PcpAddress.ANY_IPV4);
                row.setString(10, choice(kept.external()).name());
                row.setInt(11, suggested.port());
                row.setString(24, suggested.address().toString());
                row.setLong(12, kept.lifetime().seconds());
                if (!kept.end().equals(MonoTime.NEVER)) {
                    setTime(row, 25, kept.end(), now);
                }
                setTerms(row, kept.terms(), kept.refilters());
            }
            case Wanted.Gone(var ports, boolean filtered) -> {
                row.setString(10, Choice.GONE.name());
                row.setInt(11, 0);
                row.setString(24, PcpAddress.ANY_IPV4.toString());
                row.setLong(12, 0);
                setTerms(row, new MappingTerms(List.of(), "", ports), filtered);
            }
        }
    }

    private static void setTerms(PreparedStatement row, MappingTerms terms, boolean refilters) throws SQLException {
        row.setString(20, StoredText.of(terms.filters()));
        row.setBoolean(21, refilters);
        row.setString(22, terms.description());
        row.setString(23, StoredText.of(terms.ports()));
    }

    private static Choice choice(ExternalChoice external) {
        return switch (external) {
            case ExternalChoice.Any() -> Choice.ANY;
            case ExternalChoice.Preferred _ -> Choice.PREFERRED;
            case ExternalChoice.Exactly _ -> Choice.EXACTLY;
        };
    }

    /** What ended a moment ago, before anybody noticed, is stored as ended. */
    private void setTime(PreparedStatement row, int column, MonoTime time, MonoTime now) throws SQLException {
        long millis = Math.max(0, now.until(time).toMillis());
        row.setLong(column, millis);
        row.setLong(column + 1, wall.millis() + millis);
    }

    private static void erase(Connection connection, MappingId id) throws SQLException {
        try (var row = connection.prepareStatement(ERASE)) {
            setId(row, id);
            row.executeUpdate();
        }
    }

    @Override
    public List<Mapping> load(MonoTime now) throws StorageException {
        try {
            return mappings(now);
        } catch (IllegalArgumentException e) {
            throw new StorageException(
                    path + ": is damaged (" + e.getMessage() + "); move it away to start without its mappings", e);
        }
    }

    private List<Mapping> mappings(MonoTime now) throws StorageException {
        return file.transaction(connection -> {
            var mappings = new ArrayList<Mapping>();
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT * FROM mapping")) {
                while (rows.next()) {
                    mappings.add(mapping(rows, now));
                }
            }
            return mappings;
        });
    }

    private Mapping mapping(ResultSet row, MonoTime now) throws SQLException {
        var external = external(row);
        var left = left(row, "granted");
        var wanted = wanted(row, now);
        MappingState state = wanted instanceof Wanted.Kept && external.isPresent() && left.isPositive()
                ? new MappingState.Mapped(new Grant(external.get(), left, now, now))
                : new MappingState.NotSent();
        var mapping = new Mapping(
                row.getString("server"),
                key(row),
                row.getString("owner"),
                MappingNonce.parse(row.getString("nonce")),
                wanted,
                external,
                now.plus(left(row, "known")),
                Optional.ofNullable(row.getString("source")).map(PcpAddress::parse),
                state);
        return mapping.asked(now); // what is sent again, unchanged, is not stored each time
    }

    private Duration left(ResultSet row, String what) throws SQLException {
        long left = row.getLong(what + "_until") - wall.millis();
        return Duration.ofMillis(Math.clamp(left, 0, row.getLong(what + "_millis")));
    }

    private static Optional<Endpoint> external(ResultSet row) throws SQLException {
        var address = row.getString("external_address");
        return address == null
                ? Optional.empty()
                : Optional.of(new Endpoint(PcpAddress.parse(address), row.getInt("external_port")));
    }

    private static MappingKey key(ResultSet row) throws SQLException {
        var thirdParty = Optional.of(row.getString("third_party"))
                .filter(text -> !text.isEmpty())
                .map(PcpAddress::parse);
        var remote = Optional.of(row.getString("remote_address"))
                .filter(text -> !text.isEmpty())
                .map(PcpAddress::parse);
        int remotePort = row.getInt("remote_port");
        return new MappingKey(
                thirdParty,
                new IpProtocol(row.getInt("protocol")),
                row.getInt("internal_port"),
                PcpAddress.parse(row.getString("external_family")),
                remote.map(address -> new Endpoint(address, remotePort)));
    }

    private Wanted wanted(ResultSet row, MonoTime now) throws SQLException {
        int port = row.getInt("choice_port");
        var address = PcpAddress.parse(row.getString("choice_address"));
        var ports = StoredText.ports(row.getString("ports"));
        return switch (Choice.valueOf(row.getString("choice"))) {
            case ANY -> kept(new ExternalChoice.Any(), row, ports, now);
            case PREFERRED -> kept(new ExternalChoice.Preferred(port, address), row, ports, now);
            case EXACTLY -> kept(new ExternalChoice.Exactly(port, address), row, ports, now);
            case GONE -> new Wanted.Gone(ports, row.getBoolean("refilters"));
        };
    }

    private Wanted kept(ExternalChoice external, ResultSet row, PortCount ports, MonoTime now) throws SQLException {
        var terms = new MappingTerms(StoredText.filters(row.getString("filters")), row.getString("description"), ports);
        boolean isTimed = row.getObject("wanted_until") != null;
        var end = isTimed ? now.plus(left(row, "wanted")) : MonoTime.NEVER;
        return new Wanted.Kept(
                external, new Lifetime(row.getLong("lifetime")), end, terms, row.getBoolean("refilters"));
    }

    @Override
    public void close() {
        try {
            file.transaction(connection -> {
                execute(connection, END);
                return null;
            });
        } catch (StorageException e) {
            LOG.debug("the end of this run could not be stored: {}", e.getMessage());
        }
        file.close();
    }
}
