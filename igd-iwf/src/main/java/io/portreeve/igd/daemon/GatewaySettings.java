package io.portreeve.igd.daemon;

import io.portreeve.igd.iwf.AskingPolicy.WhileUnreachable;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The gateway's configuration file.
 *
 * @param lanFamilies by which protocols hosts find it; ports are opened to IPv4 addresses alone
 * @param pcpServer empty if there is none to ask; never with {@link Nat#NONE}
 * @param pcpPort UDP, 1..65535
 * @param serviceWait what an earlier run had is asked for again when a random part of this is over
 * @param claims empty if the PCP server is not asked what it has; see {@link io.portreeve.client.ClientSettings}
 * @param httpPort TCP, 1..65535
 * @param friendlyName what control points show: 1 to 63 characters
 * @param controlSocket where the person who runs the gateway asks it
 * @param auditLog where it is written who opened what; empty if only the log says so
 * @param metricsPort TCP, 1..65535, on the loopback interface; empty if nobody is answered there
 * @param leaseEvents where the DHCP server's hook puts its events; absolute
 * @param hostAbsence a host loses its entries when it has not been on the LAN for so long; empty if it does not
 * @param policy what hosts may, and how it is done
 */
record GatewaySettings(
        String lanInterface,
        LanAddresses.Families lanFamilies,
        String wanInterface,
        Optional<PcpAddress> pcpServer,
        int pcpPort,
        Duration serviceWait,
        Optional<Duration> claims,
        Nat nat,
        Path stateDir,
        int httpPort,
        String friendlyName,
        Path controlSocket,
        Optional<Path> auditLog,
        OptionalInt metricsPort,
        Optional<Path> leaseEvents,
        Optional<Duration> hostAbsence,
        IwfPolicy policy) {

    /** How the LAN's hosts are reached from the WAN address. */
    enum Nat {
        NFTABLES(IwfPolicy.TRANSLATING),

        /** Not at all: the gateway routes, and the provider knows the hosts themselves. */
        NONE(IwfPolicy.ROUTING);

        private final IwfPolicy policy;

        Nat(IwfPolicy policy) {
            this.policy = policy;
        }
    }

    private static final Duration LONGEST_SERVICE_WAIT = Duration.ofHours(1);

    /** Control points whose entries were lost with the state directory ask again when they look after them. */
    private static final Duration CLAIMS = Duration.ofMinutes(10);

    private static final Duration HOST_ABSENCE = Duration.ofHours(24);
    private static final Duration SHORTEST_ABSENCE = Duration.ofSeconds(10);

    static final Path DEFAULT_STATE_DIR = Path.of("/var/lib/portreeve");

    /** In the state directory, unless set. */
    static final String CONTROL_SOCKET = "control.sock";

    private static final int DEFAULT_HTTP_PORT = 49_200;
    private static final int LONGEST_NAME = 63;

    static GatewaySettings from(Settings file) throws SettingsException {
        var nat = nat(file);
        var stateDir = file.path("state-dir", DEFAULT_STATE_DIR.toString());
        var settings = new GatewaySettings(
                file.required("lan-interface"),
                file.onOff("lan-ipv6", false) ? LanAddresses.Families.IPV4_AND_IPV6 : LanAddresses.Families.IPV4,
                file.required("wan-interface"),
                file.text("pcp-server").isPresent() ? Optional.of(file.address("pcp-server")) : Optional.empty(),
                file.number("pcp-port", PcpMessage.SERVER_PORT, 1, 65_535),
                serviceWait(file),
                file.onOff("pcp-get", false) ? Optional.of(CLAIMS) : Optional.empty(),
                nat,
                stateDir,
                file.number("http-port", DEFAULT_HTTP_PORT, 1, 65_535),
                name(file),
                file.path("control-socket", stateDir.resolve(CONTROL_SOCKET).toString()),
                file.text("audit-log").isPresent() ? Optional.of(file.path("audit-log", "")) : Optional.empty(),
                metricsPort(file),
                leaseEvents(file),
                hostAbsence(file),
                PolicySettings.from(file, nat.policy));
        file.rejectUnknown();
        if (nat == Nat.NONE && settings.pcpServer.isEmpty()) {
            throw file.wrong(
                    "nat", "enough without a pcp-server: nobody would open a port; set pcp-server, or nat = nftables");
        }
        if (nat == Nat.NONE && settings.policy.asking().whileUnreachable() == WhileUnreachable.LOCAL_THEN_SYNC) {
            throw file.wrong("server-unreachable", "fail, as it must be with nat = none: there is no NAT here to open");
        }
        return settings;
    }

    GatewaySettings with(IwfPolicy other) {
        return new GatewaySettings(
                lanInterface,
                lanFamilies,
                wanInterface,
                pcpServer,
                pcpPort,
                serviceWait,
                claims,
                nat,
                stateDir,
                httpPort,
                friendlyName,
                controlSocket,
                auditLog,
                metricsPort,
                leaseEvents,
                hostAbsence,
                other);
    }

    private static String name(Settings file) throws SettingsException {
        var name = file.text("friendly-name", "Portreeve");
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw file.wrong("friendly-name", "a name of 1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private static Optional<Path> leaseEvents(Settings file) throws SettingsException {
        var key = "lease-events";
        if (file.text(key).isEmpty()) {
            return Optional.empty();
        }
        var folder = file.path(key, "");
        if (!folder.isAbsolute() || folder.getParent() == null) {
            throw file.wrong(key, "the absolute name of a folder, like /run/portreeve/lease-events");
        }
        return Optional.of(folder);
    }

    /** Who leaves is told by the DHCP server, if its hook is set up. */
    private static Optional<Duration> hostAbsence(Settings file) throws SettingsException {
        var key = "host-absence";
        if (file.text(key, file.text("lease-events").isPresent() ? "off" : "").equals("off")) {
            return Optional.empty();
        }
        var absence = file.duration(key, HOST_ABSENCE);
        if (absence.compareTo(SHORTEST_ABSENCE) < 0) {
            throw file.wrong(key, "a time of 10 s or more, or off");
        }
        return Optional.of(absence);
    }

    private static Duration serviceWait(Settings file) throws SettingsException {
        var wait = file.duration("pcp-service-wait", Duration.ZERO);
        if (wait.compareTo(LONGEST_SERVICE_WAIT) > 0) {
            throw file.wrong("pcp-service-wait", "a time of 1 h or less");
        }
        return wait;
    }

    private static OptionalInt metricsPort(Settings file) throws SettingsException {
        return file.text("metrics-port", "off").equals("off")
                ? OptionalInt.empty()
                : OptionalInt.of(file.number("metrics-port", 0, 1, 65_535));
    }

    private static Nat nat(Settings file) throws SettingsException {
        return switch (file.text("nat", "nftables")) {
            case "nftables" -> Nat.NFTABLES;
            case "none" -> Nat.NONE;
            default -> throw file.wrong("nat", "nftables or none");
        };
    }
}
