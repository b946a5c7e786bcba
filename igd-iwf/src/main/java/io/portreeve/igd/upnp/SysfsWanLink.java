package io.portreeve.igd.upnp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A network interface as Linux shows it under {@code /sys/class/net}. What cannot be read counts as 0, or as down. */
public final class SysfsWanLink implements WanLink {
    private static final long BITS_PER_MEGABIT = 1_000_000;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Path directory;

    public SysfsWanLink(String interfaceName) {
        this(Path.of("/sys/class/net"), interfaceName);
    }

    SysfsWanLink(Path interfaces, String interfaceName) {
        directory = interfaces.resolve(interfaceName);
    }

    /** Tunnels and point-to-point links have no state of their own: they are "unknown" while they work. */
    @Override
    public boolean isUp() {
        return switch (text("operstate")) {
            case "up", "unknown" -> true;
            default -> false;
        };
    }

    @Override
    public long bitsPerSecond() {
        return number("speed") * BITS_PER_MEGABIT;
    }

    @Override
    public Traffic traffic() {
        return new Traffic(
                number("statistics/tx_bytes"),
                number("statistics/rx_bytes"),
                number("statistics/tx_packets"),
                number("statistics/rx_packets"));
    }

    private long number(String file) {
        var text = text(file);
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }

    private String text(String file) {
        try {
            return Files.readString(directory.resolve(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
