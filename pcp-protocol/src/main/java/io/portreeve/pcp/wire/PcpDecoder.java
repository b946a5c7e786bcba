package io.portreeve.pcp.wire;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

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
     * @param served the opcodes this server knows
     */
    public static DecodedRequest decodeRequest(ByteBuffer datagram, PcpAddress source, Set<Opcode> served) {
        int size = datagram.remaining();
        if (size < 2) {
            return new DecodedRequest.Drop(DecodedRequest.Reason.SHORTER_THAN_2);
        }
        var in = new WireReader(datagram);
        int version = in.u8();
        int code = in.u8();
        if ((code & Header.R) != 0) {
            return new DecodedRequest.Drop(DecodedRequest.Reason.A_RESPONSE);
        }
        if (version != PcpMessage.VERSION) {
            return new DecodedRequest.Refuse(ResultCode.UNSUPP_VERSION);
        }
        if (size < PcpMessage.HEADER_SIZE) {
            return new DecodedRequest.Drop(DecodedRequest.Reason.SHORTER_THAN_24);
        }
        var opcode = Opcode.of(code).filter(served::contains);
        int data = opcode.map(Opcode::dataSize).orElse(0);
        if (size > PcpMessage.MAX_SIZE || size % 4 != 0 || size < PcpMessage.HEADER_SIZE + data) {
            return new DecodedRequest.Refuse(ResultCode.MALFORMED_REQUEST);
        }
        in.skip(2);
        var lifetime = new Lifetime(in.u32());
        var client = in.address();
        if (!client.equals(source)) {
            return new DecodedRequest.Refuse(ResultCode.ADDRESS_MISMATCH);
        }
        return opcode.map(known -> requestBody(known, lifetime, client, in))
                .orElse(new DecodedRequest.Refuse(ResultCode.UNSUPP_OPCODE));
    }

    private static DecodedRequest requestBody(Opcode opcode, Lifetime lifetime, PcpAddress client, WireReader in) {
        try {
            return new DecodedRequest.Ok(
                    switch (opcode) {
                        case ANNOUNCE -> new AnnounceRequest(client, OptionCodec.readOfRequest(in));
                        case MAP -> mapRequest(lifetime, client, in);
                        case PEER -> peerRequest(lifetime, client, in);
                        case GET -> new GetRequest(client, in.nonce(), tuple(in), OptionCodec.readOfRequest(in));
                    });
        } catch (Malformed e) {
            return new DecodedRequest.Refuse(ResultCode.MALFORMED_OPTION);
        }
    }

    private static MapRequest mapRequest(Lifetime lifetime, PcpAddress client, WireReader in) {
        var nonce = in.nonce();
        var protocol = protocol(in);
        int internalPort = in.u16();
        int suggestedPort = in.u16();
        var suggestedAddress = in.address();
        var options = OptionCodec.readOfRequest(in);
        return new MapRequest(
                lifetime, client, nonce, protocol, internalPort, suggestedPort, suggestedAddress, options);
    }

    private static PeerRequest peerRequest(Lifetime lifetime, PcpAddress client, WireReader in) {
        var nonce = in.nonce();
        var protocol = protocol(in);
        int internalPort = in.u16();
        int suggestedPort = in.u16();
        var suggestedAddress = in.address();
        int remotePort = in.u16();
        in.skip(2);
        var remoteAddress = in.address();
        return new PeerRequest(
                lifetime,
                client,
                nonce,
                protocol,
                internalPort,
                suggestedPort,
                suggestedAddress,
                remotePort,
                remoteAddress,
                OptionCodec.readOfRequest(in));
    }

    /** Three reserved octets follow. */
    private static IpProtocol protocol(WireReader in) {
        var protocol = IpProtocol.of(in.u8());
        in.skip(3);
        return protocol;
    }

    private static GetTuple tuple(WireReader in) {
        var protocol = IpProtocol.of(in.u8());
        int internalFamily = in.u8();
        int externalFamily = in.u8();
        in.skip(1);
        return new GetTuple(protocol, internalFamily, externalFamily, in.address(), in.address(), in.u16(), in.u16());
    }

    /** {@return what a client makes of {@code datagram}} The checks stand in the order of RFC 6887 section 8.3. */
    public static DecodedResponse decodeResponse(ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size < 4) {
            return drop(DecodedResponse.Reason.SHORTER_THAN_4);
        }
        var in = new WireReader(datagram);
        int version = in.u8();
        int code = in.u8();
        in.skip(1);
        int result = in.u8();
        boolean otherVersion = result == ResultCode.UNSUPP_VERSION.value();
        if (version == 0 && otherVersion) {
            // before the R test: RFC 6886 section 3.5 draws R clear; and its epoch is where PCP has the lifetime
            return new DecodedResponse.OtherVersion(0, ResultCode.UNSUPP_VERSION.recommendedLifetime());
        }
        if ((code & Header.R) == 0) {
            return drop(DecodedResponse.Reason.NOT_A_RESPONSE);
        }
        if (otherVersion) {
            return new DecodedResponse.OtherVersion(version, versionErrorLifetime(in));
        }
        if (size < PcpMessage.HEADER_SIZE || size > PcpMessage.MAX_SIZE || size % 4 != 0) {
            return drop(DecodedResponse.Reason.BAD_LENGTH);
        }
        if (version != PcpMessage.VERSION) {
            return drop(DecodedResponse.Reason.WRONG_VERSION);
        }
        try {
            return Opcode.of(code & ~Header.R)
                    .map(opcode -> responseBody(opcode, result, in))
                    .orElse(drop(DecodedResponse.Reason.UNKNOWN_OPCODE));
        } catch (Malformed e) {
            return drop(DecodedResponse.Reason.MALFORMED);
        }
    }

    /** A server that says 0, or nothing, does not say when to ask again. */
    private static Lifetime versionErrorLifetime(WireReader in) {
        long seconds = in.remaining() < 4 ? 0 : in.u32();
        return seconds == 0 ? ResultCode.UNSUPP_VERSION.recommendedLifetime() : new Lifetime(seconds);
    }

    private static DecodedResponse responseBody(Opcode opcode, int result, WireReader in) {
        var lifetime = new Lifetime(in.u32());
        var epoch = new EpochTime(in.u32());
        in.skip(12);
        return new DecodedResponse.Ok(
                switch (opcode) {
                    case ANNOUNCE -> new AnnounceResponse(result, epoch, options(result, in));
                    case MAP -> mapResponse(result, lifetime, epoch, in);
                    case PEER -> peerResponse(result, lifetime, epoch, in);
                    case GET -> new GetResponse(result, lifetime, epoch, in.nonce(), tuple(in), options(result, in));
                });
    }

    private static List<PcpOption> options(int result, WireReader in) {
        return result == ResultCode.SUCCESS.value() ? OptionCodec.readOfResponse(in) : OptionCodec.readOfRequest(in);
    }

    private static MapResponse mapResponse(int result, Lifetime lifetime, EpochTime epoch, WireReader in) {
        var nonce = in.nonce();
        var protocol = protocol(in);
        int internalPort = in.u16();
        int assignedPort = in.u16();
        var assignedAddress = in.address();
        var options = options(result, in);
        return new MapResponse(
                result, lifetime, epoch, nonce, protocol, internalPort, assignedPort, assignedAddress, options);
    }

    private static PeerResponse peerResponse(int result, Lifetime lifetime, EpochTime epoch, WireReader in) {
        var nonce = in.nonce();
        var protocol = protocol(in);
        int internalPort = in.u16();
        int assignedPort = in.u16();
        var assignedAddress = in.address();
        int remotePort = in.u16();
        in.skip(2);
        var remoteAddress = in.address();
        return new PeerResponse(
                result,
                lifetime,
                epoch,
                nonce,
                protocol,
                internalPort,
                assignedPort,
                assignedAddress,
                remotePort,
                remoteAddress,
                options(result, in));
    }

    private static DecodedResponse drop(DecodedResponse.Reason reason) {
        return new DecodedResponse.Drop(reason);
    }
}
