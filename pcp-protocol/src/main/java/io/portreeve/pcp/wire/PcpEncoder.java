package io.portreeve.pcp.wire;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.ResultCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Writes PCP version 2. Source: RFC 6887 sections 7, 11.1, 14.1. */
public final class PcpEncoder {

    /** Errors that say the request was not parsed, so its octets 12-23 come back as they were. */
    private static final Set<ResultCode> UNPARSED = EnumSet.of(
            ResultCode.UNSUPP_VERSION,
            ResultCode.UNSUPP_OPCODE,
            ResultCode.MALFORMED_REQUEST,
            ResultCode.MALFORMED_OPTION);

    private PcpEncoder() {}

    public static byte[] encode(PcpRequest request) {
        return switch (request) {
            case AnnounceRequest(var client) ->
                requestHeader(Opcode.ANNOUNCE, new Lifetime(0), client).toOctets();
            case MapRequest map -> {
                var out = requestHeader(Opcode.MAP, map.lifetime(), map.client());
                writeMap(out, map.nonce(), map.protocol(), map.internalPort(), map.suggestedPort());
                yield withOptions(out.address(map.suggestedAddress()), map.options());
            }
        };
    }

    public static byte[] encode(PcpResponse response) {
        return switch (response) {
            case AnnounceResponse(int result, var epoch) ->
                responseHeader(Opcode.ANNOUNCE, result, new Lifetime(0), epoch).toOctets();
            case MapResponse map -> {
                var out = responseHeader(Opcode.MAP, map.result(), map.lifetime(), map.epoch());
                writeMap(out, map.nonce(), map.protocol(), map.internalPort(), map.assignedPort());
                yield withOptions(out.address(map.assignedAddress()), map.options());
            }
        };
    }

    /**
     * {@return the error answer to {@code request}: a copy of its octets with the header's answer fields set}
     *
     * <p>At most 1100 octets, a multiple of 4, and at least a header, whatever the request was. Source: RFC 6887 sections 7.2, 8.2.
     */
    public static byte[] error(ByteBuffer request, ResultCode result, Lifetime lifetime, EpochTime epoch) {
        int copied = Math.min(request.remaining(), PcpMessage.MAX_SIZE);
        var octets = new byte[Math.max(Opcode.HEADER_SIZE, copied + (-copied & 3))];
        request.get(request.position(), octets, 0, copied);
        octets[0] = PcpMessage.VERSION;
        octets[1] |= (byte) Opcode.R;
        octets[2] = 0;
        octets[3] = (byte) result.value();
        ByteBuffer.wrap(octets).putInt(4, (int) lifetime.seconds()).putInt(8, (int) epoch.seconds());
        if (!UNPARSED.contains(result)) {
            Arrays.fill(octets, 12, Opcode.HEADER_SIZE, (byte) 0);
        }
        return octets;
    }

    private static WireWriter requestHeader(int opcode, Lifetime lifetime, PcpAddress client) {
        return new WireWriter()
                .u8(PcpMessage.VERSION)
                .u8(opcode)
                .zeros(2)
                .u32(lifetime.seconds())
                .address(client);
    }

    private static WireWriter responseHeader(int opcode, int result, Lifetime lifetime, EpochTime epoch) {
        return new WireWriter()
                .u8(PcpMessage.VERSION)
                .u8(opcode | Opcode.R)
                .u8(0)
                .u8(result)
                .u32(lifetime.seconds())
                .u32(epoch.seconds())
                .zeros(12);
    }

    private static void writeMap(
            WireWriter out, MappingNonce nonce, IpProtocol protocol, int internalPort, int externalPort) {
        out.nonce(nonce).u8(protocol.number()).zeros(3).u16(internalPort).u16(externalPort);
    }

    private static byte[] withOptions(WireWriter out, List<PcpOption> options) {
        options.forEach(option -> OptionCodec.write(option, out));
        return out.toOctets();
    }
}
