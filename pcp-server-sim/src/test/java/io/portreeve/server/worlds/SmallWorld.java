package io.portreeve.server.worlds;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.worlds.checker.Rules;
import io.portreeve.worlds.Draft;
import io.portreeve.worlds.Outcome;
import io.portreeve.worlds.Scripted;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.World;
import java.time.Duration;
import java.util.List;

/** One server, three subscribers, five mappings, a day of requests and faults, and then a calm evening. */
public final class SmallWorld implements World<Action> {
    static final Duration DAY = Duration.ofHours(24);

    /** Two subscribers share an address, so that their wishes just fit in beside a port of the operator's. */
    static final int PORTS = 4;

    static final int STATIC_PORT = Pool.FIRST_PORT + PORTS - 1;

    private static final int QUOTA = 3;
    private static final int LARGEST_SET = 3;
    static final List<Station> REMOTES =
            List.of(remote("198.51.100.10", 7000), remote("198.51.100.20", 7000), remote("198.51.100.20", 8000));
    static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(120), new Lifetime(7200), QUOTA, true)
            .with(new Extras(true, 8, LARGEST_SET, Disclosure.NONCE, new Lifetime(120), List.of()));
    static final Rules RULES = new Rules(
            QUOTA, Pool.FIRST_PORT, PORTS, LARGEST_SET, Duration.ofSeconds(7440), Duration.ofSeconds(120), REMOTES);
    private static final int SCENES = 22;

    static final List<PoolRange> POOL = Pool.of(PORTS);

    private static Station remote(String address, int port) {
        return new Station(PcpAddress.parse(address), port);
    }

    @Override
    public List<Scripted<Action>> script(long seed) {
        return Draft.script(seed, DAY, SCENES, Scenes::new);
    }

    @Override
    public Outcome run(long seed, List<Scripted<Action>> script) {
        return new SmallDay(seed).live(script);
    }
}
