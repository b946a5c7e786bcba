package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootIdsTest {
    private static final long NOW = 1_795_248_000;

    @TempDir
    private Path folder;

    private BootIds at(long seconds) {
        return new BootIds(folder.resolve("boot-id"), InstantSource.fixed(Instant.ofEpochSecond(seconds)));
    }

    @Test
    @Proves("igd:I-SSDP-12")
    void growsWithinTheSameSecondToo() {
        var ids = at(NOW);
        assertThat(ids.getAsInt()).isEqualTo((int) NOW);
        assertThat(ids.getAsInt()).isEqualTo((int) NOW + 1);
        assertThat(at(NOW).getAsInt()).as("after a restart").isEqualTo((int) NOW + 2);
    }

    @Test
    @Proves("igd:I-SSDP-12")
    void growsThoughTheClockBeginsIn1970AtEachStart() throws Exception {
        at(NOW).getAsInt();
        assertThat(at(0).getAsInt()).isEqualTo((int) NOW + 1);
        assertThat(at(7).getAsInt()).isEqualTo((int) NOW + 2);
        assertThat(at(NOW + 100).getAsInt()).as("the clock was set").isEqualTo((int) NOW + 100);
        assertThat(Files.getPosixFilePermissions(folder.resolve("boot-id")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    /** Whatever the clock says, and whenever the power goes: between two numbers, and before a written one is used. */
    @Test
    @Proves("igd:I-SSDP-12")
    void neverFalls() {
        Seeds.each(50, random -> {
            int last = 0;
            var ids = at(random.nextLong(NOW));
            for (int step = 0; step < 10; step++) {
                int next = ids.getAsInt();
                assertThat(next).isGreaterThan(last);
                last = next;
                if (random.nextBoolean()) {
                    ids = at(random.nextLong(2 * NOW));
                }
                if (random.nextInt(4) == 0) {
                    ids.getAsInt(); // nobody got to see it
                }
            }
            folder.resolve("boot-id").toFile().delete();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "2147483646, 0,          2147483647",
        "2147483647, 0,          1",
        "2147483647, 1795248000, 1795248000",
        "1795248000, 2147483647, 1795248001",
        "1795248000, 4102444800, 1795248001"
    })
    void has31Bits(String stored, long seconds, int next) throws Exception {
        Files.writeString(folder.resolve("boot-id"), stored + "\n");
        assertThat(at(seconds).getAsInt()).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "99999999999", "1795248000 1"})
    void beginsAnewWhenItsFileIsDamaged(String content) throws Exception {
        Files.writeString(folder.resolve("boot-id"), content);
        assertThat(at(NOW).getAsInt()).isEqualTo((int) NOW);
        assertThat(at(0).getAsInt()).isEqualTo((int) NOW + 1);
    }

    @Test
    void growsThoughItsFileCannotBeWritten() throws Exception {
        var file = Files.createFile(folder.resolve("taken")).resolve("boot-id");
        var ids = new BootIds(file, InstantSource.fixed(Instant.ofEpochSecond(NOW)));
        assertThat(ids.getAsInt()).isEqualTo((int) NOW);
        assertThat(ids.getAsInt()).isEqualTo((int) NOW + 1);
    }
}
