package io.portreeve.server;

import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A kind of server that a client may meet: a name for settings, each of which may be overridden. */
public enum Personality {
    RFC6887("This server as it is: RFC 6887 with everything it knows, and NAT-PMP.", Map.of()),
    STRICT_SIMPLE(
            "A server that trusts nobody (RFC 6887 section 18.1): no third parties, no port sets, ports of its own choice, short "
                    + "lifetimes. It imitates the simple threat model of the RFC, not a product.",
            Map.of("profile", "simple")),
    NO_PREFER_FAILURE(
            "A server without the option PREFER_FAILURE, which RFC 6887 leaves to servers: it answers UNSUPP_OPTION. No product is "
                    + "imitated beyond that.",
            Map.of("prefer-failure", "off")),
    SMALL_QUOTA(
            "A CGN that gives a subscriber little: 32 ports, and no mapping for less than five minutes. The figures are round "
                    + "numbers, not a product's.",
            Map.of("quota", "32", "min-lifetime", "300 s")),
    NONCE_OFF(
            "A server that does not compare mapping nonces, as none did before the drafts had them: whoever has the address renews and "
                    + "deletes. The rest is this server's.",
            Map.of("check-nonces", "off")),
    NATPMP_ONLY(
            "A router that speaks NAT-PMP alone (RFC 6886), as those from before PCP: PCP requests are answered with version 0 and its "
                    + "UNSUPP_VERSION.",
            Map.of("nat-pmp", "only")),
    VERSION_STUCK(
            "A server of a PCP draft, version 1, that nobody updated: it answers UNSUPP_VERSION in version 1 to whatever is asked. It "
                    + "does not speak that version either.",
            Map.of("version", "1")),
    FIREWALL_V6(
            "A firewall that translates nothing, as an IPv6 home router's: internal and external address and port are the same. A "
                    + "model in memory: packets are filtered with cgn = nftables-firewall alone.",
            Map.of("cgn", "firewall", "nat-pmp", "off")),
    DS_LITE(
            "An AFTR in plain mode (RFC 6333): it is asked over IPv6, and names the host behind the tunnel by THIRD_PARTY. The "
                    + "tunnels themselves end here with cgn = ds-lite only.",
            Map.of("third-party", "on", "nat-pmp", "off"));

    static final String KEY = "personality";

    private final String description;
    private final Map<String, String> settings;

    Personality(String description, Map<String, String> settings) {
        this.description = description;
        this.settings = settings;
    }

    /** {@return as it is written in a configuration file} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return what it imitates, and how far} */
    public String description() {
        return description;
    }

    /** {@return what it sets} */
    public Map<String, String> settings() {
        return settings;
    }

    /** Has {@code settings} say what the personality they name does, where they do not say it themselves. */
    static void assumedBy(Settings settings) throws SettingsException {
        var name = settings.text(KEY);
        if (name.isPresent()) {
            settings.assume(KEY, of(name.get(), settings).settings);
        }
    }

    private static Personality of(String name, Settings settings) throws SettingsException {
        return Arrays.stream(values())
                .filter(personality -> personality.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> settings.wrong(
                        KEY,
                        "one of "
                                + Arrays.stream(values())
                                        .map(Personality::toString)
                                        .collect(Collectors.joining(", "))));
    }
}
