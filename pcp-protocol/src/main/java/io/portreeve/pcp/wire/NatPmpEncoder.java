package io.portreeve.pcp.wire;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.nio.ByteBuffer;

/** Writes NAT-PMP. Source: RFC 6886 section 3. */
public final class NatPmpEncoder {
    private NatPmpEncoder() {}

    public static byte[] encode(NatPmpRequest request) {
        var out = new WireWriter().u8(NatPmpFormat.VERSION);
        switch (request) {
            case ExternalAddressRequest() -> out.u8(NatPmpFormat.EXTERNAL_ADDRESS);
            case NatPmpMapRequest(var protocol, int internalPort, int suggestedPort, var lifetime) ->
                out.u8(NatPmpFormat.opcodeOf(protocol))
                        .zeros(2)
                        .u16(internalPort)
                        .u16(suggestedPort)
                        .u32(lifetime.seconds());
        }
        return out.toOctets();
    }

    public static byte[] encode(NatPmpResponse response) {
        return switch (response) {
            case ExternalAddressResponse(var result, var epoch, var external) ->
                responseHeader(NatPmpFormat.EXTERNAL_ADDRESS, result, epoch)
                        .u32(external.low())
                        .toOctets();
            case NatPmpMapResponse(var protocol, var result, var epoch, int internalPort, int externalPort, var life) ->
                responseHeader(NatPmpFormat.opcodeOf(protocol), result, epoch)
                        .u16(internalPort)
                        .u16(externalPort)
                        .u32(life.seconds())
                        .toOctets();
        };
    }

    private static WireWriter responseHeader(int opcode, NatPmpResult result, EpochTime epoch) {
        return new WireWriter()
                .u8(NatPmpFormat.VERSION)
                .u8(opcode | Header.R)
                .u16(result.value())
                .u32(epoch.seconds());
    }

    /**
     * {@return the answer to a request that {@link NatPmpDecoder#decodeRequest} refused}
     *
     * @throws IllegalArgumentException for another result: its answer is a {@link NatPmpResponse}
     */
    public static byte[] error(ByteBuffer request, NatPmpResult result, EpochTime epoch) {
        return switch (result) {
            case UNSUPPORTED_VERSION -> unsupportedVersion(epoch);
            case UNSUPPORTED_OPCODE -> unsupportedOpcode(request);
            case SUCCESS, NOT_AUTHORIZED, NETWORK_FAILURE, OUT_OF_RESOURCES ->
                throw new IllegalArgumentException(result + " is told by a response of the request's kind");
        };
    }

    /** The RFC draws this one answer with the top bit of the opcode clear. */
    private static byte[] unsupportedVersion(EpochTime epoch) {
        return new WireWriter()
                .u8(NatPmpFormat.VERSION)
                .u8(0)
                .u16(NatPmpResult.UNSUPPORTED_VERSION.value())
                .u32(epoch.seconds())
                .toOctets();
    }

    /** The whole request again, so that there is no epoch. Two octets have no room for the result and get two more. */
    private static byte[] unsupportedOpcode(ByteBuffer request) {
        var octets = new byte[Math.max(4, request.remaining())];
        request.get(request.position(), octets, 0, request.remaining());
        octets[1] |= (byte) Header.R;
        ByteBuffer.wrap(octets).putShort(2, (short) NatPmpResult.UNSUPPORTED_OPCODE.value());
        return octets;
    }
}
