package io.portreeve.server.library;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.Options;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.server.cgn.Endpoint;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** What an update can take from an earlier MAP response or its request. */
record Recycling(MappingNonce nonce, IpProtocol protocol, int internalPort, List<PcpOption> options) {

    static Optional<Recycling> of(PcpContext context) {
        return context.response().length > 0
                ? ofResponse(context.response())
                : ofRequest(context.request(), context.client().address());
    }

    private static Optional<Recycling> ofResponse(byte[] octets) {
        return PcpDecoder.decodeResponse(ByteBuffer.wrap(octets)) instanceof DecodedResponse.Ok(MapResponse map)
                        && map.isSuccess()
                        && !map.lifetime().isDelete()
                ? Optional.of(
                        new Recycling(map.nonce(), map.protocol(), map.internalPort(), Grants.lasting(map.options())))
                : Optional.empty();
    }

    private static Optional<Recycling> ofRequest(byte[] octets, PcpAddress client) {
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), client, EnumSet.of(Opcode.MAP));
        return decoded instanceof DecodedRequest.Ok(MapRequest map)
                        && !map.lifetime().isDelete()
                ? Optional.of(
                        new Recycling(map.nonce(), map.protocol(), map.internalPort(), Grants.lasting(map.options())))
                : Optional.empty();
    }

    Endpoint internal(PcpAddress client) {
        var address = Options.first(ThirdParty.class, options)
                .map(ThirdParty::internal)
                .orElse(client);
        return new Endpoint(address, internalPort);
    }
}
