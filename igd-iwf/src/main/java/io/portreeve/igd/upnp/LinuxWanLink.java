package io.portreeve.igd.upnp;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A network interface as Linux counts it. What cannot be read counts as 0, or as down.
 *
 * <p>Counters come from {@code /proc/net/dev}, which always shows the interfaces of this process, while {@code /sys/class/net} shows
 * those of whoever mounted it.
 */
public final class LinuxWanLink implements WanLink {
    private static final Path COUNTERS = Path.of("/proc/net/dev");
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final long BITS_PER_MEGABIT = 1_000_000;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int RECEIVED_BYTES = 0;
    private static final int RECEIVED_PACKETS = 1;
    private static final int SENT_BYTES = 8;
    private static final int SENT_PACKETS = 9;

    private final String name;
    private final Path counters;
    private final Path interfaces;

    public LinuxWanLink(String interfaceName) {
        this(interfaceName, COUNTERS, INTERFACES);
    }

    LinuxWanLink(String interfaceName, Path counters, Path interfaces) {
        this.name = interfaceName;
        this.counters = counters;
        this.interfaces = interfaces;
    }

    @Override
    public boolean isUp() {
        try {
            var link = NetworkInterface.getByName(name);
            return link != null && link.isUp();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public long bitsPerSecond() {
        try {
            return number(Files.readString(interfaces.resolve(name).resolve("speed"))) * BITS_PER_MEGABIT;
        } catch (IOException e) {
            return 0; // tunnels and links that are down have no speed
        }
    }

    @Override
    public Traffic traffic() {
        var columns = columns();
        return columns.length <= SENT_PACKETS
                ? new Traffic(0, 0, 0, 0)
                : new Traffic(
                        number(columns[SENT_BYTES]),
                        number(columns[RECEIVED_BYTES]),
                        number(columns[SENT_PACKETS]),
                        number(columns[RECEIVED_PACKETS]));
    }

    /** {@return what stands behind the interface's name} */
    private String[] columns() {
        try {
            return Files.readAllLines(counters).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> BLANKS.split(line.substring(name.length() + 1).strip()))
                    .findFirst()
                    .orElse(new String[0]);
        } catch (IOException e) {
            return new String[0];
        }
    }

    private static long number(String text) {
        var digits = text.strip();
        return NUMBER.matcher(digits).matches() ? Long.parseUnsignedLong(digits) : 0;
    }
}
