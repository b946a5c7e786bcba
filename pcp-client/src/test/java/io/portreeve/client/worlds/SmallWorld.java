package io.portreeve.client.worlds;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.worlds.Pool;
import io.portreeve.worlds.Draft;
import io.portreeve.worlds.Outcome;
import io.portreeve.worlds.Scripted;
import io.portreeve.worlds.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One client with six mappings and three owners, one server, a day of wishes and faults, and then a calm evening. */
public final class SmallWorld implements World<Action> {
    static final Duration DAY = Duration.ofHours(24);
    /** The addresses that the client's machine may have, first the one it starts with. */
    static final List<PcpAddress> CLIENTS = List.of(PcpAddress.parse("100.64.0.2"), PcpAddress.parse("100.64.0.3"));

    static final int PORTS = 8;

    /** Fewer than the mappings, so that somebody meets it. */
    static final int QUOTA = 5;

    /** Longer than a day: what a client does not believe. */
    static final Lifetime LONGEST = new Lifetime(172_800);

    static final ServerPolicy POLICY =
            new ServerPolicy(new Lifetime(120), LONGEST, QUOTA, true).with(Extras.DEFAULT.with(Disclosure.NONCE));
    static final List<String> OWNERS = List.of("game", "torrent", "interworking");
    static final List<PoolRange> POOL = Pool.of(PORTS);

    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");
    static final List<MappingKey> MAPPINGS = List.of(
            mapping(Optional.empty(), IpProtocol.TCP, 80),
            mapping(Optional.empty(), IpProtocol.UDP, 80),
            mapping(Optional.empty(), IpProtocol.TCP, 443),
            mapping(Optional.of(HOST), IpProtocol.TCP, 80),
            mapping(Optional.of(HOST), IpProtocol.UDP, 5000),
            mapping(Optional.of(HOST), IpProtocol.UDP, 80));

    private static final int SCENES = 8;

    private static MappingKey mapping(Optional<PcpAddress> host, IpProtocol protocol, int port) {
        return new MappingKey(host, protocol, port, PcpAddress.ANY_IPV4);
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
