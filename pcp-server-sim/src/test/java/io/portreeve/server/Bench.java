package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ExternalPool;
import io.portreeve.server.engine.MappingRow;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.Move;
import io.portreeve.server.engine.ServerEffect.Administered;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Listing;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Renumbered;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEffect.Shown;
import io.portreeve.server.engine.ServerEffect.Unasked;
import io.portreeve.server.engine.ServerEngine;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.AddStatic;
import io.portreeve.server.engine.ServerEvent.ListMappings;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.StateLost;
import io.portreeve.server.engine.ServerEvent.SubscriberDeleted;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.store.MemoryStore;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A whole server without sockets, threads and clocks: engine, loop, mock CGN and a disk in memory. */
final class Bench {
    static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("100.64.0.2"), 49152);

    private static final List<Endpoint> REMOTES = List.of(
            new Endpoint(PcpAddress.parse("198.51.100.10"), 7000),
            new Endpoint(PcpAddress.parse("198.51.100.11"), 7000));

    final MockCgn cgn;
    final FaultyCgn faults;
    final MemoryStore store;
    final Map<Long, Answer> answers = new HashMap<>();
    private final ServerPolicy policy;
    private final List<PoolRange> pool;
    private final int capacity;
    private final long seed;
    private final ServerLoop loop;
    private final Deque<ServerEvent> inbox = new ArrayDeque<>();
    private final Deque<ServerEvent> held = new ArrayDeque<>();
    private final List<Listing> listings = new ArrayList<>();
    final Map<Long, Addition> additions = new HashMap<>();
    final Map<Long, Move> moves = new HashMap<>();
    final List<Unasked> unasked = new ArrayList<>();
    boolean cgnIsSlow;
    private MonoTime now;
    private long lastRequest;

    Bench(ServerPolicy policy, List<PoolRange> pool, int capacity) {
        this(policy, pool, capacity, 0);
    }

    Bench(ServerPolicy policy, List<PoolRange> pool, int capacity, long seed) {
        this(policy, pool, capacity, seed, new MemoryStore(), MonoTime.START.plus(Duration.ofHours(1)));
    }

    private Bench(
            ServerPolicy policy, List<PoolRange> pool, int capacity, long seed, MemoryStore store, MonoTime started) {
        this.policy = policy;
        this.pool = pool;
        this.capacity = capacity;
        this.seed = seed;
        this.store = store;
        now = started;
        cgn = new MockCgn(pool, CgnLimits.of(capacity), () -> now, Seeds.of(seed));
        cgn.onDeletedSubscriber(handle -> inbox.add(new SubscriberDeleted(handle)));
        faults = new FaultyCgn(cgn);
        var external = new ExternalPool(pool);
        var stored = store.load();
        var restoration = Restoration.of(stored, policy, cgn, external, now);
        var epoch = restoration.epoch(stored);
        store.replaceAll(epoch, restoration.state());
        loop = new ServerLoop(
                new ServerEngine(policy, epoch, external, restoration.state(), Seeds.of(seed)),
                new CgnCalls(faults.asCgn(), answer -> (cgnIsSlow ? held : inbox).add(answer)),
                store,
                sent -> sent.forEach(this::take),
                this::show);
        if (restoration.isLoss() && stored.epoch().isPresent()) {
            happen(new StateLost());
        }
    }

    MonoTime now() {
        return now;
    }

    /** {@return the server that starts when this one was killed, from its disk, at a CGN with {@code pool} that lost all} */
    Bench restarted(List<PoolRange> pool) {
        return restarted(pool, 1000);
    }

    /** @param capacity how many mappings that CGN takes back */
    Bench restarted(List<PoolRange> pool, int capacity) {
        return new Bench(policy, pool, capacity, 0, store, now);
    }

    /** {@return the next server on the same disk, with a CGN that knows nothing} */
    Bench restart() {
        return new Bench(policy, pool, capacity, seed, store, now);
    }

    /** {@return the next server, started when the last one was dead for {@code down}} */
    Bench restartAfter(Duration down) {
        return new Bench(policy, pool, capacity, seed, store, now.plus(down));
    }

    static List<PoolRange> pool(int firstPort, int lastPort) {
        return List.of(
                new PoolRange(EXTERNAL, IpProtocol.TCP, firstPort, lastPort),
                new PoolRange(EXTERNAL, IpProtocol.UDP, firstPort, lastPort));
    }

    long nextRequestId() {
        return ++lastRequest;
    }

    private void take(Sent message) {
        switch (message) {
            case Answer answer ->
                assertThat(answers.put(answer.requestId(), answer))
                        .as("a second answer to one request")
                        .isNull();
            case Unasked told -> unasked.add(told);
        }
    }

    private void show(Shown answer) {
        switch (answer) {
            case Listing listing -> listings.add(listing);
            case Administered(long id, var outcome) ->
                assertThat(additions.put(id, outcome))
                        .as("a second answer to one order")
                        .isNull();
            case Renumbered(long id, var outcome) ->
                assertThat(moves.put(id, outcome))
                        .as("a second answer to one order")
                        .isNull();
        }
    }

    /** {@return the answer to {@code request}, after everything that follows from it has happened} */
    Answer ask(Endpoint source, PcpRequest request) {
        long id = nextRequestId();
        happen(new Received(id, Client.of(source), request));
        return answers.get(id);
    }

    /** {@return the answer to {@code asked}, which must be a success} */
    MapResponse granted(WantedMap asked) {
        var answer = ask(new Endpoint(asked.client(), CLIENT.port()), asked.build());
        assertThat(answer).isInstanceOf(Reply.class);
        return (MapResponse) ((Reply) answer).response();
    }

    /** {@return the answer to {@code asked}, which must be an error} */
    Refuse refused(WantedMap asked) {
        var answer = ask(new Endpoint(asked.client(), CLIENT.port()), asked.build());
        assertThat(answer).isInstanceOf(Refuse.class);
        return (Refuse) answer;
    }

    /** {@return where a packet from the internet ends up; empty if it is dropped} */
    Optional<Endpoint> inbound(IpProtocol protocol, Endpoint remote, int externalPort) {
        return inbound(protocol, remote, new Endpoint(EXTERNAL, externalPort));
    }

    private Optional<Endpoint> inbound(IpProtocol protocol, Endpoint remote, Endpoint external) {
        return cgn.inbound(Packet.outside(protocol, remote, external)).map(Packet::destination);
    }

    /** {@return the answers to {@code requests}, which come in one batch} */
    List<Answer> askAtOnce(Endpoint source, List<? extends PcpRequest> requests) {
        var ids = new ArrayList<Long>();
        for (var request : requests) {
            ids.add(nextRequestId());
            inbox.add(new Received(lastRequest, Client.of(source), request));
        }
        run();
        return ids.stream().map(answers::get).toList();
    }

    /** {@return what becomes of a mapping that the operator wants; null if that is not certain yet} */
    Addition add(SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Endpoint external) {
        long id = nextRequestId();
        happen(new AddStatic(id, subscriber, protocol, internal, external));
        return additions.get(id);
    }

    void happen(ServerEvent event) {
        queue(event);
        run();
    }

    /** Has {@code event} happen in the next batch. */
    void queue(ServerEvent event) {
        inbox.add(event);
    }

    /** Lets time pass; what is due happens when it is due. */
    void pass(Duration time) {
        var end = now.plus(time);
        for (int step = 0; !loop.nextDue().isAfter(end); step++) {
            assertThat(step).as("steps in " + time + ": something stays due").isLessThan(100_000);
            now = loop.nextDue().isBefore(now) ? now : loop.nextDue();
            loop.handle(List.of(), now);
            run();
        }
        now = end;
    }

    void run() {
        while (!inbox.isEmpty()) {
            var batch = List.copyOf(inbox);
            inbox.clear();
            loop.handle(batch, now);
        }
    }

    /** Lets the CGN's answers arrive that were held while it was slow: the first {@code count} of them. */
    void hearFromCgn(int count) {
        for (int i = 0; i < count && !held.isEmpty(); i++) {
            inbox.add(held.poll());
        }
    }

    /** The CGN answers so often, one call after the other; the last answer is heard in the next batch. */
    void hearAnswers(int count) {
        for (int i = 1; i < count; i++) {
            hearFromCgn(1);
            run();
        }
        hearFromCgn(Math.min(count, 1));
    }

    /** The CGN is as fast as ever, and has done all it was asked for. */
    void letTheCgnAnswer() {
        cgnIsSlow = false;
        hearFromCgn(held.size());
        run();
    }

    List<MappingView> mappings() {
        happen(new ListMappings(nextRequestId()));
        return listings.getLast().mappings();
    }

    /** Nothing is at the CGN, on disk or in the engine that is not at the other two. */
    void assertNoOrphan() {
        var engine = mappings().stream()
                .map(view -> List.of(view.protocol(), view.internal(), view.external()))
                .collect(Collectors.toSet());
        var atCgn = cgn.table().stream()
                .map(entry -> List.of(
                        entry.mapping().protocol(),
                        entry.mapping().internal(),
                        entry.mapping().external()))
                .collect(Collectors.toSet());
        var rows = store.load().mappings();
        var onDisk = rows.stream()
                .map(row -> List.of(row.key().protocol(), row.key().internal(), row.external()))
                .collect(Collectors.toSet());
        var portsOnDisk = rows.stream()
                .flatMap(row -> row.atCgn(new SubscriberHandle(0)).stream())
                .map(mapping -> List.of(mapping.protocol(), mapping.internal(), mapping.external()))
                .collect(Collectors.toSet());
        assertThat(onDisk).as("rows on disk").isEqualTo(engine);
        assertThat(atCgn).as("the CGN's mappings, port for port").isEqualTo(portsOnDisk);
        assertThat(rows).allSatisfy(this::assertLetsIn);
        assertThat(new HashSet<>(cgn.table())).as("each once").hasSameSizeAs(cgn.table());
    }

    /** Whom the filter on disk admits gets in, through each port, and nobody else. */
    private void assertLetsIn(MappingRow row) {
        for (var remote : REMOTES) {
            boolean admitted =
                    row.filterAtCgn().map(filter -> filter.admits(remote)).orElse(true);
            for (var port : row.atCgn(new SubscriberHandle(0))) {
                assertThat(inbound(port.protocol(), remote, port.external()))
                        .as("from " + remote + " to " + port.external())
                        .isEqualTo(admitted ? Optional.of(port.internal()) : Optional.empty());
            }
        }
    }
}
