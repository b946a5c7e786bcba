package io.portreeve.igd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;

/**
 * What stays the same over all starts: the device's name for machines, and the secret part of its URLs.
 *
 * <p>Control points remember both; the path is random because a web page must not be able to guess it.
 */
record Identity(UUID uuid, String pathToken) {
    private static final int TOKEN_OCTETS = 16;

    /** {@return what {@code file} holds, which is made if it does not exist} */
    static Identity of(Path file) throws StartException {
        try {
            if (Files.notExists(file)) {
                write(file, fresh());
            }
            return read(file);
        } catch (IOException e) {
            throw new StartException(file + ": cannot be read or written (" + e + ")");
        }
    }

    private static Identity read(Path file) throws IOException, StartException {
        var lines = Files.readAllLines(file);
        try {
            var identity = new Identity(UUID.fromString(lines.getFirst()), lines.get(1));
            HexFormat.of().parseHex(identity.pathToken);
            return identity;
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException e) {
            throw new StartException(file + ": is damaged; delete it, and control points will see a new device");
        }
    }

    private static Identity fresh() {
        var token = new byte[TOKEN_OCTETS];
        new SecureRandom().nextBytes(token);
        return new Identity(UUID.randomUUID(), HexFormat.of().formatHex(token));
    }

    /** Written whole or not at all, so that a crash leaves no half of it. */
    private static void write(Path file, Identity identity) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, List.of(identity.uuid.toString(), identity.pathToken));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
