package io.portreeve.bench;

import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * A gateway's WANIPConnection service.
 *
 * @param type as its description writes it, with the version
 */
record IgdService(URI control, String type) {
    private static final Pattern SERVICE = Pattern.compile(
            "<serviceType>\\s*(urn:schemas-upnp-org:service:"
                    + "WANIPConnection:[12])\\s*</serviceType>(?:(?!</service>).)*<controlURL>\\s*([^<\\s]+)",
            Pattern.DOTALL);

    static IgdService describedAt(URI description) throws IOException {
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
}
