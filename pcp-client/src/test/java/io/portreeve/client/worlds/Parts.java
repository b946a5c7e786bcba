package io.portreeve.client.worlds;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingView;
import io.portreeve.client.worlds.checker.Checker;
import io.portreeve.client.worlds.checker.Dumps;
import io.portreeve.client.worlds.checker.ServerRow;
import io.portreeve.client.worlds.checker.StoredRow;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.Trace;
import io.portreeve.worlds.VirtualNetwork;
import io.portreeve.worlds.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What one small world is made of. */
final class Parts implements Dumps, ServerHost.Onlookers {
    final VirtualTime time = new VirtualTime();
    final Trace trace = new Trace(time);
    final VirtualNetwork network = new VirtualNetwork(time);
    final Set<String> reached = new TreeSet<>();
    final Chance chance;
    final Nature nature;

    /** Present if the client audits its server: how long it leaves to applications what an earlier run left there. */
    final Optional<Duration> claims;

    final Checker checker;
    final ServerHost server;
    final ClientHost client;
    final Applications applications = new Applications(this);

    Parts(long seed) {
        chance = new Chance(seed);
        nature = new Nature(time, trace, network, reached, chance);
        claims = chance.oneIn(3) ? Optional.of(Duration.ofMinutes(10)) : Optional.empty();
        checker = new Checker(this);
        server = new ServerHost(nature, SmallWorld.POLICY, SmallWorld.POOL, this);
        client = new ClientHost(this);
    }

    void note(String what, Object detail) {
        trace.add(what, detail);
        reached.add(what);
    }

    @Override
    public MonoTime time() {
        return time.now();
    }

    @Override
    public MonoTime uptime() {
        return client.machine().uptime();
    }

    @Override
    public Instant wall() {
        return client.machine().wall();
    }

    @Override
    public PcpAddress source() {
        return client.address();
    }

    @Override
    public Map<MappingKey, StoredRow> clientDisk() {
        return client.pcp().disk().durable();
    }

    @Override
    public boolean isClientDiskBehind() {
        return client.pcp().store().owes();
    }

    @Override
    public List<MappingView> listing() {
        return client.pcp().listing();
    }

    @Override
    public boolean isServerQuiet() {
        return server.isQuiet();
    }

    @Override
    public List<ServerRow> server(PcpAddress client) {
        return server.table(client);
    }

    @Override
    public void serverLoses() {
        checker.serverLoses();
    }

    @Override
    public void reaches(MapRequest request) {
        checker.reaches(request);
    }

    @Override
    public void serverSays(MapResponse response) {
        checker.serverSays(response);
    }

    @Override
    public List<Station> forAll() {
        return List.of(client.pcp().uplink().forAll());
    }
}
