package io.portreeve.igd.iwf;

import java.time.Duration;

/** How a host has left the LAN, and how long it may take to come back before its entries go. */
public enum Departure {
    /** It has given back its address. */
    RELEASED(Duration.ZERO, "its host has given back its address"),

    /** It has not renewed its address. */
    EXPIRED(Duration.ofMinutes(1), "its host has not renewed its address"),

    /** It has not been on the LAN for as long as it may be away. */
    ABSENT(Duration.ZERO, "its host has long not been on the LAN");

    private final Duration patience;
    private final String why;

    Departure(Duration patience, String why) {
        this.patience = patience;
        this.why = why;
    }

    Duration patience() {
        return patience;
    }

    String why() {
        return why;
    }
}
