package io.portreeve.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFileTest {
    private static final String FIRST = "CREATE TABLE row (name TEXT PRIMARY KEY) STRICT";
    private static final String SECOND = "ALTER TABLE row ADD COLUMN age INTEGER";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("state").resolve("test.db");
    }

    @Test
    void whatWasStoredIsThereAfterItIsOpenedAgain() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            insert(db, "a");
        }
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            assertThat(names(db)).containsExactly("a");
        }
    }

    @Test
    void laterReleasesAddTheirSchemaAndKeepTheRows() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            insert(db, "a");
        }
        try (var db = SqliteFile.open(file, List.of(FIRST, SECOND))) {
            assertThat(names(db)).containsExactly("a");
            db.transaction(connection -> execute(connection, "INSERT INTO row (name, age) VALUES ('b', 1)"));
        }
    }

    @Test
    void aFailedMigrationLeavesTheOldSchema() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            insert(db, "a");
        }
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> SqliteFile.open(file, List.of(FIRST, SECOND, "no SQL")));
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            assertThat(names(db)).containsExactly("a");
        }
    }

    @Test
    void onlyItsOwnerMayReadIt() throws Exception {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            insert(db, "a");
            for (var name : List.of("test.db", "test.db-wal", "test.db-shm")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void survivesPowerCutsAsFarAsSqliteCan() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            assertThat(db.<String>transaction(connection -> query(connection, "PRAGMA journal_mode")))
                    .isEqualTo("wal");
            assertThat(db.<String>transaction(connection -> query(connection, "PRAGMA synchronous")))
                    .as("FULL")
                    .isEqualTo("2");
        }
    }

    @Test
    void aSecondOpenerOfTheSameProgramIsRefused() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            assertRefusedAsOpen();
            insert(db, "a");
            assertThat(names(db)).containsExactly("a");
        }
        SqliteFile.open(file, List.of(FIRST)).close();
    }

    @Test
    void aSecondProgramIsRefused() throws Exception {
        var holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "--enable-native-access=ALL-UNNAMED",
                        SqliteFileHolder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = holder.inputReader()) {
            assertThat(out.readLine()).isEqualTo("open");
            assertRefusedAsOpen();
        } finally {
            holder.getOutputStream().close();
            holder.waitFor();
        }
        SqliteFile.open(file, List.of(FIRST)).close();
    }

    private void assertRefusedAsOpen() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> SqliteFile.open(file, List.of(FIRST)))
                .withMessage(file + ": another program has it open; stop that one first");
    }

    @Test
    void aNewerSchemaIsRefusedAndLeftUntouched() throws Exception {
        try (var db = SqliteFile.open(file, List.of(FIRST, SECOND))) {
            insert(db, "a");
            db.transaction(connection -> execute(connection, "INSERT INTO row (name, age) VALUES ('b', 1)"));
        }
        var before = Files.readAllBytes(file);
        assertNewerIsRefused();
        assertThat(file).hasBinaryContent(before);
        assertThat(folder.resolve("state")).isDirectoryNotContaining("glob:**-wal");
        try (var db = SqliteFile.open(file, List.of(FIRST, SECOND))) {
            assertThat(names(db)).containsExactly("a", "b");
        }
    }

    /** A later release may journal in another way. */
    @Test
    void aNewerSchemaKeepsItsJournalMode() throws Exception {
        try (var db = SqliteFile.open(file, List.of(FIRST, SECOND))) {
            insert(db, "a");
        }
        try (var plain = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = plain.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
        }
        var before = Files.readAllBytes(file);
        assertNewerIsRefused();
        assertThat(file).hasBinaryContent(before);
    }

    private void assertNewerIsRefused() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> SqliteFile.open(file, List.of(FIRST)))
                .withMessage(file + ": was written by a newer release (schema 2, this one knows 1); it stays as it is");
    }

    @Test
    void whatIsNoDatabaseIsRefusedInOneLine() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "this is no database, and it is long enough to be sure ".repeat(20));
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> SqliteFile.open(file, List.of(FIRST)))
                .withMessageStartingWith(file + ": ")
                .withMessageNotContaining("\n");
    }

    @Test
    void aFailingTransactionStoresNothingAndTheNextOneWorks() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            insert(db, "a");
            assertThatExceptionOfType(StorageException.class)
                    .isThrownBy(() -> db.transaction(connection -> {
                        execute(connection, "INSERT INTO row (name) VALUES ('b')");
                        return execute(connection, "INSERT INTO row (name) VALUES ('a')");
                    }))
                    .withMessageStartingWith(file + ": ")
                    .withMessageNotContaining("\n");
            insert(db, "c");
            assertThat(names(db)).containsExactly("a", "c");
        }
    }

    @Test
    void workThatThrowsSomethingElseStoresNothingEither() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> db.transaction(connection -> {
                        execute(connection, "INSERT INTO row (name) VALUES ('half')");
                        throw new IllegalStateException("a bug in the work");
                    }));
            insert(db, "whole");
            assertThat(names(db)).containsExactly("whole");
        }
    }

    @Test
    void whatIsDeletedIsGone() throws StorageException {
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            insert(db, "a");
            assertThatExceptionOfType(StorageException.class)
                    .isThrownBy(() -> SqliteFile.delete(file))
                    .withMessageContaining("another program has it open");
            assertThat(names(db)).containsExactly("a");
        }
        SqliteFile.delete(file);
        assertThat(file).doesNotExist();
        SqliteFile.delete(file);
        try (var db = SqliteFile.open(file, List.of(FIRST))) {
            assertThat(names(db)).isEmpty();
        }
    }

    private static void insert(SqliteFile db, String name) throws StorageException {
        db.transaction(connection -> execute(connection, "INSERT INTO row (name) VALUES ('" + name + "')"));
    }

    private static List<String> names(SqliteFile db) throws StorageException {
        return db.transaction(connection -> {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT name FROM row ORDER BY name")) {
                var names = new ArrayList<String>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        });
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.getString(1);
        }
    }
}
