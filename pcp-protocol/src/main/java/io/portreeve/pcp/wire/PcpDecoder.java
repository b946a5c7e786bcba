package io.portreeve.pcp.wire;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads what came over the network. Any octets are legal input: the answer is a value, never an exception.
 *
 * <p>The buffer must be larger than 1100 octets when received into, or an oversize message would look like a valid one.
 */
public final class PcpDecoder {
    private PcpDecoder() {}

    /**
     * {@return what a server makes of {@code datagram}} The checks stand in the order of RFC 6887 section 8.2.
     *
     * @param source the address the packet came from
     */
    public static DecodedRequest decodeRequest(ByteBuffer datagram, PcpAddress source) {
        int size = datagram.remaining();
        if (size < 2) {
            return new DecodedRequest.Drop(DecodedRequest.Reason.SHORTER_THAN_2);
        }
        var in = new WireReader(datagram);
        int version = in.u8();
        int opcode = in.u8();
        if ((opcode & Opcode.R) != 0) {
            return new DecodedRequest.Drop(DecodedRequest.Reason.A_RESPONSE);
        }
        if (version != PcpMessage.VERSION) {
            return new DecodedRequest.Refuse(ResultCode.UNSUPP_VERSION);
        }
        if (size < Opcode.HEADER_SIZE) {
            return new DecodedRequest.Drop(DecodedRequest.Reason.SHORTER_THAN_24);
        }
        if (size > PcpMessage.MAX_SIZE || size % 4 != 0 || size < Opcode.minimumSize(opcode)) {
            return new DecodedRequest.Refuse(ResultCode.MALFORMED_REQUEST);
        }
        in.skip(2);
        var lifetime = new Lifetime(in.u32());
        var client = in.address();
        if (!client.equals(source)) {
            return new DecodedRequest.Refuse(ResultCode.ADDRESS_MISMATCH);
        }
        return requestBody(opcode, lifetime, client, in);
    }

    private static DecodedRequest requestBody(int opcode, Lifetime lifetime, PcpAddress client, WireReader in) {
        try {
            return switch (opcode) {
                case Opcode.ANNOUNCE -> announceRequest(client, in);
                case Opcode.MAP -> new DecodedRequest.Ok(mapRequest(lifetime, client, in));
                default -> new DecodedRequest.Refuse(ResultCode.UNSUPP_OPCODE);
            };
        } catch (Malformed e) {
            return new DecodedRequest.Refuse(ResultCode.MALFORMED_OPTION);
        }
    }

    private static DecodedRequest announceRequest(PcpAddress client, WireReader in) {
        OptionCodec.readAll(in); // none changes the answer, but their structure must hold
        return new DecodedRequest.Ok(new AnnounceRequest(client));
    }

    private static MapRequest mapRequest(Lifetime lifetime, PcpAddress client, WireReader in) {
        var nonce = in.nonce();
        var protocol = new IpProtocol(in.u8());
        in.skip(3);
        int internalPort = in.u16();
        int suggestedPort = in.u16();
        var suggestedAddress = in.address();
        List<PcpOption> options = OptionCodec.readAll(in);
        return new MapRequest(
                lifetime, client, nonce, protocol, internalPort, suggestedPort, suggestedAddress, options);
    }

    /** {@return what a client makes of {@code datagram}} The checks stand in the order of RFC 6887 section 8.3. */
    public static DecodedResponse decodeResponse(ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size < 4) {
            return drop(DecodedResponse.Reason.SHORTER_THAN_4);
        }
        var in = new WireReader(datagram);
        int version = in.u8();
        int opcode = in.u8();
        in.skip(1);
        int result = in.u8();
        boolean otherVersion = result == ResultCode.UNSUPP_VERSION.value();
        if (version == 0 && otherVersion) {
            return new DecodedResponse.OtherVersion(0); // before the R test: RFC 6886 section 3.5 draws R clear
        }
        if ((opcode & Opcode.R) == 0) {
            return drop(DecodedResponse.Reason.NOT_A_RESPONSE);
        }
        if (otherVersion) {
            return new DecodedResponse.OtherVersion(version);
        }
        if (size < Opcode.HEADER_SIZE || size > PcpMessage.MAX_SIZE || size % 4 != 0) {
            return drop(DecodedResponse.Reason.BAD_LENGTH);
        }
        if (version != PcpMessage.VERSION) {
            return drop(DecodedResponse.Reason.WRONG_VERSION);
        }
        try {
            return responseBody(opcode & ~Opcode.R, result, in);
        } catch (Malformed e) {
            return drop(DecodedResponse.Reason.MALFORMED);
        }
    }

    private static DecodedResponse responseBody(int opcode, int result, WireReader in) {
        var lifetime = new Lifetime(in.u32());
        var epoch = new EpochTime(in.u32());
        in.skip(12);
        return switch (opcode) {
            case Opcode.ANNOUNCE -> new DecodedResponse.Ok(new AnnounceResponse(result, epoch));
            case Opcode.MAP -> new DecodedResponse.Ok(mapResponse(result, lifetime, epoch, in));
            default -> drop(DecodedResponse.Reason.UNKNOWN_OPCODE);
        };
    }

    private static MapResponse mapResponse(int result, Lifetime lifetime, EpochTime epoch, WireReader in) {
        var nonce = in.nonce();
        var protocol = new IpProtocol(in.u8());
        in.skip(3);
        int internalPort = in.u16();
        int assignedPort = in.u16();
        var assignedAddress = in.address();
        var options = OptionCodec.readAll(in);
        return new MapResponse(
                result, lifetime, epoch, nonce, protocol, internalPort, assignedPort, assignedAddress, options);
    }

    private static DecodedResponse drop(DecodedResponse.Reason reason) {
        return new DecodedResponse.Drop(reason);
    }
}
