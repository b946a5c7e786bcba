package io.portreeve.igd.daemon;

import io.portreeve.storage.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
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
                var fresh = fresh();
                StateFile.write(file, fresh.uuid + "\n" + fresh.pathToken + "\n");
            }
            return read(file);
        } catch (IOException e) {
            throw new StartException(file + ": cannot be read or written: " + FileTrouble.of(e)
                    + "; give this program the right to write there, or choose another 'state-dir'");
        }
    }

    private static Identity read(Path file) throws IOException, StartException {
        var lines = Files.readAllLines(file);
        try {
            var identity = new Identity(UUID.fromString(lines.getFirst()), lines.get(1));
            if (HexFormat.of().parseHex(identity.pathToken).length == TOKEN_OCTETS) {
                return identity;
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException e) {
            throw damaged(file);
        }
        throw damaged(file);
    }

    private static StartException damaged(Path file) {
        return new StartException(file + ": is damaged; delete it, and control points will see a new device");
    }

    private static Identity fresh() {
        var token = new byte[TOKEN_OCTETS];
        new SecureRandom().nextBytes(token);
        return new Identity(UUID.randomUUID(), HexFormat.of().formatHex(token));
    }
}
