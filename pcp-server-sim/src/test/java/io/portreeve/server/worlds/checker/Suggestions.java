package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MapRequest;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;

/** PREFER_FAILURE: what was suggested, or nothing. RFC 6887 section 13.2. */
final class Suggestions {
    private Suggestions() {}

    static boolean isMet(MapRequest map, Station external) {
        var address = map.suggestedAddress();
        return map.suggestedPort() == external.port()
                && (address.isUnspecified() || address.equals(external.address()));
    }

    static void check(Request request, Grant answer) {
        if (request.map().prefersFailure() && !isMet(request.map(), answer.external())) {
            throw new InvariantBroken("prefer-failure", request + " gets " + answer.external());
        }
    }
}
