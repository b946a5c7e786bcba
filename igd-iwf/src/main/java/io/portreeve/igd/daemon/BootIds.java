package io.portreeve.igd.daemon;

import io.portreeve.storage.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * BOOTID.UPNP.ORG: a number that is larger each time, over all starts. UPnP Device Architecture 1.1 section 1.2.2.
 *
 * <p>The date alone would do if every gateway had a clock that runs on without power; many begin in 1970 again. The date still
 * helps when the file is lost. One thread at a time.
 */
final class BootIds implements IntSupplier {
    private static final Logger LOG = LoggerFactory.getLogger(BootIds.class);
    private static final int LARGEST = Integer.MAX_VALUE;

    private final Path file;
    private final InstantSource date;
    private int last;

    BootIds(Path file, InstantSource date) {
        this.file = file;
        this.date = date;
        last = read();
    }

    /** {@return the next number, which no later start gives again: it is on the disk} */
    @Override
    public int getAsInt() {
        last = after(last, date.instant().getEpochSecond());
        try {
            StateFile.write(file, last + "\n");
        } catch (IOException e) {
            LOG.warn(
                    "{}: cannot be written: {}; without a clock, control points may not notice the next start",
                    file,
                    FileTrouble.of(e));
        }
        return last;
    }

    /** 31 bits have no place for dates from 2038 on, so it only counts then; after the last number comes the first. */
    private static int after(int last, long seconds) {
        int counted = last == LARGEST ? 1 : last + 1;
        return seconds < LARGEST ? Math.max(counted, (int) seconds) : counted;
    }

    private int read() {
        try {
            int stored = Integer.parseInt(Files.readString(file).strip());
            if (stored > 0) {
                return stored;
            }
            LOG.warn("{}: is damaged and begins anew", file);
        } catch (NoSuchFileException e) {
            LOG.debug("{}: begins", file);
        } catch (IOException | NumberFormatException e) {
            LOG.warn("{}: is damaged and begins anew: {}", file, e.getMessage());
        }
        return 0;
    }
}
