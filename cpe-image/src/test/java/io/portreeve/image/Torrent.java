package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;

/** A file that BitTorrent clients can share, and how to ask one of them for it. Source: BEP 3. */
final class Torrent {
    private static final byte[] CONTENT = "hello\n".getBytes(StandardCharsets.US_ASCII);
    private static final String PROTOCOL = "\u0013BitTorrent protocol";
    private static final int HASH_AT = PROTOCOL.length() + 8;
    private static final int PEER_AT = HASH_AT + 20;
    private static final int HANDSHAKE_OCTETS = PEER_AT + 20;

    /** Where the shared file lies. */
    final Path folder;

    final Path file;
    private final byte[] info;

    /** @param folder where both files are written */
    Torrent(Path folder) throws Exception {
        this.folder = folder;
        file = folder.resolve("shared.torrent");
        info = joined(
                "d6:lengthi" + CONTENT.length + "e4:name6:shared12:piece lengthi32768e6:pieces20:", sha1(CONTENT), "e");
        Files.write(folder.resolve("shared"), CONTENT);
        Files.write(file, joined("d4:info", info, "e"));
    }

    private static byte[] joined(String before, byte[] octets, String after) throws IOException {
        var all = new ByteArrayOutputStream();
        all.write(before.getBytes(StandardCharsets.US_ASCII));
        all.write(octets);
        all.write(after.getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    private static byte[] sha1(byte[] octets) throws Exception {
        return MessageDigest.getInstance("SHA-1").digest(octets);
    }

    /** {@return which program answers the handshake on {@code connection}: what its peer id begins with, such as -TR3000-} */
    String peer(Socket connection) throws Exception {
        var hash = sha1(info);
        connection.getOutputStream().write(joined(PROTOCOL + "\0".repeat(8), hash, "-XX0000-" + "0".repeat(12)));
        var answer = connection.getInputStream().readNBytes(HANDSHAKE_OCTETS);
        assertThat(answer).as("the handshake").hasSize(HANDSHAKE_OCTETS);
        assertThat(Arrays.copyOfRange(answer, HASH_AT, PEER_AT))
                .as("the torrent's hash")
                .isEqualTo(hash);
        return new String(answer, PEER_AT, 8, StandardCharsets.US_ASCII);
    }
}
