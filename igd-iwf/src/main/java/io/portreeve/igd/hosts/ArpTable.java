package io.portreeve.igd.hosts;

import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The kernel's table of the IPv4 hosts that have told their hardware address, as {@code /proc/net/arp} shows it. */
public record ArpTable(Path file, String interfaceName) {
    private static final Path OF_THIS_MACHINE = Path.of("/proc/net/arp");

    private static final int ADDRESS = 0;
    private static final int FLAGS = 2;
    private static final int INTERFACE = 5;
    private static final int COMPLETE = 0x2;

    /** {@return that of this machine, as far as it is about {@code interfaceName}} */
    public static ArpTable of(String interfaceName) {
        return new ArpTable(OF_THIS_MACHINE, interfaceName);
    }

    /** {@return the hosts that are there} Those that are asked and do not answer are not among them. */
    Set<PcpAddress> hosts() throws IOException {
        var hosts = new HashSet<PcpAddress>();
        for (var line : Files.readAllLines(file)) {
            var cells = line.strip().split(" +");
            if (cells.length > INTERFACE && cells[INTERFACE].equals(interfaceName) && isComplete(cells[FLAGS])) {
                hosts.add(PcpAddress.parse(cells[ADDRESS]));
            }
        }
        return hosts;
    }

    private static boolean isComplete(String flags) {
        return flags.startsWith("0x") && (Integer.parseInt(flags.substring(2), 16) & COMPLETE) != 0;
    }
}
