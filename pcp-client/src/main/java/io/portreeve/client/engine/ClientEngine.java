package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerView;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The PCP client: servers, mappings and their actions, and nothing of the world.
 *
 * <pre>
 *   applications --Want, Release-->  +--------------+  --Send--> servers
 *   servers ------Received-------->  | ClientEngine |  --Save--> store
 *   clock --------Due------------->  +--------------+  --Answer, Tell--> applications
 * </pre>
 *
 * Source: RFC 6887 sections 8, 11, 15; RFC 7488.
 */
public final class ClientEngine {

    /** What is wanted while there is no server. */
    private static final String NOWHERE = "";

    private final Waiters waiters = new Waiters();
    private final Auditors auditors = new Auditors();
    private final ClientPolicy policy;
    private final Supplier<MappingNonce> nonces;
    private final RandomGenerator random;
    private final Map<String, ServerSession> sessions = new LinkedHashMap<>();

    /** @param restored what an earlier run stored, in state Mapped or NotSent; it waits for its servers */
    public ClientEngine(
            ClientPolicy policy, Collection<Mapping> restored, Supplier<MappingNonce> nonces, RandomGenerator random) {
        this.policy = policy;
        this.nonces = nonces;
        this.random = random;
        restored.forEach(mapping -> session(mapping.server()).restore(mapping));
    }

    private ServerSession session(String name) {
        return sessions.computeIfAbsent(name, _ -> new ServerSession(name, policy, waiters, nonces, random));
    }

    public MonoTime nextDue() {
        return sessions.values().stream().map(ServerSession::nextDue).reduce(MonoTime.NEVER, MonoTime::earlier);
    }

    /** {@return what must be done about {@code event}, in order} */
    public List<Effect> handle(ClientEvent event, MonoTime now) {
        var effects = new ArrayList<>(decide(event, now));
        for (var session : sessions.values()) {
            session.auditReport().ifPresent(report -> effects.addAll(auditors.hear(session.name(), report)));
            effects.addAll(session.silence(now));
        }
        return effects;
    }

    private List<Effect> decide(ClientEvent event, MonoTime now) {
        return switch (event) {
            case ClientEvent.Want(long ticket, var request) -> want(ticket, request, now);
            case ClientEvent.Release(long ticket, var owner, var key) -> release(ticket, owner, key, now);
            case ClientEvent.ListMappings(long ticket) -> List.of(new Effect.Listing(ticket, views(now)));
            case ClientEvent.ListServers(long ticket) -> List.of(new Effect.ServerListing(ticket, servers(now)));
            case ClientEvent.Audit(long ticket) -> audit(ticket, now);
            case ClientEvent.Servers(var servers) -> servers(servers, now);
            case ClientEvent.NetworkChanged() -> each(ServerSession::isPresent, session -> session.networkChanged(now));
            case ClientEvent.Connected(var server, var source) ->
                each(session -> session.uses(server), session -> session.connected(server, source, now));
            case ClientEvent.Received(var server, var response) ->
                each(session -> session.uses(server), session -> received(session, response, now));
            case ClientEvent.Announced(var server, var response) ->
                each(session -> session.uses(server), session -> session.announced(response, now));
            case ClientEvent.OtherVersion(var server, int version, var lifetime) ->
                each(session -> session.uses(server), session -> session.otherVersion(version, lifetime, now));
            case ClientEvent.NatPmpReceived(var server, var response) ->
                each(
                        session -> session.uses(server),
                        session -> session.natPmp().received(response, now));
            case ClientEvent.NatPmpFailed(var server, var mapped, int result) ->
                each(
                        session -> session.uses(server),
                        session -> session.natPmp().failed(mapped, result, now));
            case ClientEvent.Unreachable(var server) ->
                each(session -> session.uses(server), session -> session.unreachable(now));
            case ClientEvent.Due() -> each(_ -> true, session -> session.due(now));
        };
    }

    private List<Effect> each(Predicate<ServerSession> which, Function<ServerSession, List<Effect>> what) {
        return sessions.values().stream()
                .filter(which)
                .flatMap(session -> what.apply(session).stream())
                .toList();
    }

    private List<MappingView> views(MonoTime now) {
        return sessions.values().stream()
                .flatMap(session -> session.mappings().stream())
                .filter(Mapping::isWanted)
                .map(mapping -> mapping.view(now))
                .toList();
    }

    private List<ServerView> servers(MonoTime now) {
        return sessions.values().stream()
                .filter(session -> !session.name().equals(NOWHERE))
                .map(session -> session.view(now))
                .toList();
    }

    private static List<Effect> received(ServerSession session, PcpResponse response, MonoTime now) {
        return switch (response) {
            case MapResponse map -> received(session, Said.of(map), now);
            case PeerResponse peer -> received(session, Said.of(peer), now);
            case AnnounceResponse announce -> session.announced(announce, now);
            case GetResponse get -> session.listed(get, now);
        };
    }

    private static List<Effect> received(ServerSession session, Optional<Said> said, MonoTime now) {
        return said.map(it -> session.received(it, now)).orElse(List.of());
    }

    private List<Effect> want(long ticket, MappingRequest request, MonoTime now) {
        var other = otherOwner(request.owner(), request.key());
        if (other.isPresent()) {
            return answer(ticket, new MappingOutcome.HeldByOther(other.get()));
        }
        var targets = targets(request.key());
        waiters.add(
                request.key(), ticket, targets.stream().map(ServerSession::name).toList());
        return targets.stream()
                .flatMap(session -> session.want(request, now).stream())
                .toList();
    }

    private Optional<String> otherOwner(String owner, MappingKey key) {
        return sessions.values().stream()
                .flatMap(session -> session.get(key).stream())
                .map(Mapping::owner)
                .filter(it -> !it.equals(owner) && !it.equals(Mapping.NOBODY))
                .findFirst();
    }

    private List<Effect> audit(long ticket, MonoTime now) {
        var present =
                sessions.values().stream().filter(ServerSession::isPresent).toList();
        present.forEach(session -> session.audit(now));
        var asked = present.stream()
                .collect(Collectors.partitioningBy(
                        ServerSession::isAuditing, Collectors.mapping(ServerSession::name, Collectors.toList())));
        return auditors.add(ticket, asked.get(true), asked.get(false));
    }

    /** {@return whom to ask; if there is no server now, those who know the mapping, else who keeps it for the first one} */
    private List<ServerSession> targets(MappingKey key) {
        var present =
                sessions.values().stream().filter(ServerSession::isPresent).toList();
        var known = sessions.values().stream()
                .filter(session -> session.get(key).isPresent())
                .toList();
        return !present.isEmpty() ? present : !known.isEmpty() ? known : List.of(session(NOWHERE));
    }

    private List<Effect> release(long ticket, String owner, MappingKey key, MonoTime now) {
        var other = otherOwner(owner, key);
        if (other.isPresent()) {
            return answer(ticket, new MappingOutcome.HeldByOther(other.get()));
        }
        var known = sessions.values().stream()
                .filter(session -> session.get(key).isPresent())
                .toList();
        if (known.isEmpty()) {
            return answer(ticket, new MappingOutcome.Released());
        }
        var effects = new ArrayList<Effect>();
        if (known.stream().anyMatch(session -> session.get(key).orElseThrow().isWanted())) {
            effects.addAll(waiters.tellAll(key, new MappingOutcome.Released())); // they wait for what is given up now
        }
        waiters.add(key, ticket, known.stream().map(ServerSession::name).toList());
        known.forEach(session -> effects.addAll(session.release(key, now)));
        return effects;
    }

    /** What is wanted at one of them is wanted at all. Source: RFC 7488 section 4; a server may also be found elsewhere. */
    private List<Effect> servers(List<PcpServer> servers, MonoTime now) {
        var wanted = new LinkedHashMap<MappingKey, Mapping>();
        sessions.values().stream()
                .flatMap(session -> session.mappings().stream())
                .filter(Mapping::isWanted)
                .forEach(mapping -> wanted.putIfAbsent(mapping.key(), mapping));
        var names = servers.stream().map(PcpServer::name).toList();
        var effects = new ArrayList<Effect>();
        servers.forEach(server -> effects.addAll(session(server.name()).at(server.addresses(), now)));
        for (var session : List.copyOf(sessions.values())) {
            boolean isOurs = names.contains(session.name());
            effects.addAll(isOurs ? session.adopt(wanted.values(), now) : session.leave(servers.isEmpty(), now));
        }
        sessions.values()
                .removeIf(session -> !session.isPresent() && session.mappings().isEmpty());
        return effects;
    }

    private static List<Effect> answer(long ticket, MappingOutcome outcome) {
        return List.of(new Effect.Answer(ticket, outcome));
    }
}
