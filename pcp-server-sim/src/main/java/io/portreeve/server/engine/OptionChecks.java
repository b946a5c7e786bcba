package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;

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
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is wrong with the options of any request. Source: RFC 6887 sections 7.3, 13. */
final class OptionChecks {
    private static final Set<Class<? extends PcpOption>> ANY_NUMBER = Set.of(Filter.class, Unknown.class);

    private final ServerPolicy policy;

    OptionChecks(ServerPolicy policy) {
        this.policy = policy;
    }

    /** What an opcode says of an option that this server knows: a result if it is wrong. */
    @FunctionalInterface
    interface OfOpcode {
        Optional<ResultCode> refusal(PcpOption option);
    }

    /**
     * {@return the first thing that is wrong, in the order of the options}
     *
     * @param client whoever sent them, which THIRD_PARTY must not name
     * @param opcode looks at those that mean something in this request
     */
    Optional<ResultCode> refusal(List<PcpOption> options, Client client, OfOpcode opcode) {
        for (var option : options) {
            var refusal = refusal(option, options, client, opcode);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private Optional<ResultCode> refusal(PcpOption option, List<PcpOption> options, Client client, OfOpcode opcode) {
        if (!isKnown(option, client)) {
            return when(option.isMandatoryToProcess(), UNSUPP_OPTION);
        }
        if (!ANY_NUMBER.contains(option.getClass()) && isRepeated(option, options)) {
            return Optional.of(MALFORMED_OPTION);
        }
        return opcode.refusal(option).or(() -> ofThirdParty(option, client));
    }

    private boolean isKnown(PcpOption option, Client client) {
        return switch (option) {
            case ThirdParty _ -> policy.access().isAuthorized(client.line());
            case PreferFailure _ -> policy.extras().preferFailure();
            case NextRequest _ -> policy.extras().get() != Disclosure.NONE;
            case Filter _ -> true;
            case Description _ -> policy.extras().descriptionOctets() > 0;
            case Prefix64 _ -> !policy.extras().prefixes().isEmpty();
            case PortSet _, PortReservation _ -> policy.extras().largestSet() > 1;
            case ThirdPartyId _, NextMapping _, DisclosedNonce _, Unknown _ -> false;
        };
    }

    private static boolean isRepeated(PcpOption option, List<PcpOption> options) {
        return options.stream().filter(option.getClass()::isInstance).count() > 1;
    }

    private static Optional<ResultCode> ofThirdParty(PcpOption option, Client client) {
        if (!(option instanceof ThirdParty(var internal))) {
            return Optional.empty();
        }
        return internal.isUnspecified()
                ? Optional.of(MALFORMED_OPTION)
                : when(internal.equals(client.address()), MALFORMED_REQUEST);
    }

    static Optional<ResultCode> when(boolean wrong, ResultCode result) {
        return wrong ? Optional.of(result) : Optional.empty();
    }
}
