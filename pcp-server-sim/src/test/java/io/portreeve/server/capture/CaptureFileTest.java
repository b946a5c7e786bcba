package io.portreeve.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.control.OrderRefused;
import io.portreeve.server.net.DatagramTaps;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.SeenDatagram.Direction;
import io.portreeve.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureFileTest {
    private static final Endpoint SERVER = new Endpoint(PcpAddress.parse("100.64.0.1"), 5351);
    private static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("100.64.0.2"), 40_000);
    private static final InstantSource WALL = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private static final Path NAME = Path.of("/var/x.pcap");

    private final DatagramTaps taps = new DatagramTaps();

    @TempDir
    private Path directory;

    private static SeenDatagram datagram(int number) {
        var octets = ByteBuffer.allocate(4).putInt(number).array();
        return new SeenDatagram(Direction.RECEIVED, SERVER, CLIENT, octets);
    }

    private static byte[] file(IntStream numbers) {
        var file = new ByteArrayOutputStream();
        file.writeBytes(Pcap.header());
        numbers.forEach(number -> file.writeBytes(Pcap.record(WALL.instant(), datagram(number))));
        return file.toByteArray();
    }

    @Test
    void allIsWrittenInOrder() throws Exception {
        var file = directory.resolve("a b.pcap");
        Files.writeString(file, "x".repeat(100_000)); // longer than what comes
        var capture = CaptureFile.open(file, taps, WALL);
        try (capture) {
            IntStream.range(0, 1000).forEach(number -> capture.see(datagram(number)));
            Await.until(
                    "it is there while the capture goes on",
                    () -> Files.size(file) == file(IntStream.range(0, 1000)).length);
        }
        assertThat(capture.amount()).isEqualTo("1000 datagrams in " + file);
        assertThat(file).hasBinaryContent(file(IntStream.range(0, 1000)));
    }

    @Test
    void noncesAreForTheOwnerAlone() throws Exception {
        var file = directory.resolve("new.pcap");
        CaptureFile.open(file, taps, WALL).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFullDiskEndsIt() throws Exception {
        var disk = new OutputStream() {
            private int room = 24 + 16 + 32;

            @Override
            public void write(int octet) throws IOException {
                if (room-- == 0) {
                    throw new IOException("No space left on device");
                }
            }
        };
        var capture = new CaptureFile(NAME, disk, taps, WALL);
        capture.start();
        capture.see(datagram(1));
        capture.see(datagram(2));
        Await.until("it has ended", () -> capture.trouble().isPresent());
        assertThat(capture.trouble()).contains("No space left on device");
        capture.see(datagram(3));
        capture.close();
        assertThat(capture.amount()).isEqualTo("1 datagrams in /var/x.pcap");
    }

    /** Whoever tells it of a datagram goes on at once. */
    @Test
    void aSlowDiskCostsDatagramsAndNobodyWaits() throws Exception {
        var free = new Semaphore(24);
        var written = new ByteArrayOutputStream();
        var disk = new OutputStream() {
            @Override
            public void write(int octet) {
                free.acquireUninterruptibly();
                written.write(octet);
            }
        };
        int all = 3 * CaptureFile.MOST_WAITING;
        var capture = new CaptureFile(NAME, disk, taps, WALL);
        capture.start();
        IntStream.range(0, all).forEach(number -> capture.see(datagram(number)));
        free.release(Integer.MAX_VALUE / 2);
        capture.close();
        int kept = (written.size() - 24) / (16 + 32);
        assertThat(kept).isBetween(CaptureFile.MOST_WAITING, all - 1);
        assertThat(written.toByteArray())
                .as("what comes later is kept when there is room again")
                .startsWith(file(IntStream.range(0, CaptureFile.MOST_WAITING)));
        assertThat(capture.amount())
                .isEqualTo(kept + " datagrams in /var/x.pcap, " + (all - kept) + " missed: the disk is too slow");
    }

    @Test
    void whatCannotBeWrittenIsRefused() throws Exception {
        try (var order = new CaptureOrder(taps, WALL)) {
            assertThatThrownBy(() -> order.done(List.of("start", CaptureOrder.word(directory))))
                    .isInstanceOf(OrderRefused.class)
                    .hasMessageStartingWith(directory + ": cannot be written: ");
            assertThatThrownBy(() -> order.done(List.of("start", CaptureOrder.word(Path.of("/dev/full")))))
                    .hasMessageStartingWith("/dev/full: cannot be written: ")
                    .hasMessageEndingWith("; choose another file");
            assertThatThrownBy(() -> order.done(List.of("start", "pcp.pcap")))
                    .hasMessage("'pcp.pcap' names no file as file:///tmp/pcp.pcap does");
            assertThat(order.done(List.of())).isEqualTo("it captures nothing\n");
        }
    }
}
