package io.portreeve.igd.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.Departure;
import io.portreeve.igd.iwf.HardwareAddress;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's end of the folder that a DHCP server's hook writes to. */
class LeaseEventsTest {
    private static final String LAST = "seen 192.168.1.99";

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final HostListener listener = new HostListener() {
        @Override
        public void hostSeen(PcpAddress host, Optional<HardwareAddress> hardware) {
            told.add("seen " + host + hardware.map(it -> " " + it).orElse(""));
        }

        @Override
        public void hostLeft(PcpAddress host, Departure how) {
            told.add(how + " " + host);
        }
    };

    @TempDir
    private Path work;

    private Path folder() {
        return work.resolve("run/leases");
    }

    private LeaseEvents start() throws LeaseEventsException {
        LeaseEvents.prepare(folder());
        return LeaseEvents.start(folder(), listener, failures::add);
    }

    /** As a hook does it. */
    private void put(String name, String text) throws IOException {
        var draft = Files.writeString(folder().resolve("." + name), text);
        Files.move(draft, folder().resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** {@return all that was told when the last event is} */
    private List<String> toldAfterAll() throws Exception {
        put("zzz", "add 192.168.1.99");
        Await.until("the last event is told", () -> told.contains(LAST));
        return told.subList(0, told.indexOf(LAST));
    }

    private void isEmpty() throws Exception {
        Await.until("all files are deleted", () -> files().isEmpty());
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void tellsWhatHasWaitedByNameAndThenWhatComes() throws Exception {
        Files.createDirectories(folder());
        put("3", "release 192.168.1.10");
        put("1", "add 192.168.1.10 02:00:5e:10:00:01\n");
        put("2", "del 192.168.1.10\n");
        try (var _ = start()) {
            Await.until("what has waited is told", () -> told.size() == 3);
            put("0", "old 192.168.1.11\n");

            assertThat(toldAfterAll())
                    .containsExactly(
                            "seen 192.168.1.10 02:00:5e:10:00:01",
                            "EXPIRED 192.168.1.10",
                            "RELEASED 192.168.1.10",
                            "seen 192.168.1.11");
            isEmpty();
        }
    }

    @Test
    void readsNoFileThatIsNotWholeYet() throws Exception {
        try (var _ = start()) {
            Files.writeString(folder().resolve(".draft"), "release 192.168.1.10\n");

            assertThat(toldAfterAll()).isEmpty();
            Await.until("the other is deleted", () -> files().equals(List.of(".draft")));
        }
    }

    @Test
    void deletesWhatIsNoEventAndGoesOn() throws Exception {
        Files.createDirectories(folder());
        put("nonsense", "release everybody\n");
        put("empty", "");
        put("binary", "\u0000\u0007\u001b[2J");
        put("long", "release 192.168.1.10" + "\n".repeat(300));
        put("ipv6", "release fd00::10\n");
        put("strange\nname", "release\n");
        var event = Files.writeString(work.resolve("event"), "release 192.168.1.10\n");
        Files.createSymbolicLink(folder().resolve("link"), event);
        Files.createDirectory(folder().resolve("folder"));
        assertThat(new ProcessBuilder("mkfifo", folder().resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (var _ = start()) {
            assertThat(toldAfterAll()).isEmpty();
            isEmpty();
            assertThat(event).as("only the link to it goes").exists();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void readsNoMoreThanAnEventCanHave() throws Exception {
        assertThat(Spool.text(Files.writeString(work.resolve("longest"), "x".repeat(256))))
                .hasSize(256);
        var longer = Files.writeString(work.resolve("longer"), "x".repeat(257));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spool.text(longer))
                .withMessage("expected: at most 256 octets");
    }

    @Test
    void whatItCannotDeleteItLeaves() throws Exception {
        Files.createDirectories(folder().resolve("a/b"));
        try (var _ = start()) {
            assertThat(toldAfterAll()).isEmpty();
            Await.until("the other is deleted", () -> files().equals(List.of("a")));
            told.clear();
            assertThat(toldAfterAll()).isEmpty();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void tellsThousandsInTheirOrder() throws Exception {
        Files.createDirectories(folder());
        for (int i = 0; i < 2500; i++) {
            put("%04d".formatted(i), "add 10.0.%d.%d".formatted(i / 250, i % 250));
        }
        try (var _ = start()) {
            Await.until("all are told", () -> told.size() >= 2500);
            assertThat(told)
                    .containsExactlyElementsOf(IntStream.range(0, 2500)
                            .mapToObj(i -> "seen 10.0.%d.%d".formatted(i / 250, i % 250))
                            .toList());
            isEmpty();
        }
    }

    @Test
    void makesTheFolderForItsGroup() throws Exception {
        try (var _ = start()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                    .isEqualTo("rwxrwx---");
        }
    }

    @Test
    void makesTheFolderAgain() throws Exception {
        try (var _ = start()) {
            Files.delete(folder());
            Await.until("it is made again", () -> Files.isDirectory(folder()));

            put("1", "release 192.168.1.10\n");
            assertThat(toldAfterAll()).containsExactly("RELEASED 192.168.1.10");
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void believesNobodyIfAnybodyMayWrite() throws Exception {
        Files.createDirectories(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(this::start)
                .isInstanceOf(LeaseEventsException.class)
                .hasMessage("lease-events = " + folder()
                        + ": anybody may write there, and close the ports of others; chmod o-w it");
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Files.createDirectories(folder().getParent());
        Files.createSymbolicLink(folder(), work);
        assertThatThrownBy(this::start)
                .isInstanceOf(LeaseEventsException.class)
                .hasMessage("lease-events = " + folder() + ": it is no folder; remove it");
    }

    @Test
    void saysWhyTheFolderCannotBeMade() throws Exception {
        Files.writeString(folder().getParent(), "a file");
        assertThatThrownBy(this::start)
                .isInstanceOf(LeaseEventsException.class)
                .hasMessageStartingWith("lease-events = " + folder() + ": it cannot be made (")
                .hasMessageEndingWith("); make it for this program");
    }

    @Test
    void goesOnWhenTheFolderCanBeReadAgain() throws Exception {
        var disk = Files.createDirectory(work.resolve("disk"));
        mount(disk);
        LeaseEvents.prepare(folder());
        try (var _ = LeaseEvents.start(folder(), listener, failures::add, Duration.ofMillis(1))) {
            toldAfterAll();
            mount(Files.writeString(work.resolve("no-disk"), ""));
            Files.writeString(disk.resolve("leases/1"), "release 192.168.1.10\n");
            Await.until("it has found no folder, and waits", () -> states().contains(Thread.State.TIMED_WAITING));
            Files.writeString(disk.resolve("leases/2"), "del 192.168.1.11\n");

            told.clear();
            mount(disk);
            assertThat(toldAfterAll()).containsExactly("RELEASED 192.168.1.10", "EXPIRED 192.168.1.11");
            assertThat(failures).isEmpty();
        }
    }

    /** Has the folder's parent be {@code disk}, in one step. */
    private void mount(Path disk) throws IOException {
        var link = Files.createSymbolicLink(work.resolve("link"), disk);
        Files.move(link, folder().getParent(), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void endsThoughTheFolderCannotBeRead() throws Exception {
        Files.createDirectories(folder().getParent());
        Files.writeString(folder(), "no folder");
        var events = LeaseEvents.start(folder(), listener, failures::add, Duration.ofDays(1));
        Await.until("it has found no folder, and waits", () -> states().contains(Thread.State.TIMED_WAITING));
        CompletableFuture.runAsync(events::close).get(60, TimeUnit.SECONDS);
        assertThat(failures).isEmpty();
    }

    private static List<Thread.State> states() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("lease-events"))
                .map(Thread::getState)
                .toList();
    }

    @Test
    void aFailingThreadIsNotSilent() throws Exception {
        var failure = new IllegalStateException("for the test");
        Files.createDirectories(folder());
        put("1", "add 192.168.1.10\n");
        var failing = new HostListener() {
            @Override
            public void hostSeen(PcpAddress host, Optional<HardwareAddress> hardware) {
                throw failure;
            }

            @Override
            public void hostLeft(PcpAddress host, Departure how) {}
        };
        try (var _ = LeaseEvents.start(folder(), failing, failures::add)) {
            assertThat(failures.poll(60, TimeUnit.SECONDS)).isSameAs(failure);
        }
    }

    @Test
    void readsNothingAfterItsEnd() throws Exception {
        var events = start();
        CompletableFuture.runAsync(events::close).get(60, TimeUnit.SECONDS);
        put("1", "release 192.168.1.10\n");
        try (var _ = start()) {
            assertThat(toldAfterAll()).as("once").containsExactly("RELEASED 192.168.1.10");
        }
        assertThat(failures).isEmpty();
    }
}
