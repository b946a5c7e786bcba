package io.portreeve.client.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.NextMapping;
import java.util.Optional;

/** What a client and its server call a mapping by. */
record Name(MappingKey key, MappingNonce nonce) {
    static Name of(MapRequest request) {
        var key = new MappingKey(
                request.thirdParty(),
                request.protocol(),
                request.internalPort(),
                request.suggestedAddress().anyOfFamily());
        return new Name(key, request.nonce());
    }

    static Name of(MapResponse response) {
        var key = new MappingKey(
                response.thirdParty(),
                response.protocol(),
                response.internalPort(),
                response.assignedAddress().anyOfFamily());
        return new Name(key, response.nonce());
    }

    /** @param nonce what was asked for: a server lists what has it */
    static Name of(NextMapping listed, MappingNonce nonce, PcpAddress client) {
        var tuple = listed.tuple();
        var key = new MappingKey(
                Optional.of(tuple.internal()).filter(it -> !it.equals(client)),
                tuple.protocol(),
                tuple.internalPort(),
                tuple.external().anyOfFamily());
        return new Name(key, nonce);
    }

    /** @param client from where it was asked for */
    static Name of(ServerRow row, PcpAddress client) {
        var key = new MappingKey(
                Optional.of(row.internal().address()).filter(it -> !it.equals(client)),
                row.protocol(),
                row.internal().port(),
                row.external().address().anyOfFamily());
        return new Name(key, row.nonce());
    }
}
