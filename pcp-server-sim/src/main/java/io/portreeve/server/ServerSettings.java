package io.portreeve.server;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.server.engine.Access;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.engine.ServerPolicy.Nonces;
import io.portreeve.server.engine.ServerPolicy.Profile;
import io.portreeve.server.engine.ServerPolicy.Rates;
import io.portreeve.server.engine.ServerPolicy.Reuse;
import io.portreeve.server.engine.ServerPolicy.Versions;
import io.portreeve.server.faults.Faults;
import io.portreeve.server.faults.WrongFaultException;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * All that can be set.
 *
 * @param listen one channel each: a datagram's answer must leave from the address it was sent to
 * @param port 0 for any free one
 * @param encapsulationPort where a CGN on this machine hands over packets from tunnels; 0 for any free one
 * @param stateDir made if it is missing, for its owner alone
 * @param served the opcodes this server knows; to all others it answers UNSUPP_OPCODE
 * @param logExchanges one line for each request with its answer
 * @param faults what is wrong from the start
 * @param capture the file into which all is captured from the start
 */
public record ServerSettings(
        List<PcpAddress> listen,
        int port,
        OptionalInt encapsulationPort,
        CgnSettings cgn,
        Path stateDir,
        Path controlSocket,
        ServerPolicy policy,
        Set<Opcode> served,
        boolean logExchanges,
        Faults faults,
        Optional<Path> capture) {

    public ServerSettings {
        listen = List.copyOf(listen);
        served = Set.copyOf(served);
    }

    /** @throws SettingsException naming file, line, and what was expected */
    public static ServerSettings of(Settings settings) throws SettingsException {
        Personality.assumedBy(settings);
        var listen = listen(settings);
        int port = settings.number("port", PcpMessage.SERVER_PORT, 0, 65_535);
        var cgn = new CgnSettingsReader(settings).read();
        var encapsulationPort = encapsulationPort(cgn, settings);
        settings.required("state-dir");
        var stateDir = settings.path("state-dir", "");
        var controlSocket =
                settings.path("control-socket", stateDir.resolve("control.sock").toString());
        var policy = policy(new AccessSettingsReader(settings).read(listen), settings);
        var served = served(policy, cgn, settings);
        boolean logExchanges = settings.onOff("log-exchanges", false);
        var faults = faults(settings);
        var capture = settings.text("capture").isPresent()
                ? Optional.of(settings.path("capture", ""))
                : Optional.<Path>empty();
        settings.rejectUnknown();
        return new ServerSettings(
                listen,
                port,
                encapsulationPort,
                cgn,
                stateDir,
                controlSocket,
                policy,
                served,
                logExchanges,
                faults,
                capture);
    }

    private static OptionalInt encapsulationPort(CgnSettings cgn, Settings settings) throws SettingsException {
        var key = "encapsulation-port";
        if (settings.text(key).isEmpty()) {
            return OptionalInt.empty();
        }
        if (cgn instanceof CgnSettings.Nftables || cgn instanceof CgnSettings.NftablesFirewall) {
            throw settings.wrong(key, "possible with this cgn, which knows no tunnels: remove it");
        }
        return OptionalInt.of(settings.number(key, 0, 0, 65_535));
    }

    private static Faults faults(Settings settings) throws SettingsException {
        var text = settings.text("faults");
        if (text.isEmpty()) {
            return Faults.NONE;
        }
        try {
            return Faults.NONE.with(List.of(text.get().split(", *", -1)));
        } catch (WrongFaultException e) {
            throw settings.wrong("faults", "possible: " + e.getMessage());
        }
    }

    private static Set<Opcode> served(ServerPolicy policy, CgnSettings cgn, Settings settings)
            throws SettingsException {
        boolean mayPeer = !(cgn instanceof CgnSettings.NftablesFirewall);
        var served = policy.opcodes();
        if (!settings.onOff("map", true)) {
            served.remove(Opcode.MAP);
        }
        if (!settings.onOff("peer", mayPeer)) {
            served.remove(Opcode.PEER);
        } else if (!mayPeer) {
            throw settings.wrong("peer", "possible with cgn = nftables-firewall: remove it");
        }
        return served;
    }

    private static List<PcpAddress> listen(Settings settings) throws SettingsException {
        var addresses = new ArrayList<PcpAddress>();
        for (var text : settings.required("listen").split(",", -1)) {
            var address = address(text.strip(), settings);
            if (address.isUnspecified() || addresses.contains(address)) {
                throw settings.wrong("listen", "a list of different addresses of this machine, each by itself");
            }
            addresses.add(address);
        }
        return addresses;
    }

    private static PcpAddress address(String text, Settings settings) throws SettingsException {
        try {
            return PcpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw settings.wrong("listen", "made of IP addresses");
        }
    }

    private static ServerPolicy policy(Access access, Settings settings) throws SettingsException {
        var profile = profile(settings);
        var minimum = lifetime("min-lifetime", Duration.ofSeconds(120), settings);
        var maximum = lifetime("max-lifetime", Duration.ofHours(24), settings);
        if (minimum.seconds() > maximum.seconds()) {
            throw settings.wrong("max-lifetime", "at least min-lifetime, which is " + minimum);
        }
        int quota = settings.number("quota", 64, 1, 65_535);
        return new ServerPolicy(
                minimum,
                maximum,
                quota,
                access,
                extras(profile, settings),
                new Reuse(
                        settings.duration("reuse-delay-tcp", Reuse.DEFAULT.tcp()),
                        settings.duration("reuse-delay", Reuse.DEFAULT.other())),
                new Rates(
                        settings.number("request-rate", Rates.DEFAULT.requests(), 0, 1_000_000),
                        settings.number("probe-rate", Rates.DEFAULT.probes(), 0, 1_000_000)),
                versions(profile, settings),
                profile);
    }

    private static Versions versions(Profile profile, Settings settings) throws SettingsException {
        var natPmp = natPmp(profile, settings);
        if (settings.number("version", 2, 1, 2) == 2) {
            return natPmp;
        }
        if (settings.text("nat-pmp").isPresent()) {
            throw settings.wrong("nat-pmp", "of any use with version = 1, which answers nothing but errors: remove it");
        }
        return Versions.DRAFT;
    }

    private static Versions natPmp(Profile profile, Settings settings) throws SettingsException {
        return switch (settings.text("nat-pmp", profile == Profile.PROVIDER ? "on" : "off")) {
            case "on" -> Versions.PCP_AND_NAT_PMP;
            case "off" -> Versions.PCP;
            case "only" -> Versions.NAT_PMP;
            default -> throw settings.wrong("nat-pmp", "on, off or only");
        };
    }

    private static Profile profile(Settings settings) throws SettingsException {
        var profile = switch (settings.text("profile", "provider")) {
            case "provider" -> Profile.PROVIDER;
            case "simple" -> Profile.SIMPLE;
            default -> throw settings.wrong("profile", "provider or simple");
        };
        if (profile == Profile.SIMPLE) {
            checkSimple(settings);
        }
        return profile;
    }

    /** What the simple profile leaves out must not be asked for. NAT-PMP cannot tell how long a deletion takes. */
    private static void checkSimple(Settings settings) throws SettingsException {
        var remedy = " with profile = simple: remove it, or say profile = provider";
        for (var key : List.of("third-party", "nat-pmp")) {
            if (!settings.text(key, "off").equals("off")) {
                throw settings.wrong(key, "possible" + remedy);
            }
        }
        if (settings.number("port-set", 1, 1, 4096) > 1) {
            throw settings.wrong("port-set", "possible" + remedy);
        }
        if (settings.text("max-lifetime").isPresent()) {
            throw settings.wrong("max-lifetime", "of any use" + remedy);
        }
        var least = ServerPolicy.IDLE_OTHER;
        if (lifetime("min-lifetime", Duration.ofSeconds(least.seconds()), settings)
                        .seconds()
                > least.seconds()) {
            throw settings.wrong("min-lifetime", least + " or less" + remedy);
        }
    }

    private static Extras extras(Profile profile, Settings settings) throws SettingsException {
        int largestSet = profile == Profile.SIMPLE ? 1 : Extras.DEFAULT.largestSet();
        return new Extras(
                settings.onOff("prefer-failure", true),
                settings.number("description-octets", Extras.DEFAULT.descriptionOctets(), 0, Description.MAX_OCTETS),
                settings.number("port-set", largestSet, 1, 4096),
                disclosure(settings),
                lifetime("peer-lifetime", Duration.ofSeconds(120), settings),
                List.of(),
                settings.onOff("check-nonces", true) ? Nonces.CHECKED : Nonces.IGNORED);
    }

    private static Disclosure disclosure(Settings settings) throws SettingsException {
        return switch (settings.text("get", "off")) {
            case "off" -> Disclosure.NONE;
            case "nonce" -> Disclosure.NONCE;
            case "address" -> Disclosure.ADDRESS;
            case "address-with-nonces" -> Disclosure.ADDRESS_WITH_NONCES;
            default -> throw settings.wrong("get", "off, nonce, address or address-with-nonces");
        };
    }

    private static Lifetime lifetime(String key, Duration fallback, Settings settings) throws SettingsException {
        var lifetime = settings.duration(key, fallback);
        if (lifetime.toSeconds() < 1 || lifetime.toSeconds() > Lifetime.INFINITE.seconds()) {
            throw settings.wrong(key, "a time from 1 s to 49710 d");
        }
        return Lifetime.of(lifetime);
    }
}
