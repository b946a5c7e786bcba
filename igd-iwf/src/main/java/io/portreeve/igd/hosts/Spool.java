package io.portreeve.igd.hosts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;

/**
 * A folder into which others put small files, each under a name that begins with a dot until it is whole. Who may write there is
 * believed.
 *
 * @param folder with a parent
 */
record Spool(Path folder) {
    private static final int MOST_FILES = 1000;
    private static final int MOST_OCTETS = 256;

    /** Makes the folder if it is not there, for its owner and its group. @throws IOException with what to do about it */
    void make() throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectories(folder.getParent());
                var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
                Files.createDirectory(folder, mine);
                Files.setPosixFilePermissions(
                        folder, PosixFilePermissions.fromString("rwxrwx---")); // whatever the umask
            } catch (IOException e) {
                throw new IOException("it cannot be made (" + e + "); make it for this program", e);
            }
        }
        var attributes = Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (!attributes.isDirectory()) {
            throw new IOException("it is no folder; remove it");
        }
        if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("anybody may write there, and close the ports of others; chmod o-w it");
        }
    }

    /** {@return the first files by name, at most a thousand} */
    List<Path> next() throws IOException {
        var first = new TreeSet<Path>();
        try (var files = Files.newDirectoryStream(
                folder, file -> !file.getFileName().toString().startsWith("."))) {
            for (var file : files) {
                first.add(file);
                if (first.size() > MOST_FILES) {
                    first.pollLast();
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return List.copyOf(first);
    }

    /** @throws IllegalArgumentException if it is not a small file, with what was expected */
    static String text(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) { // to open a pipe would wait
            throw new IllegalArgumentException("expected: a regular file");
        }
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            var octets = in.readNBytes(MOST_OCTETS + 1);
            if (octets.length > MOST_OCTETS) {
                throw new IllegalArgumentException("expected: at most " + MOST_OCTETS + " octets");
            }
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
    }
}
