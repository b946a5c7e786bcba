package io.portreeve.server.worlds.checker;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;

import io.portreeve.pcp.ResultCode;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Stream;

/** A server with nothing wrong around it refuses only what it must. */
final class Refusals {
    private final Dumps dumps;
    private final Rules rules;
    private final PortDelays delays;

    Refusals(Dumps dumps, Rules rules, PortDelays delays) {
        this.dumps = dumps;
        this.rules = rules;
        this.delays = delays;
    }

    /**
     * Checks a refusal in a time when nothing was wrong.
     *
     * @param requests that were under way lately, this one included
     * @param before the rows before the batch in which it was refused
     */
    void check(ResultCode result, Request request, Collection<Request> requests, Map<Who, DiskRow> before) {
        boolean isJustified = switch (result) {
            case USER_EX_QUOTA -> hasFullQuota(request, requests);
            case NOT_AUTHORIZED ->
                isStranger(request, before)
                        || isContested(request, requests)
                        || isStranger(request, dumps.disk())
                        || !isHome(request.who());
            case CANNOT_PROVIDE_EXTERNAL -> request.map().prefersFailure() && !isToHave(request, requests);
            case NO_RESOURCES -> hasNoPort(request, requests);
            default -> true;
        };
        if (!isJustified) {
            throw new InvariantBroken("refusals", "no reason for " + result + " to " + request);
        }
    }

    private boolean hasFullQuota(Request request, Collection<Request> requests) {
        var subscriber = request.who().subscriber();
        var taken = new HashSet<Who>();
        dumps.cgn().stream().map(CgnRow::who).forEach(taken::add);
        requests.stream().map(Request::who).forEach(taken::add);
        taken.remove(request.who());
        return taken.stream().filter(who -> who.subscriber().equals(subscriber)).count() >= rules.quota();
    }

    /** Somebody else asked for it in the same moment. */
    private static boolean isContested(Request request, Collection<Request> requests) {
        return requests.stream()
                .anyMatch(it -> it.who().equals(request.who())
                        && !it.map().nonce().equals(request.map().nonce()));
    }

    /** The CGN refuses mappings that lead to other subscribers, to itself or to many. */
    private static boolean isHome(Who who) {
        return who.internal().equals(who.subscriber())
                || who.internal().toInetAddress().isSiteLocalAddress();
    }

    /** {@return true if exactly what is suggested is its own already, or nobody's, and nobody else asks for anything} */
    private boolean isToHave(Request request, Collection<Request> requests) {
        if (requests.size() > 1) {
            return false;
        }
        var row = dumps.disk().get(request.who());
        boolean isHeld = heldFromOthers(request)
                .anyMatch(it -> it.port() == request.map().suggestedPort());
        boolean isFree = !isHeld
                && request.map().suggestedAddress().isUnspecified()
                && dumps.cgn().stream()
                        .noneMatch(it -> it.external().port() == request.map().suggestedPort());
        return row == null ? isFree : Suggestions.isMet(request.map(), row.external());
    }

    private Stream<Station> heldFromOthers(Request request) {
        return delays.heldFromOthers(request.who().subscriber(), request.who().protocol()).stream();
    }

    /** Counts what the others on this external address have, had lately, and may be getting just now. */
    private boolean hasNoPort(Request request, Collection<Request> requests) {
        var address = dumps.subscribers().get(request.who().subscriber());
        var taken = new HashSet<Who>();
        dumps.cgn().stream()
                .filter(row -> address == null || address.equals(row.external().address()))
                .map(CgnRow::who)
                .forEach(taken::add);
        requests.stream().map(Request::who).forEach(taken::add);
        taken.remove(request.who());
        var protocol = request.who().protocol();
        long held = heldFromOthers(request)
                .filter(it -> address == null || address.equals(it.address()))
                .count();
        return held
                        + taken.stream()
                                .filter(who -> who.protocol().equals(protocol))
                                .count()
                >= rules.ports();
    }

    private static boolean isStranger(Request request, Map<Who, DiskRow> rows) {
        var row = rows.get(request.who());
        return row != null && !row.nonce().equals(request.map().nonce());
    }
}
