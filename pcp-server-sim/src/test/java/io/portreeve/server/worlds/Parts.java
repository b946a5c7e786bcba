package io.portreeve.server.worlds;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.worlds.checker.CgnRow;
import io.portreeve.server.worlds.checker.Checker;
import io.portreeve.server.worlds.checker.DiskRow;
import io.portreeve.server.worlds.checker.Dumps;
import io.portreeve.server.worlds.checker.Orders;
import io.portreeve.server.worlds.checker.Peer;
import io.portreeve.server.worlds.checker.Who;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.Trace;
import io.portreeve.worlds.VirtualDisk;
import io.portreeve.worlds.VirtualMachine;
import io.portreeve.worlds.VirtualNetwork;
import io.portreeve.worlds.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What one small world is made of. */
final class Parts implements Dumps {
    final VirtualTime time = new VirtualTime();
    final Trace trace = new Trace(time);
    final VirtualMachine machine = new VirtualMachine(time, Duration.ofDays(3));
    final VirtualNetwork network = new VirtualNetwork(time);
    final VirtualDisk<Object, Cell> disk = new VirtualDisk<>();
    final DiskDump dump = new DiskDump(disk, machine, time);
    final Set<String> reached = new TreeSet<>();
    final Chance chance;
    final CgnHost cgn;
    final Checker checker;
    final Orders orders = new Orders(this);

    Parts(long seed) {
        chance = new Chance(seed);
        cgn = new CgnHost(SmallWorld.POOL, chance.nextBoolean(), time, machine::uptime, chance);
        checker = new Checker(this, SmallWorld.RULES);
    }

    void note(String what, Object detail) {
        trace.add(what, detail);
        reached.add(what);
    }

    @Override
    public MonoTime now() {
        return time.now();
    }

    @Override
    public List<CgnRow> cgn() {
        return cgn.table();
    }

    @Override
    public Optional<Who> reached(IpProtocol protocol, Station remote, Station external) {
        return cgn.reached(protocol, remote, external);
    }

    @Override
    public Map<Peer, MonoTime> peers() {
        return dump.peers();
    }

    @Override
    public Map<Who, DiskRow> disk() {
        return dump.rows();
    }

    @Override
    public Map<PcpAddress, PcpAddress> subscribers() {
        return dump.subscribers();
    }
}
