package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.pcp.ResultCode.UNSUPP_PROTOCOL;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.DisclosedNonce;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.PcpOption.ThirdPartyId;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.pcp.ResultCode;
import java.util.Optional;

/** What is wrong with a MAP request whatever mappings there are. Source: RFC 6887 sections 7.3, 11.3, 13.1, 13.2. */
final class MapChecks {
    private final ServerPolicy policy;
    private final ExternalPool pool;

    MapChecks(ServerPolicy policy, ExternalPool pool) {
        this.policy = policy;
        this.pool = pool;
    }

    /** {@return the first thing that is wrong, in the order of the RFC} */
    Optional<ResultCode> refusal(Asked asked) {
        var map = asked.map();
        if (map.protocol().equals(IpProtocol.ALL) && map.internalPort() != 0) {
            return Optional.of(MALFORMED_REQUEST);
        }
        var options = ofOptions(asked);
        if (options.isPresent() || map.lifetime().isDelete()) {
            return options; // what cannot be mapped can still be deleted: there is nothing
        }
        return ofCapabilities(asked);
    }

    /** {@return how long {@code refusal} lasts} An external family that the CGN lacks does not come within 30 s. */
    static Lifetime lifetimeOf(ResultCode refusal) {
        return refusal == NETWORK_FAILURE ? new Lifetime(1800) : refusal.recommendedLifetime();
    }

    private Optional<ResultCode> ofOptions(Asked asked) {
        return asked.map().options().stream()
                .map(option -> ofOption(option, asked))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<ResultCode> ofOption(PcpOption option, Asked asked) {
        return switch (option) {
            case Unknown _,
                    Filter _,
                    ThirdPartyId _,
                    Description _,
                    Prefix64 _,
                    PortSet _,
                    PortReservation _,
                    NextRequest _,
                    NextMapping _,
                    DisclosedNonce _ -> when(option.isMandatoryToProcess(), UNSUPP_OPTION);
            case ThirdParty(var internal) -> ofThirdParty(internal, asked);
            case PreferFailure() -> when(!canPreferFailure(asked), MALFORMED_OPTION);
        };
    }

    private Optional<ResultCode> ofThirdParty(PcpAddress internal, Asked asked) {
        if (!policy.thirdParty()) {
            return Optional.of(UNSUPP_OPTION);
        }
        if (isRepeated(ThirdParty.class, asked) || internal.isUnspecified()) {
            return Optional.of(MALFORMED_OPTION);
        }
        return when(internal.equals(asked.source().address()), MALFORMED_REQUEST);
    }

    private static boolean isRepeated(Class<? extends PcpOption> kind, Asked asked) {
        return asked.map().options().stream().filter(kind::isInstance).count() > 1;
    }

    private static boolean canPreferFailure(Asked asked) {
        return asked.map().suggestedPort() != 0
                && !asked.map().lifetime().isDelete()
                && !isRepeated(PreferFailure.class, asked);
    }

    private Optional<ResultCode> ofCapabilities(Asked asked) {
        var map = asked.map();
        if (map.internalPort() == 0 || !pool.has(map.protocol())) {
            return Optional.of(UNSUPP_PROTOCOL);
        }
        return when(!pool.has(Family.of(map.suggestedAddress())), NETWORK_FAILURE);
    }

    private static Optional<ResultCode> when(boolean wrong, ResultCode result) {
        return wrong ? Optional.of(result) : Optional.empty();
    }
}
