package io.portreeve.server.store;

import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEffect.Erase;
import io.portreeve.server.engine.ServerEffect.ErasePeer;
import io.portreeve.server.engine.ServerEffect.Forget;
import io.portreeve.server.engine.ServerEffect.Hold;
import io.portreeve.server.engine.ServerEffect.Release;
import io.portreeve.server.engine.ServerEffect.Save;
import io.portreeve.server.engine.ServerEffect.SaveEpoch;
import io.portreeve.server.engine.ServerEffect.SaveOwnEpoch;
import io.portreeve.server.engine.ServerEffect.SavePeer;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.storage.DamagedFile;
import io.portreeve.storage.SqliteFile;
import io.portreeve.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's state in one SQLite file. */
public final class SqliteServerStore implements ServerStore {

    private static final List<String> MIGRATIONS =
            List.of("""
            CREATE TABLE epoch (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                boot_id TEXT NOT NULL,
                zero_boottime_ns INTEGER NOT NULL
            ) STRICT
            """, """
            CREATE TABLE subscriber (
                id TEXT PRIMARY KEY,
                external_address TEXT NOT NULL
            ) STRICT
            """, """
            CREATE TABLE mapping (
                subscriber TEXT NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
                protocol INTEGER NOT NULL,
                internal_address TEXT NOT NULL,
                internal_port INTEGER NOT NULL,
                external_family TEXT NOT NULL,
                external_address TEXT NOT NULL,
                external_port INTEGER NOT NULL,
                nonce TEXT NOT NULL,
                client_port INTEGER NOT NULL,
                lifetime_s INTEGER NOT NULL,
                expires_boottime_ns INTEGER NOT NULL,
                expires_wall_ms INTEGER NOT NULL,
                PRIMARY KEY (subscriber, protocol, internal_address, internal_port, external_family),
                UNIQUE (protocol, external_address, external_port)
            ) STRICT
            """, """
            ALTER TABLE mapping ADD COLUMN ports INTEGER NOT NULL DEFAULT 1
            """, """
            ALTER TABLE mapping ADD COLUMN exact INTEGER NOT NULL DEFAULT 0
            """, """
            ALTER TABLE mapping ADD COLUMN filter_prefix INTEGER NOT NULL DEFAULT 0
            """, """
            ALTER TABLE mapping ADD COLUMN filter_port INTEGER NOT NULL DEFAULT 0
            """, """
            ALTER TABLE mapping ADD COLUMN filter_address TEXT NOT NULL DEFAULT ''
            """, """
            ALTER TABLE mapping ADD COLUMN description TEXT NOT NULL DEFAULT ''
            """, """
            ALTER TABLE mapping ADD COLUMN origin TEXT NOT NULL DEFAULT 'PCP'
            """, """
            CREATE TABLE held (
                protocol INTEGER NOT NULL,
                external_address TEXT NOT NULL,
                external_port INTEGER NOT NULL,
                subscriber TEXT NOT NULL,
                internal_address TEXT NOT NULL,
                internal_port INTEGER NOT NULL,
                until_boottime_ns INTEGER NOT NULL,
                until_wall_ms INTEGER NOT NULL,
                PRIMARY KEY (protocol, external_address, external_port)
            ) STRICT
            """, """
            CREATE TABLE own_epoch (
                subscriber TEXT PRIMARY KEY,
                zero_boottime_ns INTEGER NOT NULL
            ) STRICT
            """, """
            CREATE TABLE peer (
                subscriber TEXT NOT NULL,
                protocol INTEGER NOT NULL,
                internal_address TEXT NOT NULL,
                internal_port INTEGER NOT NULL,
                remote_address TEXT NOT NULL,
                remote_port INTEGER NOT NULL,
                expires_boottime_ns INTEGER NOT NULL,
                expires_wall_ms INTEGER NOT NULL,
                PRIMARY KEY (subscriber, protocol, internal_address, internal_port, remote_address, remote_port)
            ) STRICT
            """);

    private static final Logger LOG = LoggerFactory.getLogger(SqliteServerStore.class);
    private static final int SQLITE_CORRUPT = 11;

    private final Path path;
    private final SqliteFile file;
    private final Machine machine;

    private SqliteServerStore(Path path, SqliteFile file, Machine machine) {
        this.path = path;
        this.file = file;
        this.machine = machine;
    }

    /**
     * Opens {@code file}. One that is damaged is put aside, and the server begins with nothing.
     *
     * @throws StorageException if {@code file} cannot be written, or another server has it open
     */
    public static SqliteServerStore open(Path file, Machine machine) throws StorageException {
        try {
            return checked(file, machine);
        } catch (StorageException e) {
            if (!DamagedFile.isCauseOf(e) && !(e.getCause() instanceof IllegalArgumentException)) {
                throw e;
            }
            var aside = DamagedFile.setAside(file, machine.wall().instant());
            LOG.error(
                    "{}; all mappings are lost, their clients are told; the file is kept as {}", e.getMessage(), aside);
            return checked(file, machine);
        }
    }

    /** A page that nobody has read yet may be bad too, so all are looked at. */
    private static SqliteServerStore checked(Path file, Machine machine) throws StorageException {
        var store = new SqliteServerStore(file, SqliteFile.open(file, MIGRATIONS), machine);
        try {
            store.file.transaction(SqliteServerStore::check);
            store.load();
            return store;
        } catch (StorageException e) {
            store.close();
            throw e;
        }
    }

    private static Void check(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            var found = rows.getString(1);
            if (!found.equals("ok")) {
                throw new SQLException(found, null, SQLITE_CORRUPT);
            }
            return null;
        }
    }

    @Override
    public StoredState load() throws StorageException {
        try {
            return file.transaction(connection -> new StateReader(connection, machine).read());
        } catch (IllegalArgumentException e) {
            throw new StorageException(path + ": holds what no server wrote: " + e.getMessage(), e);
        }
    }

    @Override
    public void replaceAll(ServerEpoch epoch, RestoredState state) throws StorageException {
        file.transaction(connection -> {
            try (var rows = new RowWriter(connection, machine)) {
                clear(connection);
                rows.writeEpoch(epoch);
                for (var subscriber : state.subscribers()) {
                    rows.writeSubscriber(subscriber.id(), subscriber.external());
                }
                for (var mapping : state.mappings()) {
                    rows.writeMapping(mapping.row());
                }
                for (var held : state.held()) {
                    rows.writeHeld(held);
                }
                for (var own : state.epochs().entrySet()) {
                    rows.writeOwnEpoch(own.getKey(), own.getValue());
                }
            }
            return null;
        });
    }

    private static void clear(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var table : List.of("epoch", "own_epoch", "mapping", "subscriber", "held", "peer")) {
                statement.executeUpdate("DELETE FROM " + table);
            }
        }
    }

    @Override
    public void commit(List<Change> changes) throws StorageException {
        file.transaction(connection -> {
            try (var rows = new RowWriter(connection, machine)) {
                for (var change : changes) {
                    switch (change) {
                        case Save(var row) -> rows.writeMapping(row);
                        case Erase(var key) -> rows.erase(key);
                        case Forget(var subscriber) -> rows.forget(subscriber);
                        case Hold(var held) -> rows.writeHeld(held);
                        case Release(var held) -> rows.release(held);
                        case SaveEpoch(var epoch) -> rows.replaceEpoch(epoch);
                        case SaveOwnEpoch(var subscriber, var epoch) -> rows.writeOwnEpoch(subscriber, epoch);
                        case SavePeer(var row) -> rows.writePeer(row);
                        case ErasePeer(var key) -> rows.erase(key);
                    }
                }
            }
            return null;
        });
    }

    @Override
    public void close() {
        file.close();
    }
}
