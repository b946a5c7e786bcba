package io.portreeve.server;

import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Refused;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;

/** Whole datagrams, in hex digits, to a bench and back. */
final class Datagrams {
    private Datagrams() {}

    /** {@return what comes back, or the empty string for silence} */
    static String send(Bench bench, String source, String hex) {
        var from = new Endpoint(PcpAddress.parse(source), 49152);
        var octets = HexFormat.of().parseHex(hex(hex));
        long id = bench.nextRequestId();
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), from.address(), EnumSet.allOf(Opcode.class));
        switch (decoded) {
            case DecodedRequest.Ok(var request) -> bench.happen(new Received(id, from, request));
            case DecodedRequest.Refuse(var result) -> bench.happen(new Refused(id, from, result));
            case DecodedRequest.Drop _ -> {
                return "";
            }
        }
        return HexFormat.of().formatHex(octets(bench.answers.get(id), octets, decoded instanceof DecodedRequest.Ok));
    }

    private static byte[] octets(Answer answer, byte[] request, boolean wasRead) {
        return switch (answer) {
            case Reply(var _, var response) -> PcpEncoder.encode(response);
            case Refuse(var _, var result, var lifetime, var epoch) ->
                wasRead
                        ? PcpEncoder.refusal(ByteBuffer.wrap(request), result, lifetime, epoch)
                        : PcpEncoder.error(ByteBuffer.wrap(request), result, lifetime, epoch);
            case ReplyNatPmp _, RefuseNatPmp _ -> throw new AssertionError("NAT-PMP to a PCP request");
            case Ignore _ -> throw new AssertionError("no answer");
        };
    }

    /** {@return the digits alone} */
    static String hex(String spaced) {
        return spaced.replace(" ", "");
    }
}
