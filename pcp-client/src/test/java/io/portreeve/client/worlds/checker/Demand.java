package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.worlds.checker.StoredRow.Wish;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the next request for a mapping must say, and which answer is the one to it.
 *
 * @param wish empty if it is to be deleted
 * @param external the endpoint last granted, if that is to be had again
 * @param refusedAt the address at which the server cannot provide the only port that will do
 */
record Demand(MappingKey key, Optional<Wish> wish, Optional<Endpoint> external, Optional<PcpAddress> refusedAt) {

    MapRequest request(MappingNonce nonce, PcpAddress source) {
        var options = new ArrayList<PcpOption>();
        key.thirdParty().ifPresent(host -> options.add(new PcpOption.ThirdParty(host)));
        if (isExact()) {
            options.add(new PcpOption.PreferFailure());
        }
        var suggested = suggested();
        return new MapRequest(
                wish.map(Wish::lifetime).orElse(Lifetime.DELETE),
                source,
                nonce,
                key.protocol(),
                key.internalPort(),
                suggested.port(),
                suggested.address(),
                List.copyOf(options));
    }

    /** {@return what was granted last, else what is wanted; nothing in particular if it is to be deleted} */
    Endpoint suggested() {
        var known = wish.map(it -> external.orElseGet(() -> it.external().suggested(key.externalFamily())))
                .orElseGet(() -> new Endpoint(key.externalFamily(), 0));
        return refusedAt.equals(Optional.of(known.address()))
                ? new Endpoint(key.externalFamily(), known.port())
                : known;
    }

    boolean isExact() {
        return wish.filter(it -> it.external() instanceof ExternalChoice.Exactly)
                .isPresent();
    }

    /** {@return true if {@code response} grants an endpoint that will do} RFC 6887 section 13.2. */
    boolean isMetBy(MapResponse response) {
        return !isExact() || isTheOne(response);
    }

    /** What suggests no address is content with any. */
    private boolean isTheOne(MapResponse response) {
        var suggested = suggested();
        return response.assignedPort() == suggested.port()
                && (suggested.address().isUnspecified() || suggested.address().equals(response.assignedAddress()));
    }

    /** {@return true if {@code response}, a success, can be one} */
    static boolean isSense(MapResponse response) {
        return response.assignedPort() != 0
                && !response.assignedAddress().isUnspecified()
                && !response.lifetime().isDelete();
    }
}
