package io.portreeve.igd.http;

/**
 * The SERVER header, which UPnP wants as {@code OS/version UPnP/1.1 product/version}. UPnP Device Architecture 1.1 section 1.2.2.
 *
 * <p>Two numbers of the system's version are enough: more would help attackers, and make the answers to a search longer.
 */
final class ServerToken {
    static final String TEXT = System.getProperty("os.name").replaceAll("[^A-Za-z0-9]", "")
            + "/"
            + System.getProperty("os.version").replaceFirst("^([0-9]+(\\.[0-9]+)?).*", "$1")
            + " UPnP/1.1 Portreeve/0.1";

    private ServerToken() {}
}
