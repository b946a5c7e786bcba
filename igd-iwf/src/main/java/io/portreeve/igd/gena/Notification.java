package io.portreeve.igd.gena;

import io.portreeve.igd.upnp.XmlText;
import java.nio.charset.StandardCharsets;
import java.util.SequencedMap;

/**
 * One event, as it goes to one subscriber. UPnP Device Architecture 1.1 section 4.3.2.
 *
 * @param from the gateway's address that the subscriber knows
 * @param key SEQ: 0 for the first, 32 bits
 */
record Notification(
        String sid, long key, ScopedAddress from, CallbackUrl callback, SequencedMap<String, String> properties) {

    private static final long MAX_KEY = 0xFFFF_FFFFL;

    /** {@return the key of the next event} 0 is for the first alone. */
    static long keyAfter(long key) {
        return key == MAX_KEY ? 1 : key + 1;
    }

    byte[] write() {
        var body = body();
        var head = "NOTIFY " + callback.target() + " HTTP/1.1\r\n"
                + header("HOST", callback.host())
                + header("CONTENT-TYPE", "text/xml; charset=\"utf-8\"")
                + header("NT", "upnp:event")
                + header("NTS", "upnp:propchange")
                + header("SID", sid)
                + header("SEQ", Long.toString(key))
                + header("CONTENT-LENGTH", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length));
        return (head + "\r\n" + body).getBytes(StandardCharsets.UTF_8);
    }

    private String body() {
        var out = new StringBuilder(
                "<?xml version=\"1.0\"?>\r\n" + "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\">");
        properties.forEach((name, value) -> {
            out.append("<e:property>");
            XmlText.element(name, value, out);
            out.append("</e:property>");
        });
        return out.append("</e:propertyset>\r\n").toString();
    }

    private static String header(String name, String value) {
        return name + ": " + value + "\r\n";
    }
}
