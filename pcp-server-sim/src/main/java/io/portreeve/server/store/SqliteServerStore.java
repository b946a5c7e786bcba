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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's state in one SQLite file.
 *
 * <p>Mappings and held ports have no index but the order in which they were made, and {@link Rows} knows which is where: what is
 * made or renewed together is written to the same few pages, and a commit costs what it says and no more.
 */
public final class SqliteServerStore implements ServerStore {

    private static final List<String> MIGRATIONS = List.of(
            """
            CREATE TABLE epoch (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                boot_id TEXT NOT NULL,
                zero_boottime_ns INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE subscriber (
                id TEXT NOT NULL,
                external_family TEXT NOT NULL,
                external_address TEXT NOT NULL,
                PRIMARY KEY (id, external_family)
            ) STRICT
            """,
            """
            CREATE TABLE mapping (
                id INTEGER PRIMARY KEY,
                subscriber TEXT NOT NULL,
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
                ports INTEGER NOT NULL DEFAULT 1,
                exact INTEGER NOT NULL DEFAULT 0,
                filter_prefix INTEGER NOT NULL DEFAULT 0,
                filter_port INTEGER NOT NULL DEFAULT 0,
                filter_address TEXT NOT NULL DEFAULT '',
                description TEXT NOT NULL DEFAULT '',
                origin TEXT NOT NULL DEFAULT 'PCP'
            ) STRICT
            """,
            """
            CREATE TABLE held (
                id INTEGER PRIMARY KEY,
                protocol INTEGER NOT NULL,
                external_address TEXT NOT NULL,
                external_port INTEGER NOT NULL,
                subscriber TEXT NOT NULL,
                internal_address TEXT NOT NULL,
                internal_port INTEGER NOT NULL,
                until_boottime_ns INTEGER NOT NULL,
                until_wall_ms INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE own_epoch (
                subscriber TEXT PRIMARY KEY,
                zero_boottime_ns INTEGER NOT NULL
            ) STRICT
            """,
            """
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
            """,
            "ALTER TABLE mapping ADD COLUMN client_address TEXT NOT NULL DEFAULT ''",
            "UPDATE mapping SET client_address = subscriber");

    private static final Logger LOG = LoggerFactory.getLogger(SqliteServerStore.class);
    private static final int SQLITE_CORRUPT = 11;

    private final Path path;
    private final SqliteFile file;
    private final Machine machine;
    private Rows rows = new Rows();
    private RowWriter writer;

    /** What was read when the file was opened; a million mappings are not read twice. */
    private Optional<StoredState> opened = Optional.empty();

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
            store.opened = Optional.of(store.read());
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
        var read = opened;
        opened = Optional.empty();
        return read.isPresent() ? read.get() : read();
    }

    private StoredState read() throws StorageException {
        try {
            var found = new Rows();
            var state = file.transaction(connection -> new StateReader(connection, machine, found).read());
            know(found);
            return state;
        } catch (IllegalArgumentException e) {
            throw new StorageException(path + ": holds what no server wrote: " + e.getMessage(), e);
        }
    }

    @Override
    public void replaceAll(ServerEpoch epoch, RestoredState state) throws StorageException {
        var before = rows;
        know(new Rows());
        try {
            write(to -> writeAll(epoch, state, to));
        } catch (StorageException e) {
            know(before);
            throw e;
        }
    }

    private void know(Rows known) {
        rows = known;
        writer = null;
    }

    private static void writeAll(ServerEpoch epoch, RestoredState state, RowWriter to) throws SQLException {
        to.clear();
        to.writeEpoch(epoch);
        for (var subscriber : state.subscribers()) {
            to.writeSubscriber(subscriber.id(), subscriber.external());
        }
        for (var mapping : state.mappings()) {
            to.writeMapping(mapping.row());
        }
        for (var held : state.held()) {
            to.writeHeld(held);
        }
        for (var own : state.epochs().entrySet()) {
            to.writeOwnEpoch(own.getKey(), own.getValue());
        }
    }

    @Override
    public void commit(List<Change> changes) throws StorageException {
        write(to -> {
            for (var change : changes) {
                write(change, to);
            }
        });
    }

    private static void write(Change change, RowWriter to) throws SQLException {
        switch (change) {
            case Save(var row) -> to.writeMapping(row);
            case Erase(var key) -> to.erase(key);
            case Forget(var subscriber) -> to.forget(subscriber);
            case Hold(var held) -> to.writeHeld(held);
            case Release(var held) -> to.release(held);
            case SaveEpoch(var epoch) -> to.replaceEpoch(epoch);
            case SaveOwnEpoch(var subscriber, var epoch) -> to.writeOwnEpoch(subscriber, epoch);
            case SavePeer(var row) -> to.writePeer(row);
            case ErasePeer(var key) -> to.erase(key);
        }
    }

    /** What is written together. */
    private interface Writing {
        void to(RowWriter writer) throws SQLException;
    }

    /** All of it or nothing, in the file and in what is known of it. */
    private void write(Writing writing) throws StorageException {
        opened = Optional.empty();
        boolean done = false;
        try {
            file.transaction(connection -> {
                var to = writerTo(connection);
                writing.to(to);
                to.flush();
                return null;
            });
            done = true;
        } finally {
            if (done) {
                rows.commit();
            } else {
                rows.rollback();
            }
        }
    }

    /** After a failure there is another connection. */
    private RowWriter writerTo(Connection connection) {
        if (writer == null || !writer.writesTo(connection)) {
            writer = new RowWriter(connection, machine, rows);
        }
        writer.begin();
        return writer;
    }

    @Override
    public void close() {
        file.close();
    }
}
