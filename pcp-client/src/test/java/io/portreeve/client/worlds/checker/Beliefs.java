package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the client believes to be at the server is there, unless the server took it away since it last said so. */
final class Beliefs {
    private record Belief(MapResponse response, MonoTime said) {
        boolean isOf(Endpoint external) {
            return external.equals(new Endpoint(response.assignedAddress(), response.assignedPort()));
        }

        MonoTime until() {
            return said.plus(Duration.ofSeconds(response.lifetime().seconds()));
        }
    }

    /** A request that came to the server: what was said before need not hold for longer than it asks. */
    private record Reached(MonoTime at, MonoTime until) {}

    /** A datagram is no longer under way. */
    private static final Duration LONGEST_WAY = Duration.ofSeconds(11);

    /** A server may be this busy between a request and its answer. */
    private static final Duration LONGEST_WORK = Duration.ofSeconds(5);

    private final Dumps dumps;
    private final Map<MapResponse, MonoTime> said = new HashMap<>();

    /** The last word about a mapping; words overtake each other on their way. */
    private final Map<Name, MapResponse> last = new HashMap<>();

    private final Map<Name, Belief> beliefs = new HashMap<>();
    private final Map<Name, List<Reached>> reached = new HashMap<>();

    /** What came late and made again what the client no longer wants. */
    private final Set<Name> revenants = new HashSet<>();

    /** Where the client was when it asked. */
    private final Map<Name, Set<PcpAddress>> sources = new HashMap<>();

    private MonoTime lost = new MonoTime(-1);

    Beliefs(Dumps dumps) {
        this.dumps = dumps;
    }

    /** The server has taken away, or may have, what this subscriber had. */
    void lost() {
        lost = dumps.time();
    }

    /** The server sends a success. */
    void says(MapResponse response) {
        said.put(response, dumps.time());
        last.put(Name.of(response), response);
    }

    /** A request reaches the server. */
    void reaches(MapRequest request, boolean isWanted) {
        var until = dumps.time().plus(Duration.ofSeconds(request.lifetime().seconds()));
        reached.computeIfAbsent(Name.of(request), _ -> new ArrayList<>()).add(new Reached(dumps.time(), until));
        sources.computeIfAbsent(Name.of(request), _ -> new HashSet<>()).add(request.client());
        if (!request.lifetime().isDelete() && !isWanted) {
            revenants.add(Name.of(request));
        }
    }

    /** The client adopts what the server said. */
    void adopts(MapResponse response) {
        var at = said.get(response);
        if (at == null) {
            throw new InvariantBroken("adopted", "the server never said " + response);
        }
        beliefs.put(Name.of(response), new Belief(response, at));
    }

    /** The client believes a list. */
    void doubt(Name name) {
        beliefs.remove(name);
    }

    /** The client cannot know that the server has {@code name}. */
    void excuse(Name name) {
        revenants.add(name);
    }

    /** {@return true if the server heard so lately of {@code name} that an answer may be one to an earlier request} */
    boolean isLively(Name name) {
        var lately = reached.getOrDefault(name, List.of());
        return lately.stream()
                .anyMatch(it ->
                        it.until().isAfter(it.at()) && it.at().plus(LONGEST_WAY).isAfter(dumps.time()));
    }

    /** {@return true if the server may have {@code name} though the client wants it no more} */
    boolean isRevenant(Name name) {
        return revenants.contains(name);
    }

    /** {@return true if it was asked for from several addresses: at one of them it may be though it is deleted at another} */
    boolean isScattered(Name name) {
        return sources.getOrDefault(name, Set.of()).size() > 1;
    }

    void look(Name name, Endpoint external, List<ServerRow> server, PcpAddress client) {
        var belief = beliefs.get(name);
        boolean isCertain = belief != null
                && belief.isOf(external)
                && belief.response().equals(last.get(name))
                && belief.said().isAfter(lost)
                && dumps.time().isBefore(end(name, belief));
        if (isCertain
                && server.stream()
                        .noneMatch(it -> Name.of(it, client).equals(name)
                                && it.external().equals(external))) {
            throw new InvariantBroken("belief", name.key() + " is believed to be at " + external + ": " + server);
        }
    }

    private MonoTime end(Name name, Belief belief) {
        return reached.get(name).stream()
                .filter(it -> !it.at().plus(LONGEST_WORK).isBefore(belief.said()))
                .map(Reached::until)
                .reduce(belief.until(), MonoTime::earlier);
    }
}
