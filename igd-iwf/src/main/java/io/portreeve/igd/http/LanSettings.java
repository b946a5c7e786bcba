package io.portreeve.igd.http;

import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.SsdpSettings;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where and as what the gateway is seen on the LAN.
 *
 * @param lans all its addresses there, at the start
 * @param httpPort 0 for any free one
 * @param pathToken the secret part of all URLs: 16 to 64 letters or digits, the same as long as possible, because control points remember URLs
 * @param deviceUuid the same for ever
 * @param friendlyName what people see: 1 to 63 characters
 * @param patience how long a client may take from its connection, or its last answer, to its next answer
 */
public record LanSettings(
        List<Lan> lans,
        int httpPort,
        String pathToken,
        UUID deviceUuid,
        String friendlyName,
        Duration patience,
        SsdpSettings ssdp) {

    /** As long as control points wait, and then some. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

    /** For what comes before an answer, and for the answer's way. */
    private static final Duration REST = Duration.ofSeconds(6);

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9]{16,64}");
    private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,63}");

    /** With the usual patience. */
    public LanSettings(
            List<Lan> lans, int httpPort, String pathToken, UUID deviceUuid, String friendlyName, SsdpSettings ssdp) {
        this(lans, httpPort, pathToken, deviceUuid, friendlyName, USUAL_PATIENCE, ssdp);
    }

    /** {@return the same with time for answers that take up to {@code longest}} */
    public LanSettings answering(Duration longest) {
        return new LanSettings(lans, httpPort, pathToken, deviceUuid, friendlyName, longest.plus(REST), ssdp);
    }

    public LanSettings {
        lans = List.copyOf(lans);
        if (httpPort < 0 || httpPort > 65_535) {
            throw new IllegalArgumentException("HTTP port: " + httpPort + " (expected: 0..65535)");
        }
        if (!TOKEN.matcher(pathToken).matches()) {
            throw new IllegalArgumentException("path token (expected: 16 to 64 letters or digits)");
        }
        if (!NAME.matcher(friendlyName).matches()) {
            throw new IllegalArgumentException("friendly name (expected: 1 to 63 characters)");
        }
    }
}
