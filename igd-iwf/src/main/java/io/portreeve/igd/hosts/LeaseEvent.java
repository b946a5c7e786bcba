package io.portreeve.igd.hosts;

import io.portreeve.igd.iwf.Departure;
import io.portreeve.igd.iwf.HardwareAddress;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a DHCP server says of one address, on one line: {@code add 192.168.1.10 02:00:5e:10:00:01}.
 *
 * @param host of IPv4 or IPv6
 * @param hardware of the host; empty if the server does not say, or not in the usual form
 */
record LeaseEvent(Kind kind, PcpAddress host, Optional<HardwareAddress> hardware) {
    private static final Pattern FORM = Pattern.compile("(add|old|del|release) ([0-9A-Fa-f.:]+)(?: ([!-~]+))?\n?");

    enum Kind {
        /** Somebody has the address, from now on or still. */
        LEASED,

        /** Nobody has it any more, because its time is over or for a reason the server does not tell. */
        ENDED,

        /** Its host has given it back. */
        RELEASED
    }

    /** @throws IllegalArgumentException if {@code line} is none, with what was expected */
    static LeaseEvent parse(String line) {
        var match = FORM.matcher(line);
        if (!match.matches()) {
            throw new IllegalArgumentException("expected: add|old|del|release ADDRESS [HARDWARE-ADDRESS]");
        }
        var kind = switch (match.group(1)) {
            case "del" -> Kind.ENDED;
            case "release" -> Kind.RELEASED;
            default -> Kind.LEASED;
        };
        return new LeaseEvent(
                kind,
                PcpAddress.parse(match.group(2)),
                Optional.ofNullable(match.group(3)).flatMap(LeaseEvent::hardware));
    }

    /** A network of another kind has addresses of another form; what its hosts give back shall not stay open for that. */
    private static Optional<HardwareAddress> hardware(String text) {
        try {
            return Optional.of(new HardwareAddress(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    void tell(HostListener listener) {
        switch (kind) {
            case LEASED -> listener.hostSeen(host, hardware);
            case ENDED -> listener.hostLeft(host, Departure.EXPIRED);
            case RELEASED -> listener.hostLeft(host, Departure.RELEASED);
        }
    }
}
