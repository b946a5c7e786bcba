package io.portreeve.server;

import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.faults.Faults;
import io.portreeve.server.faults.WrongFaultException;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
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
        var access = new AccessSettingsReader(settings).read(listen);
        var policy = new PolicySettingsReader(settings).read(access);
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
}
