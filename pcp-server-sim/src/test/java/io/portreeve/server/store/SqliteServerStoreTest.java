package io.portreeve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.MonoTime;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.RestoredState;
import io.portreeve.server.engine.ServerEffect.Change;
import io.portreeve.server.engine.ServerEffect.Erase;
import io.portreeve.server.engine.ServerEffect.Save;
import io.portreeve.server.engine.ServerEpoch;
import io.portreeve.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SqliteServerStoreTest extends ServerStoreContract {
    private final TestMachine machine = new TestMachine();

    @TempDir
    private Path directory;

    private SqliteServerStore opened;

    @Override
    ServerStore store() throws StorageException {
        opened = SqliteServerStore.open(directory.resolve("server.db"), machine.machine());
        return opened;
    }

    @AfterEach
    void close() {
        opened.close();
    }

    /** {@return the store as another process finds it after this one was killed} */
    private StoredState afterKill() throws StorageException, IOException {
        var copy = Files.createTempDirectory(directory, "killed");
        for (var file : List.of("server.db", "server.db-wal")) {
            Files.copy(directory.resolve(file), copy.resolve(file));
        }
        try (var store = SqliteServerStore.open(copy.resolve("server.db"), machine.machine())) {
            return store.load();
        }
    }

    /** {@return the names of the files put aside, without what belongs to them} */
    private List<String> putAside() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(it -> it.getFileName().toString())
                    .filter(it -> it.matches("server.db.corrupt-\\d+"))
                    .sorted()
                    .toList();
        }
    }

    /** Writes {@code octets} into the file, from {@code position} on; the server is not running. */
    private void damage(long position, byte[] octets) throws IOException {
        try (var file = FileChannel.open(directory.resolve("server.db"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(octets), position);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, the header", "100, the first page", "4096, a page of a table"})
    void aDamagedFileIsPutAside(long position, String where) throws Exception {
        saved(Duration.ofHours(1));
        opened.close();
        var octets = new byte[4000];
        new Random(1).nextBytes(octets);
        damage(position, octets);
        assertThat(store().load().mappings()).as(where).isEmpty();
        assertThat(opened.load().epoch()).as("clients must be told").isEmpty();
        assertThat(putAside()).hasSize(1);
        opened.commit(List.of(new Save(row(1, 2001))));
    }

    @Test
    void aFileThatHoldsWhatNoServerWroteIsPutAside() throws Exception {
        saved(Duration.ofHours(1));
        opened.close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("server.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE mapping SET external_address = 'nowhere'");
        }
        assertThat(store().load().mappings()).isEmpty();
        assertThat(putAside()).hasSize(1);
    }

    /** Then a client was its subscriber. */
    @Test
    void whoAskedIsFoundInAFileThatDoesNotSay() throws Exception {
        saved(Duration.ofHours(1));
        opened.close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("server.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate("ALTER TABLE mapping DROP COLUMN client_address");
            statement.executeUpdate("PRAGMA user_version = 6");
        }
        assertThat(store().load().mappings())
                .singleElement()
                .satisfies(row -> assertThat(row.client()).isEqualTo(new Endpoint(SUBSCRIBER.address(), 49152)));
    }

    @Test
    void theNewestThreeAreKept() throws Exception {
        for (int i = 0; i < 5; i++) {
            store().close();
            Files.writeString(directory.resolve("server.db"), "this is no database at all");
            machine.pass(Duration.ofSeconds(1));
        }
        store();
        assertThat(putAside()).hasSize(3);
        assertThat(Files.readString(directory.resolve(putAside().getLast()))).startsWith("this is no");
    }

    @Test
    void anEmptyFileIsANewOne() throws Exception {
        Files.createFile(directory.resolve("server.db"));
        assertThat(store().load().epoch()).isEmpty();
        assertThat(putAside()).isEmpty();
    }

    private MappingRow saved(Duration lifetimeLeft) throws StorageException {
        var store = store();
        store.replaceAll(new ServerEpoch(machine.now()), RestoredState.NOTHING);
        var row = row(1, 2001);
        var saved = new MappingRow(
                row.key(),
                row.nonce(),
                row.external(),
                row.client(),
                row.lifetime(),
                machine.now().plus(lifetimeLeft));
        store.commit(List.of(new Save(saved)));
        return saved;
    }

    @Test
    @Proves("rel:I2")
    void whatWasCommittedSurvivesAKill() throws Exception {
        var saved = saved(Duration.ofMinutes(10));
        machine.pass(Duration.ofMinutes(4));
        assertThat(afterKill().mappings()).containsExactly(saved);
    }

    @Test
    @Proves({"pcp:S-EPO-02", "rel:I9"})
    void withinOneBootTheEpochGoesOnWhateverTheWallClockSays() throws Exception {
        saved(Duration.ofMinutes(10));
        var epoch = new ServerEpoch(machine.now());
        machine.setWallClock(Instant.EPOCH);
        assertThat(afterKill().epoch()).contains(epoch);
    }

    @Test
    void anotherBootHasNoEpochAndGoesByTheWallClock() throws Exception {
        saved(Duration.ofMinutes(10));
        machine.pass(Duration.ofMinutes(4));
        machine.boot(Duration.ofSeconds(30));
        var state = afterKill();
        assertThat(state.epoch()).isEmpty();
        assertThat(left(state)).isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void whatExpiredWhileTheMachineWasOffHasNothingLeft() throws Exception {
        saved(Duration.ofMinutes(10));
        machine.pass(Duration.ofHours(4));
        machine.boot(Duration.ofSeconds(30));
        assertThat(left(afterKill())).isZero();
    }

    @Test
    void aWallClockThatWasSetBackGivesNoMoreThanWasGranted() throws Exception {
        saved(Duration.ofMinutes(10));
        machine.boot(Duration.ofSeconds(30));
        machine.setWallClock(Instant.EPOCH);
        assertThat(left(afterKill())).isEqualTo(Duration.ofHours(1));
    }

    private Duration left(StoredState state) {
        MonoTime expiry = state.mappings().getFirst().expiry();
        return machine.now().until(expiry);
    }

    @Test
    void aCommitThatFailsLeavesNothingOfItself() throws Exception {
        var saved = saved(Duration.ofMinutes(10));
        execute("""
                CREATE TRIGGER broken BEFORE INSERT ON mapping WHEN NEW.internal_port = 3
                BEGIN SELECT RAISE(ABORT, 'broken'); END
                """);
        assertThatThrownBy(() -> opened.commit(List.of(new Save(row(2, 2002)), new Save(row(3, 2003)))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("server.db");
        assertThat(opened.load().mappings()).containsExactly(saved);

        execute("DROP TRIGGER broken");
        opened.commit(List.of(new Save(row(3, 2003))));
        assertThat(opened.load().mappings()).hasSize(2);
    }

    @Test
    void whatACommitThatFailedErasedCanStillBeErased() throws Exception {
        var saved = saved(Duration.ofMinutes(10));
        failToCommit(new Erase(saved.key()));
        assertThat(opened.load().mappings()).containsExactly(saved);
        failToCommit(new Erase(saved.key()));
        opened.commit(List.of(new Erase(saved.key())));
        assertThat(opened.load().mappings()).isEmpty();
    }

    @Test
    void aSubscriberOfACommitThatFailedIsStoredWithItsNextMapping() throws Exception {
        store().replaceAll(new ServerEpoch(machine.now()), RestoredState.NOTHING);
        failToCommit(new Save(row(1, 2001)));
        opened.commit(List.of(new Save(row(1, 2001))));
        assertThat(opened.load().subscribers())
                .containsOnlyKeys(row(1, 2001).key().owner());
    }

    /** As on a full disk: what was written before the failure is written no longer. */
    private void failToCommit(Change change) throws SQLException {
        execute("""
                CREATE TRIGGER broken BEFORE INSERT ON mapping WHEN NEW.internal_port = 3
                BEGIN SELECT RAISE(ABORT, 'broken'); END
                """);
        assertThatThrownBy(() -> opened.commit(List.of(change, new Save(row(3, 2003)))))
                .isInstanceOf(StorageException.class);
        execute("DROP TRIGGER broken");
    }

    @Test
    void aRowThatNoServerWroteIsAnErrorThatNamesTheFile() throws Exception {
        saved(Duration.ofMinutes(10));
        execute("UPDATE mapping SET internal_address = 'localhost'");
        assertThatThrownBy(opened::load)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("server.db")
                .hasMessageContaining("localhost");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("server.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
