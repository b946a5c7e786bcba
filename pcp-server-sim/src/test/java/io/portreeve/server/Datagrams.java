package io.portreeve.server;

import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Client;
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
import java.util.Set;

/** Whole datagrams to a server on the bench, and what comes back. */
record Datagrams(Bench bench, Set<Opcode> served) {

    /** All that this server may know. */
    static Datagrams to(Bench bench) {
        return new Datagrams(bench, EnumSet.allOf(Opcode.class));
    }

    static String hex(String spaced) {
        return spaced.replace(" ", "");
    }

    /** {@return what comes back, or the empty string for silence} */
    String send(String source, String hex) {
        return HexFormat.of()
                .formatHex(send(PcpAddress.parse(source), HexFormat.of().parseHex(hex(hex))));
    }

    /** {@return what the client reads that sends {@code request}} */
    PcpResponse ask(PcpRequest request) {
        var answer = send(request.client(), PcpEncoder.encode(request));
        return switch (PcpDecoder.decodeResponse(ByteBuffer.wrap(answer))) {
            case DecodedResponse.Ok(var response) -> response;
            default -> throw new AssertionError("no answer: " + HexFormat.of().formatHex(answer));
        };
    }

    private byte[] send(PcpAddress source, byte[] request) {
        var from = new Endpoint(source, 49152);
        long id = bench.nextRequestId();
        var read = PcpDecoder.decodeRequest(ByteBuffer.wrap(request), source, served);
        switch (read) {
            case DecodedRequest.Ok(var decoded) -> bench.happen(new Received(id, Client.of(from), decoded));
            case DecodedRequest.Refuse(var result) -> bench.happen(new Refused(id, Client.of(from), result));
            case DecodedRequest.Drop _ -> {
                return new byte[0];
            }
        }
        return octets(bench.answers.get(id), request, read instanceof DecodedRequest.Ok);
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
}
