package io.portreeve.pcp.wire;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads NAT-PMP. Any octets are legal input: the answer is a value, never an exception.
 *
 * <p>Octets behind the end of a message are not looked at: RFC 6886 does not forbid them.
 */
public final class NatPmpDecoder {
    private NatPmpDecoder() {}

    /**
     * {@return what a server makes of {@code datagram}} One that speaks PCP too asks only if octet 0 is 0. An answer is
     * dropped before its version is looked at, so that two servers cannot answer each other. Source: RFC 6886 section 3.5.
     */
    public static DecodedNatPmpRequest decodeRequest(ByteBuffer datagram) {
        if (datagram.remaining() < 2) {
            return new DecodedNatPmpRequest.Drop(DecodedNatPmpRequest.Reason.SHORTER_THAN_2);
        }
        var in = new WireReader(datagram);
        int version = in.u8();
        int opcode = in.u8();
        if ((opcode & Header.R) != 0) {
            return new DecodedNatPmpRequest.Drop(DecodedNatPmpRequest.Reason.A_RESPONSE);
        }
        if (version != NatPmpFormat.VERSION) {
            return new DecodedNatPmpRequest.Refuse(NatPmpResult.UNSUPPORTED_VERSION);
        }
        if (opcode == NatPmpFormat.EXTERNAL_ADDRESS) {
            return new DecodedNatPmpRequest.Ok(new ExternalAddressRequest());
        }
        return NatPmpFormat.mappedBy(opcode)
                .map(protocol -> mapRequest(protocol, in))
                .orElse(new DecodedNatPmpRequest.Refuse(NatPmpResult.UNSUPPORTED_OPCODE));
    }

    private static DecodedNatPmpRequest mapRequest(IpProtocol protocol, WireReader in) {
        try {
            in.skip(2);
            return new DecodedNatPmpRequest.Ok(
                    new NatPmpMapRequest(protocol, in.u16(), in.u16(), new Lifetime(in.u32())));
        } catch (Malformed e) {
            return new DecodedNatPmpRequest.Drop(DecodedNatPmpRequest.Reason.MAP_SHORTER_THAN_12);
        }
    }

    /** {@return what a client makes of {@code datagram}} Source: RFC 6886 sections 3.2, 3.3, 3.5. */
    public static DecodedNatPmpResponse decodeResponse(ByteBuffer datagram) {
        if (datagram.remaining() < 4) {
            return drop(DecodedNatPmpResponse.Reason.SHORTER_THAN_4);
        }
        var in = new WireReader(datagram);
        int version = in.u8();
        int code = in.u8();
        int result = in.u16();
        boolean response = (code & Header.R) != 0;
        if (result == NatPmpResult.UNSUPPORTED_VERSION.value() && (response || version == NatPmpFormat.VERSION)) {
            // in whatever version, and NAT-PMP's own is drawn with R clear and opcode 0
            return new DecodedNatPmpResponse.Failed(Optional.empty(), result);
        }
        if (!response) {
            return drop(DecodedNatPmpResponse.Reason.NOT_A_RESPONSE);
        }
        if (version != NatPmpFormat.VERSION) {
            return drop(DecodedNatPmpResponse.Reason.WRONG_VERSION);
        }
        return responseBody(code & ~Header.R, result, in);
    }

    private static DecodedNatPmpResponse responseBody(int opcode, int result, WireReader in) {
        var protocol = NatPmpFormat.mappedBy(opcode);
        if (opcode != NatPmpFormat.EXTERNAL_ADDRESS && protocol.isEmpty()) {
            return drop(DecodedNatPmpResponse.Reason.UNKNOWN_OPCODE);
        }
        var known = NatPmpResult.of(result).filter(it -> it != NatPmpResult.UNSUPPORTED_OPCODE);
        if (known.isEmpty()) {
            return new DecodedNatPmpResponse.Failed(protocol, result);
        }
        try {
            return new DecodedNatPmpResponse.Ok(
                    protocol.isPresent()
                            ? mapResponse(protocol.get(), known.get(), in)
                            : externalAddressResponse(known.get(), in));
        } catch (Malformed e) {
            return drop(DecodedNatPmpResponse.Reason.TOO_SHORT);
        }
    }

    private static NatPmpResponse externalAddressResponse(NatPmpResult result, WireReader in) {
        return new ExternalAddressResponse(result, new EpochTime(in.u32()), PcpAddress.ofIpv4((int) in.u32()));
    }

    private static NatPmpResponse mapResponse(IpProtocol protocol, NatPmpResult result, WireReader in) {
        var epoch = new EpochTime(in.u32());
        return new NatPmpMapResponse(protocol, result, epoch, in.u16(), in.u16(), new Lifetime(in.u32()));
    }

    private static DecodedNatPmpResponse drop(DecodedNatPmpResponse.Reason reason) {
        return new DecodedNatPmpResponse.Drop(reason);
    }
}
