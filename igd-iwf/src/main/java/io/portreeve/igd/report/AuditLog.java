package io.portreeve.igd.report;

import io.portreeve.igd.gateway.Journal;
import io.portreeve.igd.iwf.AuditRecord;
import io.portreeve.json.Json;
import io.portreeve.storage.FileTrouble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who opened what, and when: one JSON object a line. A disk that is full loses lines, but never stops the gateway. */
public final class AuditLog implements Consumer<Journal.Line>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final Path file;
    private WritableByteChannel channel;
    private boolean isWriting = true;

    /** A disk that was full has taken part of a line. */
    private boolean isInLine;

    AuditLog(Path file, WritableByteChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Appends to {@code file}, which is made for its owner's eyes only. */
    public static AuditLog open(Path file) throws IOException {
        return new AuditLog(file, append(file));
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Goes on in a file of the same name: the one there was may have been moved away. */
    public synchronized void reopen() {
        try {
            var old = channel;
            channel = append(file);
            isWriting = true;
            isInLine = false;
            old.close();
        } catch (IOException e) {
            LOG.error("{}: cannot be opened again: {}", file, FileTrouble.of(e));
        }
    }

    @Override
    public synchronized void accept(Journal.Line line) {
        var text = (isInLine ? "\n" : "") + Json.of(members(line)) + "\n";
        var octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        try {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            isWriting = true;
            isInLine = false;
        } catch (IOException e) {
            isInLine |= octets.position() > 0;
            if (isWriting) {
                LOG.error(
                        "{}: cannot be written: {}; what happens until it can be is in this log alone",
                        file,
                        FileTrouble.of(e));
            }
            isWriting = false;
        }
    }

    private static Map<String, Object> members(Journal.Line line) {
        var entry = line.entry().entry();
        var key = entry.map(AuditRecord.Entry::key);
        var members = new LinkedHashMap<String, Object>();
        members.put("at", line.at());
        members.put("what", line.entry().what().name().toLowerCase(Locale.ROOT));
        members.put("host", line.entry().host());
        members.put("protocol", key.map(it -> it.protocol().toString()));
        members.put("externalPort", key.map(it -> it.externalPort()));
        members.put("remoteHost", key.flatMap(it -> it.remoteHost()));
        members.put("internalClient", entry.map(AuditRecord.Entry::internalClient));
        members.put("internalPort", entry.map(AuditRecord.Entry::internalPort));
        members.put("why", Optional.of(line.entry().why()).filter(why -> !why.isEmpty()));
        return members;
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
