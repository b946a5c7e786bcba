package io.portreeve.client.kill;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.threads.RealServer;
import io.portreeve.requirements.Proves;
import io.portreeve.server.PcpServer;
import io.portreeve.testing.Await;
import io.portreeve.testing.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's process is killed while it works, over and over: it keeps what it had said, and leaves nothing behind. */
final class KillTest {
    private static final int KILLS = Boolean.getBoolean("portreeve.long") ? 100 : 20;
    private static final int PORTS = 12;

    /** More, and a client that starts again has much to ask for, half a second after the other. */
    private static final int MOST_UNDER_WAY = 4;

    /** Longer than it takes to store, send and hear an answer: the kill comes at any moment of that. */
    private static final int EXCHANGE_NANOS = 10_000_000;

    private final List<Wish> wishes = IntStream.rangeClosed(1, PORTS)
            .mapToObj(port -> new Wish(port % 2 == 0 ? "TCP" : "UDP", port))
            .toList();

    private PcpServer server;
    private ClientProcess client;
    private int lastNumber;
    private int answers;
    private Optional<Map<String, String>> listing = Optional.empty();

    @TempDir
    private Path directory;

    @Test
    @Proves({"pcp:B-NON-03", "pcp:F-23-01"})
    void aKilledClientKeepsNoncesAndPortsAndLeavesNothingBehind() throws Exception {
        try (var started = RealServer.start(directory.resolve("server"), 0)) {
            server = started;
            for (int seed = 0; seed < KILLS; seed++) {
                System.out.println("kill with seed " + seed);
                startWorkAndKill(Seeds.of(seed));
            }
            startAndReleaseAll();
        }
    }

    private ClientProcess start() throws Exception {
        return ClientProcess.start(directory, server.address().getPort());
    }

    private void startWorkAndKill(RandomGenerator random) throws Exception {
        try (var started = start()) {
            client = started;
            switch (random.nextInt(5)) {
                case 0 -> {} // the next kill comes before all is taken up that the last one left
                case 1, 2 -> {
                    list(); // now it has a way to the server
                    askAgain();
                    assertNothingIsForgotten();
                }
                default -> assertNothingIsForgotten();
            }
            workUntilKilled(random);
        }
    }

    private void startAndReleaseAll() throws Exception {
        try (var started = start()) {
            client = started;
            assertNothingIsForgotten();
            wishes.forEach(wish -> client.tell(wish.release(++lastNumber)));
            hearAll();
            assertThat(ServerRow.externals(server)).isEmpty();
        }
    }

    private void workUntilKilled(RandomGenerator random) throws Exception {
        int underWay = random.nextInt(1, MOST_UNDER_WAY + 1);
        int enough = answers + random.nextInt(1, 60);
        while (answers < enough) {
            ask(underWay, random);
            assertThat(hear()).as("the client lives").isTrue();
        }
        var moment = random.nextBoolean() ? afterAPause(random) : afterNewsAtTheServer();
        var killer = Thread.ofPlatform().start(() -> kill(moment));
        do {
            ask(underWay, random);
        } while (hear());
        killer.join();
    }

    private static BooleanSupplier afterAPause(RandomGenerator random) {
        long end = System.nanoTime() + random.nextInt(EXCHANGE_NANOS);
        return () -> System.nanoTime() >= end;
    }

    /** When the server has just done what it was asked, and the client does not know yet. */
    private BooleanSupplier afterNewsAtTheServer() {
        var before = server.cgn().table();
        return () -> !server.cgn().table().equals(before);
    }

    private void kill(BooleanSupplier moment) {
        while (!moment.getAsBoolean()) {
            Thread.onSpinWait();
        }
        client.kill();
    }

    /** Asks for something new while it may. */
    private void ask(int underWay, RandomGenerator random) {
        while (client.unanswered() < underWay) {
            var wish = wishes.get(random.nextInt(PORTS));
            client.tell(wish.next(++lastNumber, random));
        }
    }

    /** Asks once more for all that has no answer, and for all that is there: the server compares the nonces. */
    private void askAgain() throws InterruptedException {
        wishes.stream()
                .filter(wish -> wish.isGranted() || !wish.isAnswered())
                .forEach(wish -> client.tell(wish.again(++lastNumber)));
        hearAll();
    }

    private void hearAll() throws InterruptedException {
        while (!wishes.stream().allMatch(Wish::isAnswered)) {
            assertThat(hear()).as("the client lives").isTrue();
        }
    }

    /** {@return false if the client says nothing more} */
    private boolean hear() throws InterruptedException {
        var line = client.hear();
        line.ifPresent(this::heard);
        return line.isPresent();
    }

    private void heard(String line) {
        var words = line.split(" ", 3);
        int number = Integer.parseInt(words[0]);
        if (words[1].equals("list")) {
            listing = Optional.of(listing(words[2]));
        } else {
            var wish = wishes.stream().filter(it -> it.asked(number)).findFirst();
            wish.orElseThrow().hear(number, line.substring(words[0].length() + 1));
            answers++;
        }
    }

    /** {@return what is mapped, and where; in the place of what is not mapped yet, its state} */
    private static Map<String, String> listing(String text) {
        return Stream.of(text.split(";"))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> entry.split(" "))
                .collect(toMap(
                        words -> words[0] + " " + words[1], words -> words[2].equals("MAPPED") ? words[3] : words[2]));
    }

    private void assertNothingIsForgotten() throws Exception {
        settle();
        askAgain();
        settle();
    }

    /** Waits until client and server have the same mappings, and checks that these are the right ones. */
    private void settle() throws Exception {
        try {
            Await.until("client and server agree", () -> list().equals(ServerRow.externals(server)));
        } catch (AssertionError e) {
            throw new AssertionError(list() + " at the client, at the server " + ServerRow.externals(server), e);
        }
        var rows = ServerRow.all(directory.resolve("server"));
        wishes.forEach(wish -> wish.settle(Optional.ofNullable(rows.remove(wish.internal()))));
        assertThat(rows).as("nobody asked for these").isEmpty();
    }

    private Map<String, String> list() throws InterruptedException {
        listing = Optional.empty();
        client.tell("list " + ++lastNumber);
        while (listing.isEmpty()) {
            assertThat(hear()).as("the client lives").isTrue();
        }
        return listing.get();
    }
}
