package io.portreeve.server.library;

import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPCODE;
import static io.portreeve.pcp.ResultCode.UNSUPP_PROTOCOL;
import static io.portreeve.server.library.LibraryFlag.MAPDST;
import static io.portreeve.server.library.LibraryFlag.MAPEXT;
import static io.portreeve.server.library.LibraryFlag.MAPINT;
import static io.portreeve.server.library.LibraryFlag.MAPSRC;
import static io.portreeve.server.library.LibraryFlag.ONEONE;
import static io.portreeve.server.library.LibraryFlag.OTHERPROTO;
import static io.portreeve.server.library.LibraryFlag.PORT0;
import static io.portreeve.server.library.OptionChecks.when;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import java.util.Optional;

/** What is wrong with a request whatever mappings there are. Source: RFC 6887 sections 8.2, 11.3, 12.3. */
final class RequestChecks {
    private final LibrarySettings settings;
    private final OptionChecks options;

    RequestChecks(LibrarySettings settings) {
        this.settings = settings;
        options = new OptionChecks(settings);
    }

    /** {@return the first thing that is wrong, in the order of the RFC} What cannot be mapped can be deleted. */
    Optional<ResultCode> refusal(PcpRequest request, PcpAddress source) {
        return switch (request) {
            case AnnounceRequest announce -> options.refusal(announce, source);
            case MapRequest map ->
                when(map.protocol().equals(IpProtocol.ALL) && map.internalPort() != 0, MALFORMED_REQUEST)
                        .or(() -> options.refusal(map, source))
                        .or(() -> map.lifetime().isDelete() ? Optional.empty() : ofMaking(map, source));
            case PeerRequest peer ->
                when(isSenseless(peer), MALFORMED_REQUEST)
                        .or(() -> options.refusal(peer, source))
                        .or(() -> ofMaking(peer, source));
            case GetRequest _ -> Optional.of(UNSUPP_OPCODE);
        };
    }

    /** {@return why there can be no such mapping} */
    Optional<ResultCode> ofMaking(MapRequest map, PcpAddress source) {
        return when(!isMappable(map.protocol(), map.internalPort()), UNSUPP_PROTOCOL)
                .or(() -> ofFamilies(source, map.internalAddress(), map.suggestedAddress()));
    }

    private Optional<ResultCode> ofMaking(PeerRequest peer, PcpAddress source) {
        return when(!isMappable(peer.protocol(), peer.internalPort()), UNSUPP_PROTOCOL)
                .or(() -> ofFamilies(source, peer.internalAddress(), peer.suggestedAddress()));
    }

    private boolean isMappable(IpProtocol protocol, int internalPort) {
        if (protocol.equals(IpProtocol.ALL)) {
            return settings.has(ONEONE);
        }
        boolean isUsual = protocol.equals(IpProtocol.TCP) || protocol.equals(IpProtocol.UDP);
        return (isUsual || settings.has(OTHERPROTO)) && (internalPort != 0 || settings.has(PORT0));
    }

    private Optional<ResultCode> ofFamilies(PcpAddress source, PcpAddress internal, PcpAddress suggested) {
        boolean isServed = source.isIpv4() == settings.has(MAPSRC)
                && internal.isIpv4() == settings.has(MAPINT)
                && suggested.isIpv4() == settings.has(MAPEXT);
        return when(!isServed, NETWORK_FAILURE);
    }

    private boolean isSenseless(PeerRequest peer) {
        var remote = peer.remoteAddress();
        return peer.protocol().equals(IpProtocol.ALL)
                || peer.internalPort() == 0
                || peer.remotePort() == 0
                || remote.isIpv4() != settings.has(MAPDST)
                || remote.isUnspecified()
                || remote.isLoopback()
                || remote.isForMany();
    }
}
