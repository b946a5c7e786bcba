package io.portreeve.server.store;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.PeerKey;
import io.portreeve.server.engine.PeerRow;
import io.portreeve.server.engine.ServerEpoch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Writes rows within one transaction; each statement is prepared once. */
final class RowWriter implements AutoCloseable {
    private final Connection connection;
    private final Machine machine;
    private final long wallMinusBootMillis;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    RowWriter(Connection connection, Machine machine) {
        this.connection = connection;
        this.machine = machine;
        wallMinusBootMillis = machine.wall().millis() - machine.clock().now().nanos() / 1_000_000;
    }

    void writeEpoch(ServerEpoch epoch) throws SQLException {
        run("INSERT INTO epoch VALUES (1, ?, ?)", machine.bootId(), epoch.zero().nanos());
    }

    void writeSubscriber(SubscriberId id, PcpAddress external) throws SQLException {
        run("""
                INSERT INTO subscriber VALUES (?, ?)
                ON CONFLICT (id) DO UPDATE SET external_address = excluded.external_address
                """, id.toString(), external.toString());
    }

    /** A subscriber is remembered from its first mapping on, so that its external address stays. */
    void writeMapping(MappingRow row) throws SQLException {
        var key = row.key();
        writeSubscriber(key.subscriber(), row.external().address());
        run(
                "DELETE FROM held WHERE protocol = ? AND external_address = ? AND external_port BETWEEN ? AND ?",
                key.protocol().number(),
                row.external().address().toString(),
                row.external().port(),
                row.external().port() + row.terms().ports() - 1);
        run(
                "INSERT OR REPLACE INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key.subscriber().toString(),
                key.protocol().number(),
                key.internal().address().toString(),
                key.internal().port(),
                key.external().name(),
                row.external().address().toString(),
                row.external().port(),
                row.nonce().toString(),
                row.clientPort(),
                row.lifetime().seconds(),
                row.expiry().nanos(),
                wall(row.expiry()),
                row.terms().ports(),
                row.terms().exact() ? 1 : 0,
                row.terms().filter().map(Filter::prefixLength).orElse(0),
                row.terms().filter().map(Filter::remotePort).orElse(0),
                row.terms().filter().map(filter -> filter.remote().toString()).orElse(""),
                row.terms().description(),
                row.terms().origin().name());
    }

    private long wall(MonoTime time) {
        return time.nanos() / 1_000_000 + wallMinusBootMillis;
    }

    void writeHeld(HeldPort held) throws SQLException {
        run(
                "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                held.protocol().number(),
                held.external().address().toString(),
                held.external().port(),
                held.subscriber().toString(),
                held.key().internal().address().toString(),
                held.key().internal().port(),
                held.until().nanos(),
                wall(held.until()));
    }

    void release(HeldPort held) throws SQLException {
        run(
                "DELETE FROM held WHERE protocol = ? AND external_address = ? AND external_port = ?",
                held.protocol().number(),
                held.external().address().toString(),
                held.external().port());
    }

    void writeOwnEpoch(SubscriberId subscriber, ServerEpoch epoch) throws SQLException {
        run(
                "INSERT OR REPLACE INTO own_epoch VALUES (?, ?)",
                subscriber.toString(),
                epoch.zero().nanos());
    }

    void replaceEpoch(ServerEpoch epoch) throws SQLException {
        run("DELETE FROM own_epoch");
        run("UPDATE epoch SET zero_boottime_ns = ?", epoch.zero().nanos());
    }

    void writePeer(PeerRow row) throws SQLException {
        run(
                "INSERT OR REPLACE INTO peer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row.key().subscriber().toString(),
                row.key().protocol().number(),
                row.key().internal().address().toString(),
                row.key().internal().port(),
                row.key().remote().address().toString(),
                row.key().remote().port(),
                row.expiry().nanos(),
                wall(row.expiry()));
    }

    void erase(PeerKey key) throws SQLException {
        run(
                """
                DELETE FROM peer WHERE subscriber = ? AND protocol = ?
                AND internal_address = ? AND internal_port = ? AND remote_address = ? AND remote_port = ?
                """,
                key.subscriber().toString(),
                key.protocol().number(),
                key.internal().address().toString(),
                key.internal().port(),
                key.remote().address().toString(),
                key.remote().port());
    }

    void erase(MappingKey key) throws SQLException {
        run(
                """
                DELETE FROM mapping WHERE subscriber = ? AND protocol = ?
                AND internal_address = ? AND internal_port = ? AND external_family = ?
                """,
                key.subscriber().toString(),
                key.protocol().number(),
                key.internal().address().toString(),
                key.internal().port(),
                key.external().name());
    }

    void forget(SubscriberId subscriber) throws SQLException {
        run("DELETE FROM subscriber WHERE id = ?", subscriber.toString());
        run("DELETE FROM peer WHERE subscriber = ?", subscriber.toString());
    }

    private void run(String sql, Object... values) throws SQLException {
        var statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        for (var statement : prepared.values()) {
            statement.close();
        }
    }
}
