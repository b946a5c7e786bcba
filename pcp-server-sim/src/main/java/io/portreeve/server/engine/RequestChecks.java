package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.UNSUPP_PROTOCOL;
import static io.portreeve.server.engine.OptionChecks.when;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.PcpPorts;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.Received;
import java.util.Optional;

/** What is wrong with a request whatever mappings there are. Source: RFC 6887 sections 7.3, 11.3, 12.3, 13, 14.1. */
final class RequestChecks {
    private static final int IPV4_PREFIX = 96;

    private final ServerState state;
    private final ExternalPool pool;
    private final OptionChecks options;
    private final Grants grants;

    RequestChecks(ServerState state, Grants grants) {
        this.state = state;
        this.pool = state.pool;
        this.options = new OptionChecks(state.policy);
        this.grants = grants;
    }

    /**
     * {@return false for what comes from where no subscriber is, and has not to be answered at all} A third party may be asked
     * for from elsewhere. Source: RFC 6887 section 8.2.
     */
    boolean isForUs(Asks asks) {
        var client = asks.client();
        var line = client.line();
        var access = state.policy.access();
        return !pool.has(client.address())
                && (access.isSubscriber(line) || access.isAuthorized(line) && isForThirdParty(asks));
    }

    private static boolean isForThirdParty(Asks asks) {
        return asks instanceof Received(var _, var _, var request)
                && request.options().stream().anyMatch(ThirdParty.class::isInstance);
    }

    /** {@return how long {@code refusal} lasts} An external family that the CGN lacks does not come within 30 s. */
    static Lifetime lifetimeOf(ResultCode refusal) {
        return refusal == NETWORK_FAILURE ? new Lifetime(1800) : refusal.recommendedLifetime();
    }

    /** {@return the first thing that is wrong, in the order of the RFC} */
    Optional<ResultCode> refusal(Asked asked) {
        var map = asked.map();
        if (map.protocol().equals(IpProtocol.ALL) && map.internalPort() != 0) {
            return Optional.of(MALFORMED_REQUEST);
        }
        return options.refusal(map.options(), asked.client(), option -> ofMap(option, map))
                .or(() -> when(!Opcode.MAP.hasRoomFor(grants.optionsAtMost(asked)), MALFORMED_REQUEST))
                .or(() -> map.lifetime().isDelete() ? Optional.empty() : ofMaking(asked));
    }

    private static Optional<ResultCode> ofMap(PcpOption option, MapRequest map) {
        boolean deletes = map.lifetime().isDelete();
        return switch (option) {
            case PreferFailure _ -> when(deletes || map.suggestedPort() == 0, MALFORMED_OPTION);
            case Filter filter -> when(deletes || !suits(filter, map.internalAddress()), MALFORMED_OPTION);
            case PortSet set ->
                when(map.prefersFailure() || set.firstInternalPort() != map.internalPort(), MALFORMED_OPTION);
            case PortReservation _ -> when(map.prefersFailure(), MALFORMED_OPTION);
            case NextRequest _ -> Optional.of(MALFORMED_OPTION);
            default -> Optional.empty();
        };
    }

    /** A filter is of the internal family; one that clears has no address. RFC 6887 section 13.3. */
    private static boolean suits(Filter filter, PcpAddress internal) {
        return filter.isClear()
                || filter.remote().isIpv4() == internal.isIpv4()
                        && (!internal.isIpv4() || filter.prefixLength() >= IPV4_PREFIX);
    }

    /** {@return what is wrong with making it} What cannot be mapped can still be deleted: there is nothing. */
    private Optional<ResultCode> ofMaking(Asked asked) {
        return ofHost(asked.map().thirdParty(), asked.subscriber()).or(() -> ofCapabilities(asked.map()));
    }

    /** A third party is behind the one who asks: no other subscriber, and neither outside nor this server. */
    private Optional<ResultCode> ofHost(Optional<PcpAddress> thirdParty, SubscriberId behind) {
        return thirdParty
                .filter(host -> !state.policy.access().mayBeNamed(host) || pool.has(host) || isOfAnother(host, behind))
                .map(_ -> NOT_AUTHORIZED);
    }

    private boolean isOfAnother(PcpAddress host, SubscriberId behind) {
        var subscriber = state.policy.access().subscriberAt(host);
        return !subscriber.equals(behind) && state.isSubscriber(subscriber);
    }

    private Optional<ResultCode> ofCapabilities(MapRequest map) {
        if (map.internalPort() == 0 || !pool.has(map.protocol())) {
            return Optional.of(UNSUPP_PROTOCOL);
        }
        return when(!pool.has(Family.of(map.suggestedAddress()), map.internalAddress()), NETWORK_FAILURE)
                .or(() -> when(leadsToPcp(map), NOT_AUTHORIZED))
                .or(() -> when(crosses(map), EXCESSIVE_REMOTE_PEERS));
    }

    /** A NAT has other external ports. */
    private boolean leadsToPcp(MapRequest map) {
        return pool.isFirewall() && PcpPorts.include(map.protocol(), map.internalPort());
    }

    /** A remote peer sends to the external address, so a filter of the other family would name nobody. */
    private static boolean crosses(MapRequest map) {
        for (var option : map.options()) {
            if (option instanceof Filter filter
                    && !filter.isClear()
                    && filter.remote().isIpv4() != map.suggestedAddress().isIpv4()) {
                return true;
            }
        }
        return false;
    }

    Optional<ResultCode> refusal(PeerRequest peer, Client client) {
        boolean isSenseless = peer.protocol().equals(IpProtocol.ALL)
                || peer.internalPort() == 0
                || peer.remotePort() == 0
                || peer.options().contains(new PreferFailure())
                || !canBePeer(peer.remoteAddress(), peer.internalAddress());
        if (isSenseless) {
            return Optional.of(MALFORMED_REQUEST);
        }
        return options.refusal(peer.options(), client, RequestChecks::ofPeer)
                .or(() -> ofHost(peer.thirdParty(), client.subscriber()))
                .or(() -> when(!pool.has(peer.protocol()), UNSUPP_PROTOCOL))
                .or(() -> when(!canReach(peer), NETWORK_FAILURE));
    }

    /** A flow leaves in the family of its remote peer, unless the CGN knows none but the other. */
    private boolean canReach(PeerRequest peer) {
        var remote = Family.of(peer.remoteAddress());
        var suggested = Family.of(peer.suggestedAddress());
        return pool.has(suggested, peer.internalAddress())
                && (suggested == remote || !pool.has(remote, peer.internalAddress()));
    }

    private static boolean canBePeer(PcpAddress remote, PcpAddress internal) {
        return remote.isIpv4() == internal.isIpv4()
                && !remote.isUnspecified()
                && !remote.isLoopback()
                && !remote.isForMany();
    }

    private static Optional<ResultCode> ofPeer(PcpOption option) {
        return switch (option) {
            case Filter _, NextRequest _ -> Optional.of(MALFORMED_OPTION);
            default -> Optional.empty();
        };
    }

    /** What means nothing in an ANNOUNCE is refused; what need not be understood is not looked at. */
    Optional<ResultCode> refusal(AnnounceRequest announce, Client client) {
        return options.refusal(
                        announce.options(), client, option -> when(option.isMandatoryToProcess(), MALFORMED_OPTION))
                .or(() -> when(!Opcode.ANNOUNCE.hasRoomFor(grants.ofAnnounce(announce)), MALFORMED_REQUEST));
    }

    Optional<ResultCode> refusal(GetRequest get, Client client) {
        if (!get.filter().isSound()) {
            return Optional.of(MALFORMED_REQUEST);
        }
        return options.refusal(get.options(), client, RequestChecks::ofGet)
                .or(() -> ofHost(get.thirdParty(), client.subscriber()));
    }

    private static Optional<ResultCode> ofGet(PcpOption option) {
        boolean meant = option instanceof ThirdParty || option instanceof NextRequest;
        return when(option.isMandatoryToProcess() && !meant, MALFORMED_OPTION);
    }
}
