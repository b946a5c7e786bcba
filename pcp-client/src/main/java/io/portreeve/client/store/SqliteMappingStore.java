package io.portreeve.client.store;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
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

/**
 * Mappings in one SQLite file. Points in time are stored as wall time, because the monotonic clock does not outlive the machine;
 * what the wall clock says is believed only as far as the lifetime that was granted.
 */
public final class SqliteMappingStore implements MappingStore {
    private static final List<String> MIGRATIONS = List.of("""
            CREATE TABLE mapping (
                server           TEXT NOT NULL,    -- its name; '' if there was none yet
                third_party      TEXT NOT NULL,    -- '' for this machine itself
                protocol         INTEGER NOT NULL,
                internal_port    INTEGER NOT NULL,
                external_family  TEXT NOT NULL,
                owner            TEXT NOT NULL,
                nonce            TEXT NOT NULL,
                choice           TEXT NOT NULL,    -- any, preferred, exactly, gone
                choice_port      INTEGER NOT NULL,
                lifetime         INTEGER NOT NULL, -- seconds asked for
                external_address TEXT,             -- last granted
                external_port    INTEGER,
                granted_millis   INTEGER NOT NULL, -- length of the grant, or of the wait for a delete; 0 if there is none
                ends_at          INTEGER NOT NULL, -- wall time in milliseconds
                PRIMARY KEY (server, third_party, protocol, internal_port, external_family)
            ) WITHOUT ROWID""");

    private static final String WRITE =
            "INSERT OR REPLACE INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String ERASE = "DELETE FROM mapping"
            + " WHERE server = ? AND third_party = ? AND protocol = ? AND internal_port = ? AND external_family = ?";

    /** Names in the column {@code choice}. */
    private enum Choice {
        ANY,
        PREFERRED,
        EXACTLY,
        GONE
    }

    /** A point in time, as it is stored. */
    private record End(long millis, long at) {}

    private final Path path;
    private final SqliteFile file;
    private final InstantSource wall;

    public SqliteMappingStore(Path path, InstantSource wall) throws StorageException {
        this.path = path;
        this.file = SqliteFile.open(path, MIGRATIONS);
        this.wall = wall;
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
            row.setString(6, mapping.owner());
            row.setString(7, mapping.nonce().toString());
            setWanted(row, mapping.wanted());
            row.setString(
                    11,
                    mapping.lastExternal().map(it -> it.address().toString()).orElse(null));
            row.setObject(12, mapping.lastExternal().map(Endpoint::port).orElse(null));
            var end = end(mapping, now);
            row.setLong(13, end.millis());
            row.setLong(14, end.at());
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
    }

    private static void setWanted(PreparedStatement row, Wanted wanted) throws SQLException {
        var choice = switch (wanted) {
            case Wanted.Kept(ExternalChoice.Any(), var _) -> Choice.ANY;
            case Wanted.Kept(ExternalChoice.Preferred _, var _) -> Choice.PREFERRED;
            case Wanted.Kept(ExternalChoice.Exactly _, var _) -> Choice.EXACTLY;
            case Wanted.Gone _ -> Choice.GONE;
        };
        row.setString(8, choice.name());
        row.setInt(9, wanted instanceof Wanted.Kept(var external, var _) ? external.suggestedPort() : 0);
        row.setLong(10, wanted instanceof Wanted.Kept(var _, var lifetime) ? lifetime.seconds() : 0);
    }

    private End end(Mapping mapping, MonoTime now) {
        var left = switch (mapping.wanted()) {
            case Wanted.Gone(var until) -> now.until(until);
            case Wanted.Kept _ ->
                mapping.state()
                        .holding()
                        .map(grant -> now.until(grant.expiry()))
                        .orElse(Duration.ZERO);
        };
        long millis =
                Math.max(0, left.toMillis()); // what ended a moment ago, before anybody noticed, is stored as ended
        return new End(millis, wall.millis() + millis);
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
        var left =
                Duration.ofMillis(Math.clamp(row.getLong("ends_at") - wall.millis(), 0, row.getLong("granted_millis")));
        var wanted = wanted(row, now.plus(left));
        MappingState state = wanted instanceof Wanted.Kept && external.isPresent() && left.isPositive()
                ? new MappingState.Mapped(new Grant(external.get(), left, now, now))
                : new MappingState.NotSent();
        return new Mapping(
                row.getString("server"),
                key(row),
                row.getString("owner"),
                MappingNonce.parse(row.getString("nonce")),
                wanted,
                external,
                true,
                state);
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
        return new MappingKey(
                thirdParty,
                new IpProtocol(row.getInt("protocol")),
                row.getInt("internal_port"),
                PcpAddress.parse(row.getString("external_family")));
    }

    private static Wanted wanted(ResultSet row, MonoTime until) throws SQLException {
        int port = row.getInt("choice_port");
        var lifetime = new Lifetime(row.getLong("lifetime"));
        return switch (Choice.valueOf(row.getString("choice"))) {
            case ANY -> new Wanted.Kept(new ExternalChoice.Any(), lifetime);
            case PREFERRED -> new Wanted.Kept(new ExternalChoice.Preferred(port), lifetime);
            case EXACTLY -> new Wanted.Kept(new ExternalChoice.Exactly(port), lifetime);
            case GONE -> new Wanted.Gone(until);
        };
    }

    @Override
    public void close() {
        file.close();
    }
}
