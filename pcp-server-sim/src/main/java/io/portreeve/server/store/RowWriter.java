package io.portreeve.server.store;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Family;
import io.portreeve.server.engine.HeldPort;
import io.portreeve.server.engine.MappingKey;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.PeerKey;
import io.portreeve.server.engine.PeerRow;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.server.engine.SubscriberKey;
import io.portreeve.server.engine.Terms;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes rows through one connection, which each statement is prepared for once; the connection takes them with it. */
final class RowWriter {
    /** A statement that writes so many mappings takes half the time of as many statements. */
    private static final int TOGETHER = 8;

    private static final String ROW = "(" + "?, ".repeat(13) + "?)";
    private static final String INSERT = """
            INSERT INTO mapping (id, subscriber, protocol, internal_address, internal_port,
                external_family, external_address, external_port, nonce, client_address, client_port,
                lifetime_s, expires_boottime_ns, expires_wall_ms)
            VALUES\s""" + ROW;
    private static final String INSERT_TOGETHER = INSERT + (", " + ROW).repeat(TOGETHER - 1);

    private final Connection connection;
    private final Machine machine;
    private final Rows rows;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final List<Object[]> inserts = new ArrayList<>();
    private long wallMinusBootMillis;

    /** @param rows is told what is where */
    RowWriter(Connection connection, Machine machine, Rows rows) {
        this.connection = connection;
        this.machine = machine;
        this.rows = rows;
    }

    boolean writesTo(Connection other) {
        return connection == other;
    }

    /** Looks at the clocks: the wall clock may have been set since the last transaction. */
    void begin() {
        wallMinusBootMillis = machine.wall().millis() - machine.clock().now().nanos() / 1_000_000;
    }

    /** What this writer knows of must be nothing. */
    void clear() throws SQLException {
        for (var table : List.of("epoch", "own_epoch", "mapping", "subscriber", "held", "peer")) {
            run("DELETE FROM " + table);
        }
    }

    void writeEpoch(ServerEpoch epoch) throws SQLException {
        run("INSERT INTO epoch VALUES (1, ?, ?)", machine.bootId(), epoch.zero().nanos());
    }

    void writeSubscriber(SubscriberId id, PcpAddress external) throws SQLException {
        if (rows.learn(id, external)) {
            run(
                    "INSERT OR REPLACE INTO subscriber VALUES (?, ?, ?)",
                    id.toString(),
                    Family.of(external).name(),
                    external.toString());
        }
    }

    /** A subscriber is remembered from its first mapping on, so that its external address stays. */
    void writeMapping(MappingRow row) throws SQLException {
        var key = row.key();
        writeSubscriber(key.subscriber(), row.external().address());
        for (int i = 0; i < row.terms().ports(); i++) {
            release(
                    key.protocol(),
                    new Endpoint(row.external().address(), row.external().port() + i));
        }
        erase(key);
        long id = rows.place(key);
        insert(
                id,
                key.subscriber().toString(),
                key.protocol().number(),
                key.internal().address().toString(),
                key.internal().port(),
                key.external().name(),
                row.external().address().toString(),
                row.external().port(),
                row.nonce().toString(),
                row.client().address().toString(),
                row.client().port(),
                row.lifetime().seconds(),
                row.expiry().nanos(),
                wall(row.expiry()));
        if (!row.terms().equals(Terms.PLAIN)) {
            flush();
            writeTerms(id, row.terms());
        }
    }

    private void insert(Object... mapping) throws SQLException {
        inserts.add(mapping);
        if (inserts.size() == TOGETHER) {
            run(INSERT_TOGETHER, inserts.stream().flatMap(Arrays::stream).toArray());
            inserts.clear();
        }
    }

    /** Writes what waits for more to be written with it. */
    void flush() throws SQLException {
        for (var mapping : inserts) {
            run(INSERT, mapping);
        }
        inserts.clear();
    }

    /** Few have any but those that the table itself gives them. */
    private void writeTerms(long id, Terms terms) throws SQLException {
        run(
                """
                UPDATE mapping SET ports = ?, exact = ?, filter_prefix = ?, filter_port = ?, filter_address = ?,
                    description = ?, origin = ?
                WHERE id = ?
                """,
                terms.ports(),
                terms.exact() ? 1 : 0,
                terms.filter().map(Filter::prefixLength).orElse(0),
                terms.filter().map(Filter::remotePort).orElse(0),
                terms.filter().map(filter -> filter.remote().toString()).orElse(""),
                terms.description(),
                terms.origin().name(),
                id);
    }

    private long wall(MonoTime time) {
        return time.nanos() / 1_000_000 + wallMinusBootMillis;
    }

    void writeHeld(HeldPort held) throws SQLException {
        release(held);
        run(
                "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows.place(held.protocol(), held.external()),
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
        release(held.protocol(), held.external());
    }

    private void release(IpProtocol protocol, Endpoint external) throws SQLException {
        var id = rows.leave(protocol, external);
        if (id.isPresent()) {
            run("DELETE FROM held WHERE id = ?", id.getAsLong());
        }
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
        var id = rows.leave(key);
        if (id.isPresent()) {
            if (!inserts.isEmpty() && id.getAsLong() >= (long) inserts.getFirst()[0]) {
                flush();
            }
            run("DELETE FROM mapping WHERE id = ?", id.getAsLong());
        }
    }

    void forget(SubscriberKey subscriber) throws SQLException {
        flush();
        rows.forget(subscriber);
        for (var table : List.of("subscriber WHERE id", "mapping WHERE subscriber")) {
            run(
                    "DELETE FROM " + table + " = ? AND external_family = ?",
                    subscriber.subscriber().toString(),
                    subscriber.external().name());
        }
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
}
