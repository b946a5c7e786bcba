package io.portreeve.igd.worlds;

import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.LanNetwork;
import io.portreeve.igd.iwf.Quotas;
import io.portreeve.igd.limits.Rate;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.worlds.Pool;
import io.portreeve.worlds.Draft;
import io.portreeve.worlds.Outcome;
import io.portreeve.worlds.Scripted;
import io.portreeve.worlds.World;
import java.time.Duration;
import java.util.List;

/** Two homes with four hosts each, their provider, a morning of wishes and faults, and then a calm evening. */
public final class Street implements World<Action> {
    static final Duration DAY = Duration.ofHours(6);

    /** The WAN addresses of the homes: the first gateway translates, and of the second the provider sees the hosts. */
    static final List<PcpAddress> HOMES = List.of(PcpAddress.parse("100.64.0.2"), PcpAddress.parse("100.64.0.3"));

    static final int PORTS = 24;

    /** Nobody asks for those from here on before the evening. */
    static final int FIRST_SPARE = Pool.FIRST_PORT + 12;

    static final Lifetime LONGEST = new Lifetime(14_400);

    /** Less than a home may have, so that somebody meets it. */
    private static final int QUOTA = 12;

    static final int OF_HOST = 6;
    static final int OF_LAN = 14;

    static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), LONGEST, QUOTA, true);

    static final List<PoolRange> POOL = Pool.of(PORTS);

    static final LanNetwork LAN = new LanNetwork(PcpAddress.parse("192.168.1.1"), 24);

    static final List<PcpAddress> HOSTS = List.of(
            PcpAddress.parse("192.168.1.10"),
            PcpAddress.parse("192.168.1.11"),
            PcpAddress.parse("192.168.1.12"),
            PcpAddress.parse("192.168.1.13"));

    private static final Quotas QUOTAS = new Quotas(OF_HOST, OF_LAN, new Rate(10, 32), new Rate(200, 1000));
    private static final List<IwfPolicy> POLICIES =
            List.of(IwfPolicy.TRANSLATING.with(QUOTAS), IwfPolicy.ROUTING.with(QUOTAS));

    private static final int SCENES = 6;

    static IwfPolicy policy(int home) {
        return POLICIES.get(home);
    }

    @Override
    public List<Scripted<Action>> script(long seed) {
        return Draft.script(seed, DAY, SCENES, Scenes::new);
    }

    @Override
    public Outcome run(long seed, List<Scripted<Action>> script) {
        return new StreetDay(seed).live(script);
    }
}
