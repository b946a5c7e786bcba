package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.PortSpan;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the keys that say which CGN it is. */
final class CgnSettingsReader {
    /** A mock CGN keeps a bit for each port: a /24 of TCP and UDP is 4 MiB. */
    private static final int MAX_POOL_ADDRESSES = 256;

    /** What IANA calls user and dynamic ports: the others belong to servers. RFC 4787 REQ-3. */
    private static final PortSpan ALL_PORTS = new PortSpan(1024, 65_535);

    private static final PortSpan LOWER_HALF = new PortSpan(1024, 32_767);

    /** What Linux takes as a name, without what would have a meaning in a rule. */
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_.@-]{1,15}");

    private final Settings settings;

    CgnSettingsReader(Settings settings) {
        this.settings = settings;
    }

    CgnSettings read() throws SettingsException {
        return switch (settings.text("cgn", "mock")) {
            case "mock" -> mock();
            case "nftables" -> nftables();
            default -> throw settings.wrong("cgn", "mock or nftables");
        };
    }

    private CgnSettings mock() throws SettingsException {
        for (var key : List.of("inside-interface", "outside-interface")) {
            if (settings.text(key).isPresent()) {
                throw settings.wrong(key, "of any use to a mock CGN: remove it, or say cgn = nftables");
            }
        }
        return new CgnSettings.Mock(pool(ports(ALL_PORTS)));
    }

    private CgnSettings nftables() throws SettingsException {
        var inside = networkInterface("inside-interface");
        var outside = networkInterface("outside-interface");
        if (inside.equals(outside)) {
            throw settings.wrong("outside-interface", "another one than inside-interface");
        }
        var explicit = ports(LOWER_HALF);
        var implicit = besides(explicit)
                .orElseThrow(() -> settings.wrong(
                        "pool-ports",
                        "less than " + ALL_PORTS + ": with cgn = nftables, traffic that nobody asked a mapping for"
                                + " needs some of these ports too"));
        return new CgnSettings.Nftables(new NftablesRules(pool(explicit), inside, outside, implicit));
    }

    private String networkInterface(String key) throws SettingsException {
        var name = settings.required(key);
        if (!INTERFACE.matcher(name).matches()) {
            throw settings.wrong(key, "the name of a network interface");
        }
        return name;
    }

    /** {@return the larger of the two rests that {@code explicit} leaves of all ports} */
    private static Optional<PortSpan> besides(PortSpan explicit) {
        int below = Math.min(explicit.first(), ALL_PORTS.last() + 1) - ALL_PORTS.first();
        int above = ALL_PORTS.last() - Math.max(explicit.last(), ALL_PORTS.first() - 1);
        if (below <= 0 && above <= 0) {
            return Optional.empty();
        }
        return Optional.of(
                below > above
                        ? new PortSpan(ALL_PORTS.first(), explicit.first() - 1)
                        : new PortSpan(ALL_PORTS.last() - above + 1, ALL_PORTS.last()));
    }

    private List<PoolRange> pool(PortSpan ports) throws SettingsException {
        var ends = settings.required("pool").split("-", -1);
        var first = address(ends[0].strip());
        var last = address(ends[ends.length - 1].strip());
        long count = last.low() - first.low() + 1;
        if (ends.length > 2 || !first.isIpv4() || !last.isIpv4() || count < 1 || count > MAX_POOL_ADDRESSES) {
            throw settings.wrong(
                    "pool", "an IPv4 address, or two as first-last with " + MAX_POOL_ADDRESSES + " addresses at most");
        }
        var ranges = new ArrayList<PoolRange>();
        for (long low = first.low(); low <= last.low(); low++) {
            var external = new PcpAddress(0, low);
            ranges.add(new PoolRange(external, IpProtocol.TCP, ports.first(), ports.last()));
            ranges.add(new PoolRange(external, IpProtocol.UDP, ports.first(), ports.last()));
        }
        return ranges;
    }

    private PcpAddress address(String text) throws SettingsException {
        try {
            return PcpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw settings.wrong("pool", "made of IP addresses");
        }
    }

    private PortSpan ports(PortSpan fallback) throws SettingsException {
        var text = settings.text("pool-ports", fallback.toString());
        if (text.matches("[1-9][0-9]{0,4}-[1-9][0-9]{0,4}")) {
            int dash = text.indexOf('-');
            int first = Integer.parseInt(text.substring(0, dash));
            int last = Integer.parseInt(text.substring(dash + 1));
            if (first <= last && last <= 65_535) {
                return new PortSpan(first, last);
            }
        }
        throw settings.wrong("pool-ports", "two ports as first-last, such as " + fallback);
    }
}
