package io.portreeve.server.library;

import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.server.library.LibraryFlag.MAPDST;
import static io.portreeve.server.library.LibraryFlag.MAPINT;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY_AO;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY_CPE;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.library.LibrarySettings.Conformance;
import java.util.Optional;

/** What is wrong with the options of a request. Source: RFC 6887 sections 7.3, 13. */
final class OptionChecks {
    private static final PcpAddress B4 = PcpAddress.parse("192.0.0.2");
    private static final int IPV4_PREFIX = 96;

    private final LibrarySettings settings;

    OptionChecks(LibrarySettings settings) {
        this.settings = settings;
    }

    /** {@return the first thing that is wrong, in the order of the options} */
    Optional<ResultCode> refusal(PcpRequest request, PcpAddress source) {
        return request.options().stream()
                .map(option -> ofOption(option, request, source))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<ResultCode> ofOption(PcpOption option, PcpRequest request, PcpAddress source) {
        return switch (option) {
            case ThirdParty(var _) when !mayNameOthers(source) -> Optional.of(UNSUPP_OPTION);
            case ThirdParty(var _)
            when isRepeated(option, request) || request instanceof AnnounceRequest -> Optional.of(MALFORMED_OPTION);
            case ThirdParty(var internal) -> ofThirdParty(internal, source);
            case PreferFailure _ when isRepeated(option, request) -> Optional.of(MALFORMED_OPTION);
            case PreferFailure _ -> ofPreferFailure(request);
            case Filter filter -> when(!isPossible(filter, request), MALFORMED_OPTION);
            default -> when(option.isMandatoryToProcess(), UNSUPP_OPTION);
        };
    }

    private boolean mayNameOthers(PcpAddress source) {
        return settings.has(THIRD_PARTY) && (!settings.has(THIRD_PARTY_CPE) || source.equals(B4));
    }

    private Optional<ResultCode> ofThirdParty(PcpAddress internal, PcpAddress source) {
        if (internal.isUnspecified()) {
            return when(settings.conformance() == Conformance.RFC, MALFORMED_OPTION);
        }
        return when(settings.has(THIRD_PARTY_AO), UNSUPP_OPTION)
                .or(() -> when(internal.equals(source), MALFORMED_REQUEST))
                .or(() -> when(internal.isIpv4() != settings.has(MAPINT), MALFORMED_OPTION));
    }

    private static Optional<ResultCode> ofPreferFailure(PcpRequest request) {
        return switch (request) {
            case MapRequest map -> when(map.lifetime().isDelete() || map.suggestedPort() == 0, MALFORMED_OPTION);
            case PeerRequest _ -> Optional.of(MALFORMED_REQUEST);
            case AnnounceRequest _, GetRequest _ -> Optional.of(MALFORMED_OPTION);
        };
    }

    private boolean isPossible(Filter filter, PcpRequest request) {
        return request instanceof MapRequest map && !map.lifetime().isDelete() && (filter.isClear() || suits(filter));
    }

    /** RFC 6887 counts an IPv4 prefix from 96 on, whatever the flags are. */
    private boolean suits(Filter filter) {
        boolean isIpv4 = filter.remote().isIpv4();
        return isIpv4 == settings.has(MAPDST) && (!isIpv4 || filter.prefixLength() >= IPV4_PREFIX);
    }

    private static boolean isRepeated(PcpOption option, PcpRequest request) {
        return request.options().stream().filter(option.getClass()::isInstance).count() > 1;
    }

    static Optional<ResultCode> when(boolean wrong, ResultCode result) {
        return wrong ? Optional.of(result) : Optional.empty();
    }
}
