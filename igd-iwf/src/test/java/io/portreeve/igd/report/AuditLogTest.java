package io.portreeve.igd.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gateway.Journal;
import io.portreeve.igd.iwf.AuditRecord;
import io.portreeve.igd.iwf.AuditRecord.What;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");
    private static final PortMappingKey KEY =
            new PortMappingKey(Optional.of(PcpAddress.parse("198.51.100.7")), 80, IpProtocol.TCP);
    private static final Journal.Line OPENED = new Journal.Line(
            Instant.parse("2026-01-02T03:04:05.678Z"),
            new AuditRecord(What.OPENED, Optional.of(HOST), Optional.of(new AuditRecord.Entry(KEY, HOST, 8080)), ""));
    private static final Journal.Line NO_ADDRESS = new Journal.Line(
            Instant.EPOCH, new AuditRecord(What.NO_ADDRESS, Optional.empty(), Optional.empty(), "two\nlines"));

    private static final String OPENED_LINE = """
            {"at":"2026-01-02T03:04:05.678Z","what":"opened","host":"192.168.1.10","protocol":"TCP","externalPort":80,\
            "remoteHost":"198.51.100.7","internalClient":"192.168.1.10","internalPort":8080,"why":null}
            """;
    private static final String NO_ADDRESS_LINE = """
            {"at":"1970-01-01T00:00:00Z","what":"no_address","host":null,"protocol":null,"externalPort":null,\
            "remoteHost":null,"internalClient":null,"internalPort":null,"why":"two\\u000alines"}
            """;

    @TempDir
    private Path folder;

    /** Takes some octets, and cannot be closed cleanly while it is full. */
    private static final class FullDisk implements WritableByteChannel {
        private final StringBuilder text = new StringBuilder();
        private int room;

        FullDisk(int room) {
            this.room = room;
        }

        @Override
        public int write(ByteBuffer octets) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int taken = Math.min(room, octets.remaining());
            for (int i = 0; i < taken; i++) {
                text.append((char) octets.get());
            }
            room -= taken;
            return taken;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
        }
    }

    @Test
    void addsALineForEachEventToWhatIsThere() throws Exception {
        var file = folder.resolve("audit");
        try (var log = AuditLog.open(file)) {
            log.accept(OPENED);
        }
        try (var log = AuditLog.open(file)) {
            log.accept(NO_ADDRESS);
        }
        assertThat(file).hasContent(OPENED_LINE + NO_ADDRESS_LINE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void goesOnInANewFileWhenTheOldOneWasMovedAway() throws Exception {
        var file = folder.resolve("audit");
        try (var log = AuditLog.open(file)) {
            log.accept(OPENED);
            Files.move(file, folder.resolve("audit.1"));
            log.reopen();
            log.accept(NO_ADDRESS);
        }
        assertThat(folder.resolve("audit.1")).hasContent(OPENED_LINE);
        assertThat(file).hasContent(NO_ADDRESS_LINE);
    }

    @Test
    void keepsItsFileWhenThereCannotBeAnother() throws Exception {
        var home = Files.createDirectory(folder.resolve("log"));
        var file = home.resolve("audit");
        try (var log = AuditLog.open(file)) {
            Files.move(home, folder.resolve("moved"));
            log.reopen();
            log.accept(OPENED);
        }
        assertThat(folder.resolve("moved").resolve("audit")).hasContent(OPENED_LINE);
    }

    @Test
    void aFullDiskLosesLinesAndNothingElse() throws Exception {
        var file = Files.createSymbolicLink(folder.resolve("audit"), Path.of("/dev/full"));
        try (var log = AuditLog.open(file)) {
            log.accept(OPENED);
            log.accept(OPENED);
            Files.delete(file);
            log.reopen();
            log.accept(NO_ADDRESS);
            log.accept(OPENED);
        }
        assertThat(Files.readString(file)).isEqualTo(NO_ADDRESS_LINE + OPENED_LINE);
    }

    @Test
    void whatFollowsHalfALineIsALineOfItsOwn() throws Exception {
        var disk = new FullDisk(5);
        try (var log = new AuditLog(folder.resolve("audit"), disk)) {
            log.accept(OPENED);
            log.accept(OPENED);
            disk.room = Integer.MAX_VALUE;
            log.accept(NO_ADDRESS);
            log.accept(OPENED);
        }
        assertThat(disk.text).hasToString(OPENED_LINE.substring(0, 5) + "\n" + NO_ADDRESS_LINE + OPENED_LINE);
    }

    @Test
    void aNewFileBeginsWithALineThoughTheOldOneEndsWithHalf() throws Exception {
        var file = folder.resolve("audit");
        var disk = new FullDisk(5);
        try (var log = new AuditLog(file, disk)) {
            log.accept(OPENED);
            log.reopen();
            log.accept(NO_ADDRESS);
        }
        assertThat(disk.text).hasToString(OPENED_LINE.substring(0, 5));
        assertThat(Files.readString(file)).isEqualTo(NO_ADDRESS_LINE);
    }
}
