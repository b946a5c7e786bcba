package io.portreeve.igd.hosts;

import java.nio.file.Path;

/** The gateway cannot hear of the DHCP server's leases; the message says what to do. */
public final class LeaseEventsException extends Exception {
    private static final long serialVersionUID = 1;

    LeaseEventsException(Path folder, String message) {
        super("lease-events = " + folder + ": " + message);
    }
}
