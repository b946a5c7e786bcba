package io.portreeve.igd.ssdp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an M-SEARCH asks. UPnP Device Architecture 1.1 section 1.3.2.
 *
 * @param target ST
 * @param mx MX, cut to five seconds; empty if the header is missing or no number
 * @param userAgent USER-AGENT, or nothing
 */
record SearchRequest(String target, Optional<Integer> mx, String userAgent) {
    private static final int MAX_MX_SECONDS = 5;
    private static final String MICROSOFT = "microsoft";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /**
     * {@return the search that {@code datagram} holds, or empty for everything else, other devices' NOTIFY included}
     *
     * <p>Forgives what control points get wrong: header names in any case, no blank after the colon, bare line feeds, too many
     * line ends.
     */
    static Optional<SearchRequest> parse(ByteBuffer datagram) {
        var lines = StandardCharsets.ISO_8859_1.decode(datagram).toString().split("\r?\n", -1);
        if (!lines[0].strip().equals("M-SEARCH * HTTP/1.1")) {
            return Optional.empty();
        }
        var headers = headers(lines);
        if (!"\"ssdp:discover\"".equals(headers.get("MAN"))) {
            return Optional.empty();
        }
        return Optional.ofNullable(headers.get("ST"))
                .map(target -> new SearchRequest(target, mx(headers), headers.getOrDefault("USER-AGENT", "")));
    }

    /** {@return true for Windows, which can make nothing of InternetGatewayDevice:2} */
    boolean isFromMicrosoft() {
        return userAgent.toLowerCase(Locale.ROOT).contains(MICROSOFT);
    }

    /** {@return true if a type of device or service is searched, which has a version} */
    boolean isForAType() {
        return target.startsWith("urn:");
    }

    private static Map<String, String> headers(String[] lines) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        lines[i].substring(0, colon).strip(),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static Optional<Integer> mx(Map<String, String> headers) {
        return Optional.ofNullable(headers.get("MX"))
                .filter(text -> NUMBER.matcher(text).matches())
                .map(text -> (int) Math.min(MAX_MX_SECONDS, Long.parseLong(text)));
    }
}
