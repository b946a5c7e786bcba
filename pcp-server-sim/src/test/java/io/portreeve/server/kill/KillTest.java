package io.portreeve.server.kill;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process is killed while it works, over and over, and forgets nothing that it had answered. */
final class KillTest {
    private static final int KILLS = Boolean.getBoolean("portreeve.long") ? 100 : 20;
    private static final int SUBSCRIBERS = 4;

    /** An epoch that began again cannot pass for one that went on. */
    private static final int EPOCH_BEFORE_FIRST_KILL = 3;

    /** About as long as a batch takes: the kill comes at any moment of one. */
    private static final int BATCH_NANOS = 5_000_000;

    /** A server that was killed answers no more, so nobody waits for it forever. */
    private static final int LOOK_AGAIN_MILLIS = 50;

    private final List<Subscriber> subscribers = new ArrayList<>();
    private int answers;
    private long epoch;
    private Selector selector;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            subscribers.add(new Subscriber(PcpAddress.parse("127.0.0." + (2 + i)), selector));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (var subscriber : subscribers) {
            subscriber.close();
        }
        selector.close();
    }

    @Test
    @Proves("rel:I2")
    void aKilledServerForgetsNothingThatItAnswered() throws Exception {
        try (var server = ServerProcess.start(directory)) {
            Await.until("time passes", () -> {
                load(server, Seeds.of(-1));
                return epoch >= EPOCH_BEFORE_FIRST_KILL;
            });
        }
        hear(); // what it has answered before its end is not to be taken for an answer of the next one
        for (int seed = 0; seed < KILLS; seed++) {
            System.out.println("kill with seed " + seed);
            var random = Seeds.of(seed);
            try (var server = ServerProcess.start(directory)) {
                assertNothingIsForgotten(server);
                loadUntilKilled(server, random);
            }
        }
        try (var server = ServerProcess.start(directory)) {
            assertNothingIsForgotten(server);
        }
    }

    private void loadUntilKilled(ServerProcess server, RandomGenerator random) throws Exception {
        int enough = answers + random.nextInt(1, 300);
        Await.until("the server works", () -> {
            load(server, random);
            return answers >= enough;
        });
        long pause = random.nextInt(BATCH_NANOS);
        var killer = Thread.ofPlatform().start(() -> killAfter(pause, server));
        Await.until("the server is killed", () -> {
            load(server, random);
            return !server.process().isAlive();
        });
        killer.join();
        hear();
    }

    private static void killAfter(long nanos, ServerProcess server) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        server.kill();
    }

    private void load(ServerProcess server, RandomGenerator random) throws IOException {
        for (var subscriber : subscribers) {
            subscriber.ask(server.address(), random);
        }
        waitForAnswers();
    }

    private void waitForAnswers() throws IOException {
        selector.select(LOOK_AGAIN_MILLIS);
        selector.selectedKeys().clear();
        hear();
    }

    /** Hears all that has come. */
    private void hear() throws IOException {
        for (var subscriber : subscribers) {
            for (var heard = subscriber.hear(); heard.isPresent(); heard = subscriber.hear()) {
                assertEpochGoesOn(heard.get().seconds());
                answers++;
            }
        }
    }

    /** One second less is an answer that was given before another, and read after it. */
    private void assertEpochGoesOn(long now) {
        assertThat(now).as("epoch").isGreaterThanOrEqualTo(epoch - 1);
        epoch = Math.max(epoch, now);
    }

    private void assertNothingIsForgotten(ServerProcess server) throws Exception {
        assertEpochGoesOn(server.epoch());
        assertTable(server.table());
        for (var subscriber : subscribers) {
            subscriber.askAgain(server.address());
        }
        Await.until("all is answered", () -> {
            waitForAnswers();
            return subscribers.stream().allMatch(Subscriber::isAnswered);
        });
        assertTable(server.table());
    }

    private void assertTable(List<TableRow> table) {
        long now = System.nanoTime();
        assertThat(table).extracting(TableRow::external).doesNotHaveDuplicates();
        var rows = table.stream().collect(toMap(TableRow::internal, identity()));
        for (var subscriber : subscribers) {
            for (var wish : subscriber.wishes()) {
                wish.check(Optional.ofNullable(rows.remove(wish.internal())), now);
            }
        }
        assertThat(rows).as("nobody asked for these").isEmpty();
    }
}
