package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All that can be set.
 *
 * @param listen one channel each: a datagram's answer must leave from the address it was sent to
 * @param port 0 for any free one
 * @param pool what the CGN leaves to the PCP server
 * @param stateDir made if it is missing, for its owner alone
 * @param logExchanges one line for each request with its answer
 */
public record ServerSettings(
        List<PcpAddress> listen,
        int port,
        List<PoolRange> pool,
        Path stateDir,
        Path controlSocket,
        ServerPolicy policy,
        boolean logExchanges) {

    /** A mock CGN keeps a bit for each port: a /24 of TCP and UDP is 4 MiB. */
    private static final int MAX_POOL_ADDRESSES = 256;

    public ServerSettings {
        listen = List.copyOf(listen);
        pool = List.copyOf(pool);
    }

    /** @throws SettingsException naming file, line, and what was expected */
    public static ServerSettings of(Settings settings) throws SettingsException {
        var listen = listen(settings);
        int port = settings.number("port", PcpMessage.SERVER_PORT, 0, 65_535);
        var pool = pool(settings);
        settings.required("state-dir");
        var stateDir = settings.path("state-dir", "");
        var controlSocket =
                settings.path("control-socket", stateDir.resolve("control.sock").toString());
        var policy = policy(settings);
        boolean logExchanges = settings.onOff("log-exchanges", false);
        settings.rejectUnknown();
        return new ServerSettings(listen, port, pool, stateDir, controlSocket, policy, logExchanges);
    }

    private static List<PcpAddress> listen(Settings settings) throws SettingsException {
        var addresses = new ArrayList<PcpAddress>();
        for (var text : settings.required("listen").split(",", -1)) {
            var address = address(text.strip(), "listen", settings);
            if (address.isUnspecified() || addresses.contains(address)) {
                throw settings.wrong("listen", "a list of different addresses of this machine, each by itself");
            }
            addresses.add(address);
        }
        return addresses;
    }

    private static PcpAddress address(String text, String key, Settings settings) throws SettingsException {
        try {
            return PcpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw settings.wrong(key, "made of IP addresses");
        }
    }

    private static List<PoolRange> pool(Settings settings) throws SettingsException {
        var ends = settings.required("pool").split("-", -1);
        var first = address(ends[0].strip(), "pool", settings);
        var last = address(ends[ends.length - 1].strip(), "pool", settings);
        long count = last.low() - first.low() + 1;
        if (ends.length > 2 || !first.isIpv4() || !last.isIpv4() || count < 1 || count > MAX_POOL_ADDRESSES) {
            throw settings.wrong(
                    "pool", "an IPv4 address, or two as first-last with " + MAX_POOL_ADDRESSES + " addresses at most");
        }
        var ports = ports(settings);
        var ranges = new ArrayList<PoolRange>();
        for (long low = first.low(); low <= last.low(); low++) {
            var external = new PcpAddress(0, low);
            ranges.add(new PoolRange(external, IpProtocol.TCP, ports[0], ports[1]));
            ranges.add(new PoolRange(external, IpProtocol.UDP, ports[0], ports[1]));
        }
        return ranges;
    }

    private static int[] ports(Settings settings) throws SettingsException {
        var text = settings.text("pool-ports", "1024-65535");
        if (text.matches("[1-9][0-9]{0,4}-[1-9][0-9]{0,4}")) {
            int dash = text.indexOf('-');
            int first = Integer.parseInt(text.substring(0, dash));
            int last = Integer.parseInt(text.substring(dash + 1));
            if (first <= last && last <= 65_535) {
                return new int[] {first, last};
            }
        }
        throw settings.wrong("pool-ports", "two ports as first-last, such as 1024-65535");
    }

    private static ServerPolicy policy(Settings settings) throws SettingsException {
        var minimum = lifetime("min-lifetime", Duration.ofSeconds(120), settings);
        var maximum = lifetime("max-lifetime", Duration.ofHours(24), settings);
        if (minimum.seconds() > maximum.seconds()) {
            throw settings.wrong("max-lifetime", "at least min-lifetime, which is " + minimum);
        }
        int quota = settings.number("quota", 64, 1, 65_535);
        return new ServerPolicy(minimum, maximum, quota, settings.onOff("third-party", false));
    }

    private static Lifetime lifetime(String key, Duration fallback, Settings settings) throws SettingsException {
        var lifetime = settings.duration(key, fallback);
        if (lifetime.toSeconds() < 1 || lifetime.toSeconds() > Lifetime.INFINITE.seconds()) {
            throw settings.wrong(key, "a time from 1 s to 49710 d");
        }
        return Lifetime.of(lifetime);
    }
}
