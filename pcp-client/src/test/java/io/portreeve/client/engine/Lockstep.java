package io.portreeve.client.engine;

import io.portreeve.client.AuditReport;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One engine, a clock that a test moves, and a record of all it did: what the message-flow figures of the RFC are replayed with. */
final class Lockstep {
    static final String SERVER = "the provider's";
    static final ServerAddress ADDRESS = ServerAddress.at(PcpAddress.parse("192.0.2.1"), 5351);
    static final PcpAddress SOURCE = PcpAddress.parse("100.64.0.2");
    static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");
    static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    static final MappingKey KEY = new MappingKey(Optional.of(HOST), IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4);
    static final Lifetime HOUR = new Lifetime(3600);

    final List<MapRequest> sent = new ArrayList<>();
    final List<PeerRequest> peers = new ArrayList<>();
    final List<AnnounceRequest> probes = new ArrayList<>();
    final List<GetRequest> lists = new ArrayList<>();
    final Map<Long, AuditReport> reports = new HashMap<>();
    final List<MonoTime> sentAt = new ArrayList<>();
    final List<NatPmpRequest> natPmp = new ArrayList<>();
    final List<MonoTime> natPmpAt = new ArrayList<>();
    final List<ServerAddress> sentTo = new ArrayList<>();
    final List<ServerAddress> connecting = new ArrayList<>();
    final List<MappingEvent> told = new ArrayList<>();
    final List<Effect> silences = new ArrayList<>();
    final List<Effect> stored = new ArrayList<>();
    final Map<Long, MappingOutcome> answers = new HashMap<>();
    final RandomGenerator random;
    final ClientEngine engine;
    MonoTime now = MonoTime.START.plus(Duration.ofSeconds(1000));
    long serverEpoch = 5000;
    private long lastTicket;
    private int lastNonce;
    private List<MappingView> listing = List.of();
    private List<ServerView> servers = List.of();

    Lockstep(long seed, Collection<Mapping> restored) {
        this(seed, restored, List.of(new PcpServer(SERVER, List.of(ADDRESS))));
    }

    /** There is a way to each address of each of {@code servers}. */
    Lockstep(long seed, Collection<Mapping> restored, List<PcpServer> servers) {
        this(seed, ClientPolicy.USUAL, restored, servers);
    }

    Lockstep(long seed, ClientPolicy policy, Collection<Mapping> restored, List<PcpServer> servers) {
        random = Seeds.of(seed);
        engine = new ClientEngine(policy, restored, () -> new MappingNonce(7, 7, ++lastNonce), random);
        use(servers);
    }

    void use(List<PcpServer> servers) {
        handle(new ClientEvent.Servers(servers));
        connect(SOURCE);
    }

    /** There is a way from {@code source} to whatever server it is wanted to. */
    void connect(PcpAddress source) {
        var wanted = List.copyOf(connecting);
        connecting.clear();
        wanted.forEach(server -> handle(new ClientEvent.Connected(server, source)));
    }

    Lockstep() {
        this(0, List.of());
    }

    static MappingRequest wants(MappingKey key, ExternalChoice external) {
        return new MappingRequest(key, "test", external, HOUR);
    }

    /** Wants exactly external port 8080 for {@link #KEY}. {@return the ticket} */
    long want() {
        return want(wants(KEY, new ExternalChoice.Exactly(8080)));
    }

    long want(MappingRequest request) {
        handle(new ClientEvent.Want(++lastTicket, request));
        return lastTicket;
    }

    long release(MappingKey key) {
        handle(new ClientEvent.Release(++lastTicket, "test", key));
        return lastTicket;
    }

    long audit() {
        handle(new ClientEvent.Audit(++lastTicket));
        return lastTicket;
    }

    List<MappingView> list() {
        handle(new ClientEvent.ListMappings(++lastTicket));
        return listing;
    }

    List<ServerView> servers() {
        handle(new ClientEvent.ListServers(++lastTicket));
        return servers;
    }

    MappingView view(MappingKey key) {
        return list().stream().filter(it -> it.key().equals(key)).findFirst().orElseThrow();
    }

    void handle(ClientEvent event) {
        for (var effect : engine.handle(event, now)) {
            switch (effect) {
                case Effect.Send(var server, MapRequest request) -> {
                    sent.add(request);
                    sentTo.add(server);
                    sentAt.add(now);
                }
                case Effect.Send(var _, PeerRequest request) -> peers.add(request);
                case Effect.Send(var _, AnnounceRequest request) -> probes.add(request);
                case Effect.Send(var _, GetRequest request) -> lists.add(request);
                case Effect.Send(var _, var other) -> throw new AssertionError("nobody asked for " + other);
                case Effect.SendNatPmp(var _, var request) -> {
                    natPmp.add(request);
                    natPmpAt.add(now);
                }
                case Effect.Connect(var server) -> connecting.add(server);
                case Effect.Stored change -> stored.add(change);
                case Effect.Answer(long ticket, var outcome) -> {
                    if (answers.put(ticket, outcome) != null) {
                        throw new AssertionError("ticket " + ticket + " is answered twice");
                    }
                }
                case Effect.Listing(var _, var views) -> listing = views;
                case Effect.ServerListing(var _, var views) -> servers = views;
                case Effect.Audited(long ticket, var report) -> reports.put(ticket, report);
                case Effect.Tell(var happened) -> told.add(happened);
                case Effect.FellSilent _, Effect.AnswersAgain _ -> silences.add(effect);
            }
        }
    }

    MapRequest lastSent() {
        return sent.getLast();
    }

    /** Lets time pass, with every action in its moment. */
    void pass(Duration duration) {
        var end = now.plus(duration);
        while (!engine.nextDue().isAfter(end)) {
            elapse(now.until(engine.nextDue()));
            handle(new ClientEvent.Due());
        }
        elapse(now.until(end));
    }

    private void elapse(Duration duration) {
        long before = now.seconds();
        now = now.plus(duration);
        serverEpoch += now.seconds() - before;
    }

    /** The server grants what was asked last. */
    void grant() {
        grant(lastSent(), lastSent().suggestedPort(), HOUR);
    }

    void grant(MapRequest request, int port, Lifetime lifetime) {
        receive(response(request, 0, lifetime, port, EXTERNAL));
    }

    void refuse(ResultCode result, Lifetime lifetime) {
        var request = lastSent();
        receive(response(request, result.value(), lifetime, request.suggestedPort(), request.suggestedAddress()));
    }

    MapResponse response(MapRequest request, int result, Lifetime lifetime, int port, PcpAddress address) {
        return new MapResponse(
                result,
                lifetime,
                new EpochTime(serverEpoch),
                request.nonce(),
                request.protocol(),
                request.internalPort(),
                port,
                address,
                request.options());
    }

    /** The server says that it speaks another version. */
    void otherVersion(int version) {
        handle(new ClientEvent.OtherVersion(ADDRESS, version, ResultCode.UNSUPP_VERSION.recommendedLifetime()));
    }

    void receive(MapResponse response) {
        receive(ADDRESS, response);
    }

    void receive(ServerAddress server, MapResponse response) {
        handle(new ClientEvent.Received(server, response));
    }
}
