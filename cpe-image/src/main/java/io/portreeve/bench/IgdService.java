package io.portreeve.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * A gateway's WANIPConnection service.
 *
 * @param type as its description writes it, with the version
 */
public record IgdService(URI control, String type) {
    private static final Pattern SERVICE = Pattern.compile(
            "<serviceType>\\s*(urn:schemas-upnp-org:service:"
                    + "WANIPConnection:[12])\\s*</serviceType>(?:(?!</service>).)*<controlURL>\\s*([^<\\s]+)",
            Pattern.DOTALL);

    public static IgdService describedAt(URI description) throws IOException {
        return in(Http.get(description), description);
    }

    /** @param base what relative URLs are relative to */
    static IgdService in(String description, URI base) throws IOException {
        var service = SERVICE.matcher(description);
        if (!service.find()) {
            throw new IOException(base + " describes no WANIPConnection");
        }
        return new IgdService(base.resolve(service.group(2)), service.group(1));
    }

    /**
     * {@return the body of the answer}
     *
     * @param arguments as XML
     */
    public String call(InetAddress client, String action, String arguments) throws IOException {
        try {
            return Http.post(client, control, type + "#" + action, """
                    <?xml version="1.0"?>\r
                    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
                    s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
                    <u:%1$s xmlns:u="%2$s">%3$s</u:%1$s></s:Body></s:Envelope>\r
                    """.formatted(action, type, arguments));
        } catch (IOException e) {
            throw new IOException(action + " at " + control + ": " + e.getMessage(), e);
        }
    }
}
