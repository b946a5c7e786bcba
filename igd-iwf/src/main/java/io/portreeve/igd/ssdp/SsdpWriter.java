package io.portreeve.igd.ssdp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes {@link SsdpMessage}s as UPnP Device Architecture 1.1 has them.
 *
 * @param location the URL of the description, with the LAN address as it is
 * @param server the SERVER header
 * @param bootId grows with every start, 31 bits
 * @param configId changes with the descriptions, 24 bits
 */
public record SsdpWriter(String location, String server, int bootId, int configId) {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final String MAX_AGE = "max-age=" + SsdpEngine.MAX_AGE.toSeconds();
    private static final String HOST = SsdpEngine.GROUP + ":" + SsdpEngine.PORT;

    byte[] write(SsdpMessage message, Instant date) {
        var text = switch (message) {
            case SsdpMessage.Found(var about) -> found(about, date);
            case SsdpMessage.Alive(var about) -> alive(about);
            case SsdpMessage.ByeBye(var about) -> byeBye(about);
        };
        return (text + ids() + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private String found(Advertised about, Instant date) {
        return "HTTP/1.1 200 OK\r\n"
                + header("CACHE-CONTROL", MAX_AGE)
                + header("DATE", HTTP_DATE.format(date))
                + "EXT:\r\n"
                + header("LOCATION", location)
                + header("SERVER", server)
                + header("ST", about.target())
                + header("USN", about.usn());
    }

    private String alive(Advertised about) {
        return "NOTIFY * HTTP/1.1\r\n"
                + header("HOST", HOST)
                + header("CACHE-CONTROL", MAX_AGE)
                + header("LOCATION", location)
                + header("NT", about.target())
                + header("NTS", "ssdp:alive")
                + header("SERVER", server)
                + header("USN", about.usn());
    }

    private static String byeBye(Advertised about) {
        return "NOTIFY * HTTP/1.1\r\n"
                + header("HOST", HOST)
                + header("NT", about.target())
                + header("NTS", "ssdp:byebye")
                + header("USN", about.usn());
    }

    private String ids() {
        return header("BOOTID.UPNP.ORG", Integer.toString(bootId))
                + header("CONFIGID.UPNP.ORG", Integer.toString(configId));
    }

    private static String header(String name, String value) {
        return name + ": " + value + "\r\n";
    }
}
