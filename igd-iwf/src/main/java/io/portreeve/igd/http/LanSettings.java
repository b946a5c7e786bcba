package io.portreeve.igd.http;

import io.portreeve.igd.ssdp.LanPrefix;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where and as what the gateway is seen on the LAN.
 *
 * @param httpPort 0 for any free one
 * @param pathToken the secret part of all URLs: 16 to 64 letters or digits, the same as long as possible, because control points remember URLs
 * @param deviceUuid the same for ever
 * @param friendlyName what people see: 1 to 63 characters
 */
public record LanSettings(
        String interfaceName, LanPrefix lan, int httpPort, String pathToken, UUID deviceUuid, String friendlyName) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9]{16,64}");
    private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,63}");

    public LanSettings {
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
