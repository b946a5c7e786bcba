package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;

/**
 * One end of a mapping, or where a request came from.
 *
 * @param port 0..65535
 */
public record Endpoint(PcpAddress address, int port) {

    /**
     * {@return what {@link #toString} wrote}
     *
     * @throws IllegalArgumentException if it is no address with a port from 1 on
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        var host = colon < 0 ? "" : text.substring(0, colon);
        var port = text.substring(colon + 1);
        boolean isPort = port.matches("\\d{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65_535;
        if (host.isEmpty() || !isPort) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address and a port, as 203.0.114.1:8080 or [2001:db8::1]:80");
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        var address = bracketed ? host.substring(1, host.length() - 1) : host;
        return new Endpoint(PcpAddress.parse(address), Integer.parseInt(port));
    }

    /** {@return the address and the port as people write them, with brackets around IPv6} */
    @Override
    public String toString() {
        return address.toUrlHost() + ":" + port;
    }
}
