package io.portreeve.client.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.Grant;
import io.portreeve.client.engine.Mapping;
import io.portreeve.client.engine.MappingState;
import io.portreeve.client.engine.Wanted;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.requirements.Proves;
import io.portreeve.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SqliteMappingStoreTest {
    private static final MonoTime NOW = MonoTime.START.plus(Duration.ofHours(5));
    private static final Instant WALL = Instant.parse("2026-11-21T08:00:00Z");
    private static final Endpoint EXTERNAL = new Endpoint(PcpAddress.parse("203.0.114.1"), 8080);
    private static final PcpAddress SOURCE = PcpAddress.parse("2001:db8:77::7");
    private static final MappingNonce NONCE = new MappingNonce(0xa1a2a3a4, 0, -1);

    @TempDir
    private Path folder;

    private static MappingKey key(Optional<PcpAddress> host, PcpAddress family) {
        return new MappingKey(host, IpProtocol.TCP, 8080, family);
    }

    private static Mapping mapping(MappingKey key, Wanted wanted, Optional<Endpoint> external, MappingState state) {
        return new Mapping("a server", key, "igd", NONCE, wanted, external, MonoTime.START, Optional.of(SOURCE), state);
    }

    private static final MappingKey KEY = key(Optional.of(PcpAddress.parse("192.168.1.10")), PcpAddress.ANY_IPV4);
    private static final Wanted KEPT = new Wanted.Kept(
            new ExternalChoice.Exactly(8080), new Lifetime(3600), MonoTime.NEVER, MappingTerms.PLAIN, false);

    private static MappingState granted(MonoTime at, Duration lifetime) {
        return new MappingState.Mapped(new Grant(EXTERNAL, lifetime, at, at));
    }

    private List<Mapping> afterRestart(Mapping saved, Duration wallPassed, MonoTime newNow) throws StorageException {
        var file = folder.resolve("mappings.db");
        try (var store = new SqliteMappingStore(file, InstantSource.fixed(WALL))) {
            store.write(List.of(new Effect.Save(saved)), NOW);
        }
        try (var store = new SqliteMappingStore(file, InstantSource.fixed(WALL.plus(wallPassed)))) {
            return store.load(newNow);
        }
    }

    static Stream<Mapping> mappings() {
        return Stream.of(
                mapping(KEY, KEPT, Optional.empty(), new MappingState.NotSent()),
                mapping(
                        key(Optional.empty(), PcpAddress.ANY_IPV6),
                        new Wanted.Kept(
                                new ExternalChoice.Any(), Lifetime.INFINITE, MonoTime.NEVER, MappingTerms.PLAIN, false),
                        Optional.of(new Endpoint(PcpAddress.parse("2001:db8::1"), 9)),
                        new MappingState.NotSent()),
                mapping(
                        new MappingKey(
                                Optional.empty(),
                                IpProtocol.TCP,
                                8080,
                                PcpAddress.ANY_IPV6,
                                Optional.of(new Endpoint(PcpAddress.parse("2001:db8::7"), 443))),
                        KEPT,
                        Optional.empty(),
                        new MappingState.NotSent()),
                mapping(
                        KEY,
                        new Wanted.Kept(
                                new ExternalChoice.Any(),
                                new Lifetime(60),
                                MonoTime.NEVER,
                                new MappingTerms(
                                        List.of(
                                                new Filter(128, 0, PcpAddress.parse("198.51.100.7")),
                                                new Filter(64, 443, PcpAddress.parse("2001:db8::"))),
                                        "a game; for 'us'",
                                        new PortCount.Several(5, true)),
                                true),
                        Optional.empty(),
                        new MappingState.NotSent()),
                mapping(KEY, new Wanted.Gone(new PortCount.Pair(), true), Optional.empty(), new MappingState.NotSent()),
                mapping(
                        KEY,
                        new Wanted.Gone(new PortCount.Several(2, false), false),
                        Optional.empty(),
                        new MappingState.NotSent()),
                mapping(
                        KEY,
                        new Wanted.Kept(
                                new ExternalChoice.Preferred(1, EXTERNAL.address()),
                                new Lifetime(1),
                                MonoTime.NEVER,
                                MappingTerms.PLAIN,
                                false),
                        Optional.of(EXTERNAL),
                        new MappingState.NotSent()));
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void comesBackAsItWas(Mapping mapping) throws StorageException {
        assertThat(afterRestart(mapping.known(NOW), Duration.ZERO, NOW))
                .containsExactly(mapping.known(NOW).asked(NOW));
    }

    @Test
    @Proves("pcp:B-NON-03")
    void keepsNonceEndpointAndWhatIsLeftOfTheLifetime() throws StorageException {
        var saved = mapping(KEY, KEPT, Optional.of(EXTERNAL), granted(NOW, Duration.ofHours(1)));
        var rebooted = MonoTime.START.plus(Duration.ofSeconds(7)); // the monotonic clock began anew
        assertThat(afterRestart(saved, Duration.ofMinutes(20), rebooted))
                .containsExactly(mapping(KEY, KEPT, Optional.of(EXTERNAL), granted(rebooted, Duration.ofMinutes(40)))
                        .asked(rebooted));
    }

    record Jump(String why, Duration wallPassed, MappingState state) {}

    static Stream<Jump> jumps() {
        return Stream.of(
                new Jump("ended meanwhile", Duration.ofHours(1), new MappingState.NotSent()),
                new Jump("a clock set ahead by years ends it", Duration.ofDays(4000), new MappingState.NotSent()),
                new Jump(
                        "a clock set back by years makes it no longer than it was",
                        Duration.ofDays(-4000),
                        granted(NOW, Duration.ofHours(1))));
    }

    @ParameterizedTest
    @MethodSource("jumps")
    void believesTheWallClockOnlyWithinTheLifetime(Jump jump) throws StorageException {
        var saved = mapping(KEY, KEPT, Optional.of(EXTERNAL), granted(NOW, Duration.ofHours(1)));
        assertThat(afterRestart(saved, jump.wallPassed(), NOW))
                .as(jump.why())
                .containsExactly(
                        mapping(KEY, KEPT, Optional.of(EXTERNAL), jump.state()).asked(NOW));
    }

    record Left(String why, Duration wallPassed, Duration left) {}

    static Stream<Left> leases() {
        return Stream.of(
                new Left("it counts on", Duration.ofMinutes(20), Duration.ofMinutes(40)),
                new Left("it ended meanwhile", Duration.ofHours(2), Duration.ZERO),
                new Left("a clock set back makes it no longer", Duration.ofDays(-4000), Duration.ofHours(1)));
    }

    @ParameterizedTest
    @MethodSource("leases")
    void keepsWhatIsLeftOfATimedLease(Left row) throws StorageException {
        var rebooted = MonoTime.START.plus(Duration.ofSeconds(7));
        var saved = mapping(KEY, until(NOW.plus(Duration.ofHours(1))), Optional.empty(), new MappingState.NotSent());
        var loaded = afterRestart(saved, row.wallPassed(), rebooted).getFirst();
        assertThat(loaded.wanted()).as(row.why()).isEqualTo(until(rebooted.plus(row.left())));
    }

    private static Wanted until(MonoTime end) {
        return new Wanted.Kept(new ExternalChoice.Any(), new Lifetime(7200), end, MappingTerms.PLAIN, false);
    }

    @Test
    void goesOnDeletingForAsLongAsTheServerMayRemember() throws StorageException {
        var gone = mapping(
                KEY,
                new Wanted.Gone(new PortCount.One(), false),
                Optional.of(EXTERNAL),
                new MappingState.WaitResponse(NOW, Duration.ofSeconds(3), 1, Optional.empty()));
        assertThat(afterRestart(gone.known(NOW.plus(Duration.ofMinutes(30))), Duration.ofMinutes(10), NOW))
                .containsExactly(gone.with(new MappingState.NotSent()).known(NOW.plus(Duration.ofMinutes(20))));
    }

    /** After a suspend, what came meanwhile is handled before what became due meanwhile. */
    @Test
    void storesWhatHasEndedUnnoticed() throws StorageException {
        var ended = granted(NOW.plus(Duration.ofHours(-2)), Duration.ofHours(1));
        assertThat(afterRestart(mapping(KEY, KEPT, Optional.of(EXTERNAL), ended), Duration.ZERO, NOW))
                .containsExactly(mapping(KEY, KEPT, Optional.of(EXTERNAL), new MappingState.NotSent())
                        .asked(NOW));
    }

    /** The schema of a release that knew no address to suggest, and a row of it. */
    @Test
    void readsTheRowsOfAnOlderRelease() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("mappings.db"));
                var statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE mapping (
                        server           TEXT NOT NULL,
                        third_party      TEXT NOT NULL,
                        protocol         INTEGER NOT NULL,
                        internal_port    INTEGER NOT NULL,
                        external_family  TEXT NOT NULL,
                        remote_address   TEXT NOT NULL,
                        remote_port      INTEGER NOT NULL,
                        owner            TEXT NOT NULL,
                        nonce            TEXT NOT NULL,
                        choice           TEXT NOT NULL,
                        choice_port      INTEGER NOT NULL,
                        lifetime         INTEGER NOT NULL,
                        external_address TEXT,
                        external_port    INTEGER,
                        granted_millis   INTEGER NOT NULL,
                        granted_until    INTEGER NOT NULL,
                        known_millis     INTEGER NOT NULL,
                        known_until      INTEGER NOT NULL,
                        source           TEXT,
                        filters          TEXT NOT NULL,
                        refilters        INTEGER NOT NULL,
                        description      TEXT NOT NULL,
                        ports            TEXT NOT NULL,
                        PRIMARY KEY (
                            server, third_party, protocol, internal_port, external_family, remote_address, remote_port)
                    ) WITHOUT ROWID""");
            statement.execute("CREATE TABLE run (began_at INTEGER NOT NULL)");
            statement.execute(
                    "INSERT INTO mapping VALUES ('a server', '192.168.1.10', 6, 8080, '0.0.0.0', '', 0, 'igd',"
                            + " 'a1a2a3a400000000ffffffff', 'EXACTLY', 8080, 3600, '203.0.114.1', 8080, 0, 0, 0, 0,"
                            + " '2001:db8:77::7', '', 0, '', 'one')");
            statement.execute("PRAGMA user_version = 2");
        }
        try (var store = new SqliteMappingStore(folder.resolve("mappings.db"), InstantSource.fixed(WALL))) {
            var old = mapping(KEY, KEPT, Optional.of(EXTERNAL), new MappingState.NotSent());
            assertThat(store.load(NOW)).containsExactly(old.known(NOW).asked(NOW));
            store.write(List.of(new Effect.Save(old)), NOW);
        }
    }

    private boolean began(Duration wallPassed, Duration lately, boolean inOrder) throws Exception {
        var file = folder.resolve("runs.db");
        var store = new SqliteMappingStore(file, InstantSource.fixed(WALL.plus(wallPassed)));
        boolean crashed = store.begin(lately);
        if (inOrder) {
            store.close();
        } else {
            Files.copy(file, folder.resolve("crashed.db"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    folder.resolve("runs.db-wal"),
                    folder.resolve("crashed.db-wal"),
                    StandardCopyOption.REPLACE_EXISTING);
            store.close();
            Files.move(folder.resolve("crashed.db"), file, StandardCopyOption.REPLACE_EXISTING);
            Files.move(
                    folder.resolve("crashed.db-wal"),
                    folder.resolve("runs.db-wal"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return crashed;
    }

    @Test
    @Proves("pcp:F-23-03")
    void knowsWhetherTheLastRunEndedInOrder() throws Exception {
        var lately = Duration.ofMinutes(10);
        assertThat(began(Duration.ZERO, lately, true)).as("the first").isFalse();
        assertThat(began(Duration.ofMinutes(1), lately, false)).as("in order").isFalse();
        assertThat(began(Duration.ofMinutes(2), lately, false)).as("a crash").isTrue();
        assertThat(began(Duration.ofMinutes(13), lately, false))
                .as("it ran long enough")
                .isFalse();
        assertThat(began(Duration.ofMinutes(5), lately, true))
                .as("the clock went back")
                .isFalse();
        assertThat(began(Duration.ofMinutes(6), lately, true))
                .as("in order again")
                .isFalse();
    }

    @Test
    void tellsFamiliesAndHostsApart() throws StorageException {
        var four = mapping(KEY, KEPT, Optional.empty(), new MappingState.NotSent());
        var six = mapping(key(KEY.thirdParty(), PcpAddress.ANY_IPV6), KEPT, Optional.empty(), four.state());
        var own = mapping(key(Optional.empty(), PcpAddress.ANY_IPV4), KEPT, Optional.empty(), four.state());
        try (var store = new SqliteMappingStore(folder.resolve("mappings.db"), InstantSource.fixed(WALL))) {
            store.write(List.of(new Effect.Save(four), new Effect.Save(six), new Effect.Save(own)), NOW);
            store.write(List.of(new Effect.Erase(six.id()), new Effect.Save(four)), NOW);
            assertThat(store.load(NOW)).containsExactlyInAnyOrder(four.asked(NOW), own.asked(NOW));
        }
    }
}
