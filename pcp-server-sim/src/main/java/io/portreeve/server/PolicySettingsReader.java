package io.portreeve.server;

import io.portreeve.pcp.Lifetime;
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
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.time.Duration;
import java.util.List;

/** Reads what the engine goes by: lifetimes, quota, rates, versions, and what it is willing to do. */
final class PolicySettingsReader {
    private final Settings settings;

    PolicySettingsReader(Settings settings) {
        this.settings = settings;
    }

    /** @throws SettingsException naming file, line, and what was expected */
    ServerPolicy read(Access access) throws SettingsException {
        var profile = profile();
        var minimum = lifetime("min-lifetime", Duration.ofSeconds(120));
        var maximum = lifetime("max-lifetime", Duration.ofHours(24));
        if (minimum.seconds() > maximum.seconds()) {
            throw settings.wrong("max-lifetime", "at least min-lifetime, which is " + minimum);
        }
        int quota = settings.number("quota", 64, 1, 65_535);
        return new ServerPolicy(
                minimum,
                maximum,
                quota,
                access,
                extras(profile),
                new Reuse(
                        settings.duration("reuse-delay-tcp", Reuse.DEFAULT.tcp()),
                        settings.duration("reuse-delay", Reuse.DEFAULT.other())),
                new Rates(
                        settings.number("request-rate", Rates.DEFAULT.requests(), 0, 1_000_000),
                        settings.number("probe-rate", Rates.DEFAULT.probes(), 0, 1_000_000)),
                versions(profile),
                profile);
    }

    private Versions versions(Profile profile) throws SettingsException {
        var natPmp = natPmp(profile);
        if (settings.number("version", 2, 1, 2) == 2) {
            return natPmp;
        }
        if (settings.text("nat-pmp").isPresent()) {
            throw settings.wrong("nat-pmp", "of any use with version = 1, which answers nothing but errors: remove it");
        }
        return Versions.DRAFT;
    }

    private Versions natPmp(Profile profile) throws SettingsException {
        return switch (settings.text("nat-pmp", profile == Profile.PROVIDER ? "on" : "off")) {
            case "on" -> Versions.PCP_AND_NAT_PMP;
            case "off" -> Versions.PCP;
            case "only" -> Versions.NAT_PMP;
            default -> throw settings.wrong("nat-pmp", "on, off or only");
        };
    }

    private Profile profile() throws SettingsException {
        var profile = switch (settings.text("profile", "provider")) {
            case "provider" -> Profile.PROVIDER;
            case "simple" -> Profile.SIMPLE;
            default -> throw settings.wrong("profile", "provider or simple");
        };
        if (profile == Profile.SIMPLE) {
            checkSimple();
        }
        return profile;
    }

    /** What the simple profile leaves out must not be asked for. NAT-PMP cannot tell how long a deletion takes. */
    private void checkSimple() throws SettingsException {
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
        if (lifetime("min-lifetime", Duration.ofSeconds(least.seconds())).seconds() > least.seconds()) {
            throw settings.wrong("min-lifetime", least + " or less" + remedy);
        }
    }

    private Extras extras(Profile profile) throws SettingsException {
        int largestSet = profile == Profile.SIMPLE ? 1 : Extras.DEFAULT.largestSet();
        return new Extras(
                settings.onOff("prefer-failure", true),
                settings.number("description-octets", Extras.DEFAULT.descriptionOctets(), 0, Description.MAX_OCTETS),
                settings.number("port-set", largestSet, 1, 4096),
                disclosure(),
                lifetime("peer-lifetime", Duration.ofSeconds(120)),
                List.of(),
                settings.onOff("check-nonces", true) ? Nonces.CHECKED : Nonces.IGNORED);
    }

    private Disclosure disclosure() throws SettingsException {
        return switch (settings.text("get", "off")) {
            case "off" -> Disclosure.NONE;
            case "nonce" -> Disclosure.NONCE;
            case "address" -> Disclosure.ADDRESS;
            case "address-with-nonces" -> Disclosure.ADDRESS_WITH_NONCES;
            default -> throw settings.wrong("get", "off, nonce, address or address-with-nonces");
        };
    }

    private Lifetime lifetime(String key, Duration fallback) throws SettingsException {
        var lifetime = settings.duration(key, fallback);
        if (lifetime.toSeconds() < 1 || lifetime.toSeconds() > Lifetime.INFINITE.seconds()) {
            throw settings.wrong(key, "a time from 1 s to 49710 d");
        }
        return Lifetime.of(lifetime);
    }
}
