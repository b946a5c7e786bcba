package io.portreeve.server;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.AddressPrefix;
import io.portreeve.server.softwire.InsidePrefix;
import io.portreeve.server.softwire.TunnelSettings;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Reads the keys of a CGN at which DS-Lite tunnels end. */
final class DsLiteSettingsReader {
    private static final String AFTR = "aftr";
    private static final String PREFIX = "inside-prefix";
    private static final String HOMES = "homes";

    /** Of the addresses that only providers have, and there not where most begin. RFC 6598. */
    private static final String USUAL_PREFIX = "100.96.0.0/12";

    private static final int IPV4_PREFIX = 96;

    /** Ethernet's 1500 octets, less the outer header. RFC 6333 section 5.3. */
    private static final int MTU = 1460;

    /** As many as a home's router has addresses to lease. */
    private static final int HOSTS_PER_HOME = 256;

    private final Settings settings;

    DsLiteSettingsReader(Settings settings) {
        this.settings = settings;
    }

    /** For a CGN without tunnels. */
    void rejectAll() throws SettingsException {
        for (var key : List.of(AFTR, PREFIX, HOMES)) {
            if (settings.text(key).isPresent()) {
                throw settings.wrong(key, "of any use without tunnels: remove it, or say cgn = ds-lite");
            }
        }
    }

    CgnSettings.Here read(NftablesRules rules) throws SettingsException {
        var prefix = prefix();
        if (rules.pool().stream().map(PoolRange::external).anyMatch(prefix::contains)) {
            throw settings.wrong(PREFIX, "apart from the addresses of 'pool'");
        }
        return new CgnSettings.DsLite(rules, new TunnelSettings(aftr(), prefix, MTU, HOSTS_PER_HOME, homes()));
    }

    private PcpAddress aftr() throws SettingsException {
        var address = settings.address(AFTR);
        if (address.isIpv4() || address.isUnspecified() || address.isForMany() || address.isIpv6LinkLocal()) {
            throw settings.wrong(AFTR, "an IPv6 address of this machine that homes can reach");
        }
        return address;
    }

    private InsidePrefix prefix() throws SettingsException {
        try {
            var prefix = AddressPrefix.parse(settings.text(PREFIX, USUAL_PREFIX));
            return new InsidePrefix(prefix.address(), prefix.length() - IPV4_PREFIX);
        } catch (IllegalArgumentException e) {
            throw settings.wrong(PREFIX, "an IPv4 prefix of 8 to 30 bits without host bits, such as " + USUAL_PREFIX);
        }
    }

    private Predicate<PcpAddress> homes() throws SettingsException {
        var prefixes = new ArrayList<AddressPrefix>();
        for (var text : settings.text(HOMES, "::/0").split(",", -1)) {
            try {
                prefixes.add(AddressPrefix.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw settings.wrong(HOMES, "IPv6 addresses or prefixes with commas between");
            }
        }
        return b4 -> prefixes.stream().anyMatch(prefix -> b4.sharesPrefix(prefix.address(), prefix.length()));
    }
}
