package io.portreeve.server.store;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
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
                "INSERT OR REPLACE INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                row.expiry().nanos() / 1_000_000 + wallMinusBootMillis);
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
