package io.portreeve.server.worlds;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.worlds.checker.CgnRow;
import io.portreeve.server.worlds.checker.Who;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Where the CGN's table lives: in the server's process, as the mock's does, or in another one, as the kernel's does. */
final class CgnHost {

    /**
     * How the CGN behaves.
     *
     * @param refusals share of the calls that are refused though they could be done, 0..1
     */
    record Mood(Duration longestDelay, double refusals) {
        static final Mood GOOD = new Mood(Duration.ZERO, 0);
    }

    private static final int MAPPINGS = 1000;

    /** A CGN that loses its server waits for another one so long, and then drops everything. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<PoolRange> pool;
    private final boolean outlivesServer;
    private final VirtualTime time;
    private final MonoClock uptime;
    private final RandomGenerator random;

    /** What earlier servers made: in force until a new one has brought back what it knows. */
    private final List<MockCgn> earlier = new ArrayList<>();

    private Optional<MockCgn> current = Optional.empty();
    private Mood mood = Mood.GOOD;
    private List<CgnRow> table = List.of();
    private boolean isTableOld;

    CgnHost(List<PoolRange> pool, boolean outlivesServer, VirtualTime time, MonoClock uptime, RandomGenerator random) {
        this.uptime = uptime;
        this.random = random;
        this.pool = pool;
        this.outlivesServer = outlivesServer;
        this.time = time;
    }

    /** {@return the CGN as a new server finds it} */
    MockCgn connect() {
        current.filter(_ -> outlivesServer).ifPresent(earlier::add);
        var connected = new MockCgn(pool, CgnLimits.of(MAPPINGS), uptime, random);
        current = Optional.of(connected);
        changed();
        return connected;
    }

    void unlocked() {
        earlier.clear();
        changed();
    }

    void serverDied() {
        if (!outlivesServer) {
            lose();
            return;
        }
        var orphaned = current;
        time.after(PATIENCE, () -> {
            if (current.equals(orphaned)) {
                lose();
            }
        });
    }

    /** Everything in force is gone. */
    void lose() {
        earlier.clear();
        current = Optional.empty();
        changed();
    }

    void deleteSubscriber(PcpAddress subscriber) {
        current.ifPresent(cgn -> cgn.deleteSubscriber(new SubscriberId(subscriber)));
        changed();
    }

    Mood mood() {
        return mood;
    }

    void setMood(Mood mood) {
        this.mood = mood;
    }

    /** The table may be another one now. */
    void changed() {
        isTableOld = true;
    }

    /** {@return what is in force} */
    List<CgnRow> table() {
        if (isTableOld) {
            var rows = new ArrayList<CgnRow>();
            earlier.forEach(cgn -> cgn.table().forEach(entry -> add(entry, rows)));
            current.ifPresent(cgn -> cgn.table().forEach(entry -> add(entry, rows)));
            table = rows;
            isTableOld = false;
        }
        return table;
    }

    /** {@return whom a packet reaches; empty if it is dropped} */
    Optional<Who> reached(IpProtocol protocol, Station remote, Station external) {
        var packet = Packet.outside(protocol, endpoint(remote), endpoint(external));
        return Stream.concat(current.stream(), earlier.stream())
                .flatMap(cgn -> cgn.inbound(packet).stream())
                .map(CgnHost::who)
                .findFirst();
    }

    private static Endpoint endpoint(Station station) {
        return new Endpoint(station.address(), station.port());
    }

    private static Who who(Packet arrived) {
        var internal = arrived.destination();
        return new Who(arrived.line().orElseThrow().address(), arrived.protocol(), internal.address(), internal.port());
    }

    private static void add(LocalCgn.Entry entry, List<CgnRow> rows) {
        var mapping = entry.mapping();
        var internal = mapping.internal();
        var who = new Who(entry.subscriber().address(), mapping.protocol(), internal.address(), internal.port());
        rows.add(new CgnRow(
                who,
                new Station(mapping.external().address(), mapping.external().port())));
    }
}
