package io.portreeve.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SQLite file with one writer: WAL, one fsync for each commit, a schema version, and a lock against a second program.
 *
 * <p>After any failure the connection is closed and opened again before the next use: after a full disk or a failed fsync
 * SQLite has rolled back already, and JDBC's own idea of the transaction is wrong from then on.
 */
public final class SqliteFile implements AutoCloseable {

    /** Work on the open file, inside a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);

    private final Path file;
    private final List<String> migrations;
    private final FileChannel lock;
    private Connection connection;

    private SqliteFile(Path file, List<String> migrations, FileChannel lock) {
        this.file = file;
        this.migrations = migrations;
        this.lock = lock;
    }

    /**
     * Opens or makes {@code file} and brings its schema up to date.
     *
     * @param migrations one SQL statement for each schema version, in order; never change one that was released
     * @throws StorageException if another program has it open, it cannot be written, or a newer release made it
     */
    public static SqliteFile open(Path file, List<String> migrations) throws StorageException {
        var opened = new SqliteFile(file, List.copyOf(migrations), lock(file));
        try {
            opened.connection = opened.connect();
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw new StorageException(file + ": " + e.getMessage(), e);
        } catch (StorageException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Removes {@code file}, and what belongs to it, if it is there.
     *
     * @throws StorageException if another program has it open, or it cannot be removed
     */
    public static void delete(Path file) throws StorageException {
        try (var _ = lock(file)) {
            for (var suffix : List.of("-wal", "-shm", "")) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            }
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be removed: " + FileTrouble.of(e) + "; remove it", e);
        }
    }

    private static FileChannel lock(Path file) throws StorageException {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            makePrivate(file);
            var channel = FileChannel.open(
                    file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new StorageException(file + ": another program has it open; stop that one first", null);
            }
            return channel;
        } catch (IOException e) {
            throw new StorageException(
                    file + ": cannot be opened for writing: " + FileTrouble.of(e)
                            + "; give this program the right to write there, or choose another folder",
                    e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this program itself has it open
        }
    }

    /** The file holds nonces, which are secrets: only its owner may read it. */
    private static void makePrivate(Path file) throws IOException {
        if (Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private Connection connect() throws SQLException, StorageException {
        var properties = new Properties();
        properties.setProperty("jdbc.get_generated_keys", "false"); // else each INSERT is followed by a SELECT
        var opened = DriverManager.getConnection("jdbc:sqlite:" + file, properties);
        try {
            prepare(opened);
            return opened;
        } catch (SQLException | StorageException e) {
            opened.close();
            throw e;
        }
    }

    private void prepare(Connection opened) throws SQLException, StorageException {
        try (var statement = opened.createStatement()) {
            int version = version(statement); // before the pragmas: some of them write to the file
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA foreign_keys = ON");
            opened.setAutoCommit(false);
            for (int next = version; next < migrations.size(); next++) {
                statement.execute(migrations.get(next));
            }
            statement.execute("PRAGMA user_version = " + migrations.size());
            opened.commit();
        }
    }

    private int version(Statement statement) throws SQLException, StorageException {
        try (var row = statement.executeQuery("PRAGMA user_version")) {
            int version = row.getInt(1);
            if (version > migrations.size()) {
                throw new StorageException(
                        file + ": was written by a newer release (schema " + version + ", this one knows "
                                + migrations.size() + "); it stays as it is",
                        null);
            }
            return version;
        }
    }

    /**
     * Does {@code work} in one transaction and commits it.
     *
     * @throws StorageException if nothing was stored; the next call starts with a fresh connection
     */
    public <T> T transaction(Work<T> work) throws StorageException {
        try {
            if (connection == null) {
                connection = connect();
            }
            var result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            disconnect();
            throw new StorageException(file + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            disconnect(); // or the next commit would store half of this work
            throw e;
        }
    }

    private void disconnect() {
        var closing = connection;
        connection = null;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (SQLException e) {
            LOG.debug("{} did not close cleanly: {}", file, e.getMessage());
        }
    }

    @Override
    public void close() {
        disconnect();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
