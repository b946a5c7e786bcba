package io.portreeve.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** A database that cannot be read any more. It is put aside, because somebody may want to know what it held. */
public final class DamagedFile {
    /** As many of them as are worth their room. */
    private static final int KEPT = 3;

    /** SQLITE_CORRUPT and SQLITE_NOTADB; what else may go wrong does not mean that the file is bad. */
    private static final List<Integer> DAMAGE = List.of(11, 26);

    private DamagedFile() {}

    /** {@return true if {@code failure} came about because a file is no database, or a broken one} */
    public static boolean isCauseOf(Throwable failure) {
        return switch (failure) {
            case null -> false;
            case SQLException e when DAMAGE.contains(e.getErrorCode() & 0xFF) -> true;
            default -> isCauseOf(failure.getCause());
        };
    }

    /**
     * Renames {@code file}, and what belongs to it, so that a new one can be made. Of those put aside earlier the newest stay.
     *
     * @return the new name
     * @throws StorageException if that cannot be done
     */
    public static Path setAside(Path file, Instant now) throws StorageException {
        var aside = file.resolveSibling(file.getFileName() + ".corrupt-" + now.getEpochSecond());
        try {
            for (var suffix : List.of("", "-wal", "-shm")) {
                var part = file.resolveSibling(file.getFileName() + suffix);
                if (Files.exists(part)) {
                    Files.move(part, aside.resolveSibling(aside.getFileName() + suffix));
                }
            }
            removeOldest(file);
            return aside;
        } catch (IOException e) {
            throw new StorageException(
                    file + ": is damaged and cannot be put aside: " + FileTrouble.of(e) + "; move it away", e);
        }
    }

    private static void removeOldest(Path file) throws IOException {
        var name = Pattern.compile(Pattern.quote(file.getFileName() + ".corrupt-") + "\\d+");
        try (var siblings = Files.list(file.toAbsolutePath().getParent())) {
            var oldest = siblings.filter(
                            it -> name.matcher(it.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(Path::getFileName).reversed())
                    .skip(KEPT)
                    .toList();
            for (var old : oldest) {
                for (var suffix : List.of("", "-wal", "-shm")) {
                    Files.deleteIfExists(old.resolveSibling(old.getFileName() + suffix));
                }
            }
        }
    }
}
