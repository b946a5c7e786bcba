package io.portreeve.server.scenario;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.server.net.SeenDatagram;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Locale;

/**
 * A request as it came, in PCP or in NAT-PMP.
 *
 * @param protocol zero if it names none
 * @param internalPort zero if it names none
 */
record SeenRequest(Kind kind, PcpAddress client, IpProtocol protocol, int internalPort, boolean isDelete) {
    private static final IpProtocol NONE = new IpProtocol(0);

    /** What it asks for. */
    enum Kind {
        MAP,
        PEER,
        ANNOUNCE,
        GET,

        /** NAT-PMP's question for the external address. */
        ADDRESS,

        /** Of an unknown version, or malformed. */
        UNREADABLE
    }

    static SeenRequest of(SeenDatagram datagram) {
        var client = datagram.remote().address();
        var octets = ByteBuffer.wrap(datagram.octets());
        if (octets.hasRemaining() && octets.get(0) == 0) {
            return NatPmpDecoder.decodeRequest(octets) instanceof DecodedNatPmpRequest.Ok(var request)
                    ? of(client, request)
                    : without(Kind.UNREADABLE, client);
        }
        return PcpDecoder.decodeRequest(octets, client, EnumSet.allOf(Opcode.class))
                        instanceof DecodedRequest.Ok(var request)
                ? of(client, request)
                : without(Kind.UNREADABLE, client);
    }

    private static SeenRequest of(PcpAddress client, PcpRequest request) {
        return switch (request) {
            case MapRequest map -> mapping(Kind.MAP, client, map.protocol(), map.internalPort(), map.lifetime());
            case PeerRequest peer -> mapping(Kind.PEER, client, peer.protocol(), peer.internalPort(), peer.lifetime());
            case AnnounceRequest _ -> without(Kind.ANNOUNCE, client);
            case GetRequest _ -> without(Kind.GET, client);
        };
    }

    private static SeenRequest of(PcpAddress client, NatPmpRequest request) {
        return switch (request) {
            case NatPmpMapRequest map -> mapping(Kind.MAP, client, map.protocol(), map.internalPort(), map.lifetime());
            case ExternalAddressRequest _ -> without(Kind.ADDRESS, client);
        };
    }

    private static SeenRequest mapping(
            Kind kind, PcpAddress client, IpProtocol protocol, int internalPort, Lifetime lifetime) {
        return new SeenRequest(kind, client, protocol, internalPort, lifetime.isDelete());
    }

    private static SeenRequest without(Kind kind, PcpAddress client) {
        return new SeenRequest(kind, client, NONE, 0, false);
    }

    /** {@return it as a scenario writes it} */
    @Override
    public String toString() {
        var what = protocol.equals(NONE) && internalPort == 0
                ? ""
                : " " + protocol.toString().toLowerCase(Locale.ROOT) + " " + internalPort;
        return kind + what + " from " + client + (isDelete ? " delete" : "");
    }
}
