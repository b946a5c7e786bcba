package io.portreeve.server.worlds.checker;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A server with nothing wrong around it refuses only what it must. */
final class Refusals {
    private final Dumps dumps;
    private final Rules rules;
    private final PortDelays delays;
    private final PeerWatch peers;
    private final Operations operations;

    Refusals(Dumps dumps, Rules rules, PortDelays delays, PeerWatch peers, Operations operations) {
        this.dumps = dumps;
        this.rules = rules;
        this.delays = delays;
        this.peers = peers;
        this.operations = operations;
    }

    /**
     * Checks a refusal in a time when nothing was wrong.
     *
     * @param requests that were under way lately, this one included
     * @param before the rows before the batch in which it was refused
     */
    void check(ResultCode result, Request request, Collection<Request> requests, Map<Who, DiskRow> before) {
        boolean isJustified = switch (result) {
            case USER_EX_QUOTA -> hasFullQuota(request, requests, before);
            case NOT_AUTHORIZED -> mayNot(request, requests, before);
            case CANNOT_PROVIDE_EXTERNAL ->
                request.map().prefersFailure() && (!isToHave(request, requests) || peers.mayHaveTraffic(request.who()));
            case EXCESSIVE_REMOTE_PEERS -> hasOtherFilter(request, requests, before);
            case NO_RESOURCES ->
                hasNoPort(request, requests, before) || isSetWithTraffic(request) || isBesideNatPmp(requests);
            default -> true;
        };
        if (!isJustified) {
            throw new InvariantBroken("refusals", "no reason for " + result + " to " + request);
        }
    }

    /** The same for what NAT-PMP has fewer words for. */
    void check(NatPmpResult result, Request request, Collection<Request> requests, Map<Who, DiskRow> before) {
        boolean isJustified = switch (result) {
            case NOT_AUTHORIZED -> mayNot(request, requests, before);
            default ->
                true; // what others have or had in the other protocol is not to be had either, and not counted here
        };
        if (!isJustified) {
            throw new InvariantBroken("refusals", "no reason for " + result + " to " + request);
        }
    }

    private boolean hasFullQuota(Request request, Collection<Request> requests, Map<Who, DiskRow> before) {
        var taken = new HashSet<Who>();
        dumps.cgn().stream().map(CgnRow::who).filter(who -> !isStatic(who)).forEach(taken::add);
        addWanted(requests, before, taken);
        return taken.stream()
                        .filter(who -> who.subscriber().equals(request.subscriber())
                                && !request.ports().has(who))
                        .count()
                >= rules.quota();
    }

    private boolean isStatic(Who who) {
        var row = dumps.disk().get(who);
        return row != null && row.maker() == Maker.OPERATOR;
    }

    /** What is being made, and what is about to end. */
    private static void addWanted(Collection<Request> requests, Map<Who, DiskRow> before, Set<Who> taken) {
        for (var request : requests) {
            taken.addAll(request.ports().each());
            before.values().stream()
                    .filter(row -> request.concerns(row.ports()))
                    .forEach(row -> taken.add(row.who()));
        }
    }

    private boolean mayNot(Request request, Collection<Request> requests, Map<Who, DiskRow> before) {
        return isStranger(request, before)
                || isContested(request, requests)
                || isStranger(request, dumps.disk())
                || !isHome(request.who())
                || isOnlyTraffic(request);
    }

    /** What it is just getting it has in the other protocol, too. */
    private static boolean isBesideNatPmp(Collection<Request> requests) {
        return requests.stream().anyMatch(it -> it.maker() == Maker.NAT_PMP);
    }

    /** Its ports do not follow each other. */
    private boolean isSetWithTraffic(Request request) {
        return request.ports().each().size() > 1
                && request.ports().each().stream().anyMatch(peers::mayHaveTraffic);
    }

    /** What a host's own traffic made is not its client's to delete. RFC 6887 section 15.1. */
    private boolean isOnlyTraffic(Request request) {
        return request.map().lifetime().isDelete() && peers.mayHaveTraffic(request.who());
    }

    /** Somebody else asked for it in the same moment. */
    private static boolean isContested(Request request, Collection<Request> requests) {
        return requests.stream()
                .anyMatch(it -> it.ports().overlaps(request.ports())
                        && (it.maker() != request.maker()
                                || !it.map().nonce().equals(request.map().nonce())));
    }

    private static boolean isStranger(Request request, Map<Who, DiskRow> rows) {
        return rows.values().stream()
                .anyMatch(row -> request.concerns(row.ports()) && !request.mayChange(row.maker(), row.nonce()));
    }

    /** The CGN refuses mappings that lead to other subscribers, to itself or to many. */
    private static boolean isHome(Who who) {
        return who.internal().equals(who.subscriber())
                || who.internal().toInetAddress().isSiteLocalAddress();
    }

    private static boolean hasOtherFilter(Request request, Collection<Request> requests, Map<Who, DiskRow> before) {
        return !request.filters().isEmpty()
                && (before.values().stream().anyMatch(row -> request.concerns(row.ports()) && hasOther(row, request))
                        || requests.stream()
                                .anyMatch(it -> it != request
                                        && it.ports().overlaps(request.ports())
                                        && !it.filters().isEmpty()));
    }

    /** What the operator made has none, and keeps to that. */
    private static boolean hasOther(DiskRow row, Request request) {
        return row.maker() == Maker.OPERATOR
                || row.filter().isPresent()
                        && !row.filter().get().equals(request.filters().getFirst());
    }

    /** {@return true if exactly what is suggested is its own already, or nobody's, and nobody else asks for anything} */
    private boolean isToHave(Request request, Collection<Request> requests) {
        if (requests.size() > 1) {
            return false;
        }
        var row = dumps.disk().get(request.who());
        int suggested = request.map().suggestedPort();
        boolean isHeld = heldFromOthers(request).anyMatch(it -> it.port() == suggested);
        boolean isFree = !isHeld
                && request.map().suggestedAddress().isUnspecified()
                && dumps.cgn().stream().noneMatch(it -> it.external().port() == suggested);
        return row == null ? isFree : Suggestions.isMet(request.map(), row.external());
    }

    private Stream<Station> heldFromOthers(Request request) {
        return delays.heldFromOthers(request.subscriber(), request.who().protocol()).stream();
    }

    /** Counts what the others on this external address have, had lately, and may be getting just now. */
    private boolean hasNoPort(Request request, Collection<Request> requests, Map<Who, DiskRow> before) {
        var subscriber = request.subscriber();
        var address =
                operations.hasMoved(subscriber) ? null : dumps.subscribers().get(subscriber);
        var protocol = request.who().protocol();
        var taken = new HashSet<Who>();
        dumps.cgn().stream()
                .filter(row -> isOn(address, row.external()))
                .map(CgnRow::who)
                .forEach(taken::add);
        addWanted(requests, before, taken);
        taken.removeIf(who -> request.ports().has(who) || !who.protocol().equals(protocol));
        long held = heldFromOthers(request).filter(it -> isOn(address, it)).count();
        return held + taken.size() + perhapsKeptForOthers(request, address) >= rules.ports();
    }

    /**
     * NAT-PMP keeps what it maps in one protocol for the same host in the other (RFC 6886 section 3.3). Who made what in the other
     * one is not looked at: a request of the same batch may have taken it over.
     */
    private long perhapsKeptForOthers(Request request, PcpAddress address) {
        return dumps.cgn().stream()
                .filter(row -> isOn(address, row.external())
                        && !row.who().protocol().equals(request.who().protocol())
                        && !(row.who().subscriber().equals(request.subscriber())
                                && row.who().internal().equals(request.who().internal())))
                .count();
    }

    private static boolean isOn(PcpAddress address, Station external) {
        return address == null || address.equals(external.address());
    }
}
