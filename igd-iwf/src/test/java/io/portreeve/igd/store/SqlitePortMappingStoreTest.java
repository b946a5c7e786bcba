package io.portreeve.igd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.Lease;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.storage.StorageException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SqlitePortMappingStoreTest {
    private static final MonoTime NOW = MonoTime.START.plus(Duration.ofHours(5));
    private static final Instant WALL = Instant.parse("2026-11-21T08:00:00Z");

    @TempDir
    private Path folder;

    private SqlitePortMappingStore open(Duration wallPassed) throws StorageException {
        return new SqlitePortMappingStore(
                folder.resolve("port-mappings.db"), InstantSource.fixed(WALL.plus(wallPassed)));
    }

    private static PortMapping mapping(int port, String description, Lease lease) {
        var key = new PortMappingKey(Optional.empty(), port, IpProtocol.UDP);
        return new PortMapping(key, 7, PcpAddress.parse("192.168.1.10"), description, lease);
    }

    private static IwfEffect.Stored save(PortMapping mapping) {
        return new IwfEffect.Save(1, mapping);
    }

    @Test
    @Proves("igd:I-IWFM-04")
    void keepsTheOrderAndTheWords() throws StorageException {
        var first = mapping(9, "'); DROP TABLE port_mapping; -- \u0000 \uD83D\uDE00", new Lease.Infinite());
        var second = mapping(8, "", new Lease.Infinite());
        var third = mapping(7, "third", new Lease.Infinite());
        try (var store = open(Duration.ZERO)) {
            store.write(List.of(save(first), save(second), save(third)), 0, NOW);
            store.write(List.of(save(first), new IwfEffect.Erase(2, second.key())), 0, NOW);
        }
        try (var store = open(Duration.ZERO)) {
            assertThat(store.load(NOW).entries()).containsExactly(first, third);
        }
    }

    @Test
    void tellsRemoteHostsApart() throws StorageException {
        var any = mapping(9, "", new Lease.Infinite());
        var one = new PortMapping(
                new PortMappingKey(Optional.of(PcpAddress.parse("203.0.114.77")), 9, IpProtocol.UDP),
                7,
                any.internalClient(),
                "",
                any.lease());
        try (var store = open(Duration.ZERO)) {
            store.write(List.of(save(any), save(one)), 0, NOW);
            assertThat(store.load(NOW).entries()).containsExactly(any, one);
        }
    }

    @Test
    void saysInOneLineThatItsFileIsDamaged() throws Exception {
        try (var store = open(Duration.ZERO)) {
            store.write(List.of(save(mapping(9, "", new Lease.Infinite()))), 0, NOW);
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("port-mappings.db"));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE port_mapping SET internal_client = 'scratched'");
        }
        try (var store = open(Duration.ZERO)) {
            assertThatThrownBy(() -> store.load(NOW))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("port-mappings.db: is damaged")
                    .hasMessageNotContaining("\n");
        }
    }

    /** The schema of the first release, and a row of it. */
    @Test
    void readsTheRowsOfAReleaseThatDidNotTranslate() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("port-mappings.db"));
                var statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE port_mapping (
                        number          INTEGER PRIMARY KEY AUTOINCREMENT,
                        remote_host     TEXT NOT NULL,
                        external_port   INTEGER NOT NULL,
                        protocol        INTEGER NOT NULL,
                        internal_port   INTEGER NOT NULL,
                        internal_client TEXT NOT NULL,
                        description     TEXT NOT NULL,
                        lease_seconds   INTEGER NOT NULL,
                        lease_end       INTEGER NOT NULL,
                        UNIQUE (remote_host, external_port, protocol)
                    )""");
            statement.execute("INSERT INTO port_mapping VALUES (1, '', 9, 17, 7, '192.168.1.10', 'old', 0, 0)");
            statement.execute("PRAGMA user_version = 1");
        }
        var old = mapping(9, "old", new Lease.Infinite());
        try (var store = open(Duration.ZERO)) {
            assertThat(store.load(NOW).entries()).containsExactly(old);
        }
    }

    @Test
    void keepsTheNatPort() throws StorageException {
        var first = mapping(9, "", new Lease.Infinite());
        var second = through(mapping(8, "", new Lease.Infinite()), 8);
        try (var store = open(Duration.ZERO)) {
            store.write(List.of(save(first), save(second)), 0, NOW);
        }
        try (var store = open(Duration.ZERO)) {
            assertThat(store.load(NOW).entries()).containsExactly(first, second);
            store.write(List.of(save(through(first, 1024)), save(mapping(8, "", new Lease.Infinite()))), 0, NOW);
            assertThat(store.load(NOW).entries())
                    .containsExactly(through(first, 1024), mapping(8, "", new Lease.Infinite()));
        }
    }

    private static PortMapping through(PortMapping mapping, int natPort) {
        return new PortMapping(
                mapping.key(),
                mapping.internalPort(),
                mapping.internalClient(),
                mapping.description(),
                mapping.lease(),
                OptionalInt.of(natPort),
                mapping.choice());
    }

    @Test
    @Proves({"igd:I-LEASE-07", "igd:C-16"})
    void keepsTheNumberOfTheTable() throws StorageException {
        long most = 0xFFFF_FFFFL;
        try (var store = open(Duration.ZERO)) {
            assertThat(store.load(NOW)).as("of an earlier run there is none").isEqualTo(StoredTable.EMPTY);
            store.write(List.of(save(mapping(9, "", new Lease.Infinite()))), 7, NOW);
            store.write(List.of(save(mapping(9, "", new Lease.Infinite()))), most, NOW);
        }
        try (var store = open(Duration.ZERO)) {
            assertThat(store.load(NOW).updateId()).isEqualTo(most);
        }
    }

    record Restart(String why, Duration wallPassed, Duration left) {}

    static Stream<Restart> restarts() {
        return Stream.of(
                new Restart("down for ten minutes", Duration.ofMinutes(10), Duration.ofMinutes(50)),
                new Restart("down for too long", Duration.ofDays(1), Duration.ZERO),
                new Restart("the clock was set back", Duration.ofDays(-365), Duration.ofHours(1)));
    }

    @ParameterizedTest
    @MethodSource("restarts")
    @Proves({"igd:I-LEASE-06", "igd:I-LEASE-07"})
    void leasesRunOnWhileTheGatewayIsDown(Restart restart) throws StorageException {
        var hour = Duration.ofHours(1);
        try (var store = open(Duration.ZERO)) {
            store.write(List.of(save(mapping(9, "", new Lease.Timed(hour, NOW.plus(hour))))), 0, NOW);
        }
        try (var store = open(restart.wallPassed())) {
            var rebooted = MonoTime.START.plus(Duration.ofSeconds(3));
            assertThat(store.load(rebooted).entries())
                    .as(restart.why())
                    .containsExactly(mapping(9, "", new Lease.Timed(hour, rebooted.plus(restart.left()))));
        }
    }
}
