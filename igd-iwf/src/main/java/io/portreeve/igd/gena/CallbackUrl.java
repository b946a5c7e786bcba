package io.portreeve.igd.gena;

import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the events of a subscription go.
 *
 * @param address the subscriber's own; its name is never looked up, so that it cannot become another
 * @param target path and query as the request line has them
 */
record CallbackUrl(PcpAddress address, int port, String target) {
    private static final int HTTP_PORT = 80;
    private static final int LOWEST_PORT = 1024;
    private static final int HIGHEST_PORT = 65_535;
    private static final int MAX_TARGET = 1024;

    /**
     * CALLBACK: one URL or several, each in angle brackets. UPnP Device Architecture 1.1 section 4.1.2.
     *
     * <p>Possessive, here and below: a pattern that goes back needs a stack as deep as the header is long.
     */
    private static final Pattern HEADER = Pattern.compile("(?:[ \\t]*+<[^<>]*+>)++[ \\t]*+");

    private static final Pattern BRACKETS = Pattern.compile("<([^<>]*+)>");

    /** In the target: visible ASCII without what no URL holds as it is, and without a fragment. */
    private static final Pattern URL = Pattern.compile("(?i:http)://(?:(?<v4>[0-9.]++)|\\[(?<v6>[0-9A-Fa-f:]++)])"
            + "(?::(?<port>[0-9]{1,5}+))?(?<target>[/?][!$-;=?-\\[\\]_a-z~]*+)?");

    /** {@return the first URL of a CALLBACK header that leads back to {@code requester}, or empty if none does} */
    static Optional<CallbackUrl> first(String header, PcpAddress requester) {
        if (!HEADER.matcher(header).matches()) {
            return Optional.empty();
        }
        return BRACKETS.matcher(header)
                .results()
                .flatMap(url -> parse(url.group(1)).stream())
                .filter(url -> url.address.equals(requester))
                .findFirst();
    }

    private static Optional<CallbackUrl> parse(String text) {
        var url = URL.matcher(text);
        if (!url.matches()) {
            return Optional.empty();
        }
        int port = url.group("port") == null ? HTTP_PORT : Integer.parseInt(url.group("port"));
        var target = target(url.group("target"));
        if (!isOrdinary(port) || target.length() > MAX_TARGET) {
            return Optional.empty();
        }
        return address(url.group("v4"), url.group("v6")).map(address -> new CallbackUrl(address, port, target));
    }

    /** {@return path and query, of which the path may not be missing in a request line} */
    private static String target(String written) {
        if (written == null) {
            return "/";
        }
        return written.startsWith("?") ? "/" + written : written;
    }

    /** Other low ports belong to servers that are no control points and might take an event for a command. */
    private static boolean isOrdinary(int port) {
        return port == HTTP_PORT || port >= LOWEST_PORT && port <= HIGHEST_PORT;
    }

    /** {@return the one of the two that is there} IPv4 within brackets would be a second way to write one address. */
    private static Optional<PcpAddress> address(String v4, String v6) {
        try {
            var address = PcpAddress.parse(v6 == null ? v4 : v6);
            return Optional.of(address).filter(it -> it.isIpv4() == (v6 == null));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return what the HOST header says} */
    String host() {
        return address.toUrlHost() + ":" + port;
    }
}
