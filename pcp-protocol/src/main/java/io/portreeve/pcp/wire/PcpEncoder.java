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
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
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

    /** @throws java.nio.BufferOverflowException if it would have more than 1100 octets */
    public static byte[] encode(PcpRequest request) {
        return switch (request) {
            case AnnounceRequest announce ->
                withOptions(requestHeader(Opcode.ANNOUNCE, Lifetime.DELETE, announce.client()), announce.options());
            case MapRequest map -> {
                var out = requestHeader(Opcode.MAP, map.lifetime(), map.client());
                writeMap(out, map.nonce(), map.protocol(), map.internalPort(), map.suggestedPort());
                yield withOptions(out.address(map.suggestedAddress()), map.options());
            }
            case PeerRequest peer -> {
                var out = requestHeader(Opcode.PEER, peer.lifetime(), peer.client());
                writeMap(out, peer.nonce(), peer.protocol(), peer.internalPort(), peer.suggestedPort());
                writePeer(out.address(peer.suggestedAddress()), peer.remotePort(), peer.remoteAddress());
                yield withOptions(out, peer.options());
            }
            case GetRequest get -> {
                var out = requestHeader(Opcode.GET, Lifetime.DELETE, get.client());
                yield withOptions(writeGet(out, get.nonce(), get.filter()), get.options());
            }
        };
    }

    /** @throws java.nio.BufferOverflowException if it would have more than 1100 octets; see {@link Opcode#hasRoomFor} */
    public static byte[] encode(PcpResponse response) {
        return switch (response) {
            case AnnounceResponse announce ->
                withOptions(
                        responseHeader(Opcode.ANNOUNCE, announce.result(), Lifetime.DELETE, announce.epoch()),
                        announce.options());
            case MapResponse map -> {
                var out = responseHeader(Opcode.MAP, map.result(), map.lifetime(), map.epoch());
                writeMap(out, map.nonce(), map.protocol(), map.internalPort(), map.assignedPort());
                yield withOptions(out.address(map.assignedAddress()), map.options());
            }
            case PeerResponse peer -> {
                var out = responseHeader(Opcode.PEER, peer.result(), peer.lifetime(), peer.epoch());
                writeMap(out, peer.nonce(), peer.protocol(), peer.internalPort(), peer.assignedPort());
                writePeer(out.address(peer.assignedAddress()), peer.remotePort(), peer.remoteAddress());
                yield withOptions(out, peer.options());
            }
            case GetResponse get -> {
                var out = responseHeader(Opcode.GET, get.result(), get.lifetime(), get.epoch());
                yield withOptions(writeGet(out, get.nonce(), get.filter()), get.options());
            }
        };
    }

    /**
     * {@return the error answer to a {@code request} that could not be read: a copy of its octets with the header's answer
     * fields set}
     *
     * <p>At most 1100 octets, a multiple of 4, and at least a header, whatever the request was. Source: RFC 6887 sections 7.2, 8.2.
     */
    public static byte[] error(ByteBuffer request, ResultCode result, Lifetime lifetime, EpochTime epoch) {
        return UNPARSED.contains(result)
                ? copy(request, result, lifetime, epoch)
                : refusal(request, result, lifetime, epoch);
    }

    /** {@return the error answer to a {@code request} that was read: a copy like the other, without the client's address} */
    public static byte[] refusal(ByteBuffer request, ResultCode result, Lifetime lifetime, EpochTime epoch) {
        var octets = copy(request, result, lifetime, epoch);
        Arrays.fill(octets, 12, PcpMessage.HEADER_SIZE, (byte) 0);
        return octets;
    }

    private static byte[] copy(ByteBuffer request, ResultCode result, Lifetime lifetime, EpochTime epoch) {
        int copied = Math.min(request.remaining(), PcpMessage.MAX_SIZE);
        var octets = new byte[Math.max(PcpMessage.HEADER_SIZE, copied + (-copied & 3))];
        request.get(request.position(), octets, 0, copied);
        octets[0] = PcpMessage.VERSION;
        octets[1] |= (byte) Header.R;
        octets[2] = 0;
        octets[3] = (byte) result.value();
        ByteBuffer.wrap(octets).putInt(4, (int) lifetime.seconds()).putInt(8, (int) epoch.seconds());
        return octets;
    }

    private static WireWriter requestHeader(Opcode opcode, Lifetime lifetime, PcpAddress client) {
        return new WireWriter()
                .u8(PcpMessage.VERSION)
                .u8(opcode.value())
                .zeros(2)
                .u32(lifetime.seconds())
                .address(client);
    }

    private static WireWriter responseHeader(Opcode opcode, int result, Lifetime lifetime, EpochTime epoch) {
        return new WireWriter()
                .u8(PcpMessage.VERSION)
                .u8(opcode.value() | Header.R)
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

    private static void writePeer(WireWriter out, int remotePort, PcpAddress remoteAddress) {
        out.u16(remotePort).zeros(2).address(remoteAddress);
    }

    private static WireWriter writeGet(WireWriter out, MappingNonce nonce, GetTuple filter) {
        return out.nonce(nonce)
                .u8(filter.protocol().number())
                .u8(filter.internalFamily())
                .u8(filter.externalFamily())
                .u8(0)
                .address(filter.internal())
                .address(filter.external())
                .u16(filter.internalPort())
                .u16(filter.externalPort());
    }

    private static byte[] withOptions(WireWriter out, List<PcpOption> options) {
        OptionCodec.write(options, out);
        return out.toOctets();
    }
}
