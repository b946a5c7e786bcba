package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.FirewallRules;
import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.PortSpan;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the keys that say which CGN it is. */
final class CgnSettingsReader {
    /** A mock CGN keeps a bit for each port: a /24 of TCP and UDP is 4 MiB. */
    private static final int MAX_POOL_ADDRESSES = 256;

    /** Where a CGN that is another program is looked for. */
    private static final int CHANNEL_PORT = 5355;

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
        if (settings.text("cgn").equals(Optional.of("remote"))) {
            return remote();
        }
        if (settings.text("cgn-port").isPresent()) {
            throw settings.wrong(
                    "cgn-port", "of any use to a CGN that is part of the server: remove it, or say cgn = remote");
        }
        return here("mock, nftables, ds-lite, firewall, nftables-firewall or remote");
    }

    /** {@return one that is part of the program itself} */
    CgnSettings.Here readHere() throws SettingsException {
        return here(
                "mock, nftables, ds-lite, firewall or nftables-firewall here: this is the CGN that others call remote");
    }

    private CgnSettings.Here here(String expected) throws SettingsException {
        var cgn = settings.text("cgn", "mock");
        var dsLite = new DsLiteSettingsReader(settings);
        if (!cgn.equals("ds-lite")) {
            dsLite.rejectAll();
        }
        return switch (cgn) {
            case "mock" -> mock();
            case "nftables" -> new CgnSettings.Nftables(rules(networkInterface("inside-interface")));
            case "ds-lite" -> dsLite.read(rules(tunInterface()));
            case "firewall" -> firewall();
            case "nftables-firewall" -> nftablesFirewall();
            default -> throw settings.wrong("cgn", expected);
        };
    }

    int port() throws SettingsException {
        return settings.number("cgn-port", CHANNEL_PORT, 0, 65_535);
    }

    private CgnSettings remote() throws SettingsException {
        new DsLiteSettingsReader(settings).rejectAll();
        for (var key : List.of("pool", "pool-ports", "inside-interface", "outside-interface")) {
            if (settings.text(key).isPresent()) {
                throw settings.wrong(key, "of any use here: it is for the CGN's own configuration; remove it");
            }
        }
        return new CgnSettings.Remote(port());
    }

    private CgnSettings.Here mock() throws SettingsException {
        for (var key : List.of("inside-interface", "outside-interface")) {
            if (settings.text(key).isPresent()) {
                throw settings.wrong(key, "of any use to a mock CGN: remove it, or say cgn = nftables");
            }
        }
        return new CgnSettings.Mock(pool(addresses(), ports(ALL_PORTS)));
    }

    private CgnSettings.Here firewall() throws SettingsException {
        rejectOfFirewall("pool", "pool-ports", "inside-interface", "outside-interface");
        return new CgnSettings.Mock(PoolRange.ofFirewall());
    }

    private CgnSettings.Here nftablesFirewall() throws SettingsException {
        rejectOfFirewall("pool", "pool-ports");
        var inside = networkInterface("inside-interface");
        return new CgnSettings.NftablesFirewall(new FirewallRules(inside, outsideOf(inside)));
    }

    private void rejectOfFirewall(String... keys) throws SettingsException {
        for (var key : keys) {
            if (settings.text(key).isPresent()) {
                throw settings.wrong(key, "of any use to a firewall, which translates nothing: remove it");
            }
        }
    }

    private String outsideOf(String inside) throws SettingsException {
        var outside = networkInterface("outside-interface");
        if (inside.equals(outside)) {
            throw settings.wrong("outside-interface", "another one than inside-interface");
        }
        return outside;
    }

    /** The rules of a CGN that the kernel is, behind this interface. */
    private NftablesRules rules(String inside) throws SettingsException {
        var outside = outsideOf(inside);
        var explicit = ports(LOWER_HALF);
        var implicit = besides(explicit)
                .orElseThrow(() -> settings.wrong(
                        "pool-ports",
                        "less than " + ALL_PORTS
                                + ": with cgn = nftables or ds-lite, traffic that nobody asked a mapping for"
                                + " needs some of these ports too"));
        var addresses = addresses();
        if (!addresses.stream().allMatch(PcpAddress::isIpv4)) {
            throw settings.wrong(
                    "pool", "made of IPv4 addresses: with cgn = nftables or ds-lite it cannot have others");
        }
        return new NftablesRules(pool(addresses, explicit), inside, outside, implicit);
    }

    /** It is made, so any name will do. */
    private String tunInterface() throws SettingsException {
        return interfaceName("inside-interface", settings.text("inside-interface", "dslite0"));
    }

    private String networkInterface(String key) throws SettingsException {
        return interfaceName(key, settings.required(key));
    }

    private String interfaceName(String key, String name) throws SettingsException {
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

    private static List<PoolRange> pool(Collection<PcpAddress> addresses, PortSpan ports) {
        return addresses.stream()
                .flatMap(external -> Stream.of(IpProtocol.TCP, IpProtocol.UDP)
                        .map(protocol -> new PoolRange(external, protocol, ports.first(), ports.last())))
                .toList();
    }

    private Set<PcpAddress> addresses() throws SettingsException {
        var addresses = new LinkedHashSet<PcpAddress>();
        for (var part : settings.required("pool").split(",", -1)) {
            var ends = part.split("-", -1);
            var first = address(ends[0].strip());
            var last = address(ends[ends.length - 1].strip());
            if (ends.length > 2 || !isRange(first, last)) {
                throw wrongPool();
            }
            for (long i = 0; i <= last.low() - first.low(); i++) {
                var address = new PcpAddress(first.high(), first.low() + i);
                if (address.isUnspecified() || address.isForMany() || !addresses.add(address)) {
                    throw wrongPool();
                }
            }
        }
        if (addresses.size() > MAX_POOL_ADDRESSES) {
            throw wrongPool();
        }
        return addresses;
    }

    private static boolean isRange(PcpAddress first, PcpAddress last) {
        return first.isIpv4() == last.isIpv4()
                && first.high() == last.high()
                && first.compareTo(last) <= 0
                && last.low() - first.low() < MAX_POOL_ADDRESSES;
    }

    private SettingsException wrongPool() {
        return settings.wrong(
                "pool",
                "a list of IP addresses, each by itself or two as first-last, " + MAX_POOL_ADDRESSES
                        + " different ones at most");
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
