package io.portreeve.igd.ssdp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes {@link SsdpMessage}s as UPnP Device Architecture 1.1 has them.
 *
 * @param server the SERVER header
 */
public record SsdpWriter(String server) {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final String MAX_AGE = "max-age=" + SsdpEngine.MAX_AGE.toSeconds();

    byte[] write(Send send, Instant date) {
        var text = switch (send.message()) {
            case SsdpMessage.Found found -> found(send, found, date);
            case SsdpMessage.Alive alive -> alive(send, alive);
            case SsdpMessage.ByeBye byeBye -> notify(send, byeBye, "ssdp:byebye");
            case SsdpMessage.Update update -> update(send, update);
        };
        return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private String found(Send send, SsdpMessage.Found found, Instant date) {
        return "HTTP/1.1 200 OK\r\n"
                + header("CACHE-CONTROL", MAX_AGE)
                + date(send, date)
                + "EXT:\r\n"
                + location(send)
                + header("SERVER", server)
                + header("ST", found.about().target())
                + header("USN", found.about().usn())
                + ids(send);
    }

    /** Only recommended, and with the long addresses of IPv6 the answers to one search would be more than 4 KiB. */
    private static String date(Send send, Instant date) {
        return send.from().lan().group() == SsdpGroup.IPV4 ? header("DATE", HTTP_DATE.format(date)) : "";
    }

    private String alive(Send send, SsdpMessage.Alive alive) {
        return notify(send, alive, "ssdp:alive")
                + header("CACHE-CONTROL", MAX_AGE)
                + location(send)
                + header("SERVER", server);
    }

    private static String update(Send send, SsdpMessage.Update update) {
        return notify(send, update, "ssdp:update")
                + location(send)
                + header("NEXTBOOTID.UPNP.ORG", Integer.toString(update.nextBootId()));
    }

    /** What all announcements have in common. */
    private static String notify(Send send, SsdpMessage message, String kind) {
        return "NOTIFY * HTTP/1.1\r\n"
                + header("HOST", send.from().lan().group().host)
                + header("NT", message.about().target())
                + header("NTS", kind)
                + header("USN", message.about().usn())
                + ids(send);
    }

    private static String location(Send send) {
        return header("LOCATION", send.from().location(send.message().face()));
    }

    private static String ids(Send send) {
        return header("BOOTID.UPNP.ORG", Integer.toString(send.bootId()))
                + header(
                        "CONFIGID.UPNP.ORG",
                        Integer.toString(send.message().face().configId()));
    }

    private static String header(String name, String value) {
        return name + ": " + value + "\r\n";
    }
}
