package io.portreeve.igd.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.Departure;
import io.portreeve.igd.iwf.HardwareAddress;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Await;
import io.portreeve.testing.Failures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbsencesTest {
    private static final PcpAddress PRESENT = PcpAddress.parse("192.168.1.10");
    private static final PcpAddress UNANSWERED = PcpAddress.parse("192.168.1.11");
    private static final PcpAddress ELSEWHERE = PcpAddress.parse("192.168.1.12");
    private static final PcpAddress UNKNOWN = PcpAddress.parse("192.168.1.13");

    /** As Linux writes it. */
    private static final String TABLE = """
            IP address       HW type     Flags       HW address            Mask     Device
            192.168.1.10     0x1         0x2         02:00:5e:10:00:01     *        lan0
            192.168.1.11     0x1         0x0         00:00:00:00:00:00     *        lan0
            192.168.1.12     0x1         0x2         02:00:5e:10:00:02     *        wan0
            192.168.1.14     0x1         0x6         02:00:5e:10:00:03     *        lan0
            """;

    private final AtomicLong looks = new AtomicLong();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final HostListener listener = new HostListener() {
        @Override
        public void hostSeen(PcpAddress host, Optional<HardwareAddress> hardware) {
            told.add("seen " + host);
        }

        @Override
        public void hostLeft(PcpAddress host, Departure how) {
            told.add(how + " " + host);
        }
    };

    @TempDir
    private Path folder;

    private ArpTable table(String interfaceName) {
        return new ArpTable(folder.resolve("arp"), interfaceName);
    }

    /** Each look is an hour after the one before. */
    private Absences absences(Set<PcpAddress> watched) {
        return new Absences(
                table("lan0"),
                Duration.ofMillis(24),
                () -> {
                    looks.incrementAndGet();
                    return watched;
                },
                listener,
                () -> MonoTime.START.plus(Duration.ofHours(looks.get())),
                Failures::unexpected);
    }

    @Test
    void theTableNamesWhoHasAnswered() throws Exception {
        Files.writeString(folder.resolve("arp"), TABLE);
        assertThat(table("lan0").hosts()).containsExactlyInAnyOrder(PRESENT, PcpAddress.parse("192.168.1.14"));
        assertThat(ArpTable.of("no such interface").hosts()).isEmpty();
    }

    @Test
    void tellsWhoHasNotBeenThereForLong() throws Exception {
        Files.writeString(folder.resolve("arp"), TABLE);
        try (var absences = absences(Set.of(PRESENT, UNANSWERED, ELSEWHERE, UNKNOWN))) {
            absences.start();
            Await.until("all who are away are told", () -> told.size() >= 3);
        }
        assertThat(told.subList(0, 3))
                .containsExactly("ABSENT 192.168.1.11", "ABSENT 192.168.1.12", "ABSENT 192.168.1.13");
        assertThat(told).doesNotContain("ABSENT 192.168.1.10");
    }

    @Test
    void aTableThatCannotBeReadEndsNothing() throws Exception {
        try (var absences = absences(Set.of(UNKNOWN))) {
            absences.start();
            Await.until("it has looked in vain", () -> looks.get() > 1);
            Files.writeString(folder.resolve("arp"), TABLE);
            Await.until("it is told", () -> told.contains("ABSENT 192.168.1.13"));
        }
    }
}
