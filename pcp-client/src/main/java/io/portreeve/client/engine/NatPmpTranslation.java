package io.portreeve.client.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.util.List;
import java.util.Optional;

/** What PCP would ask, in the words of NAT-PMP, and its answers in the words of PCP. Source: RFC 6886 sections 3.3 to 3.5. */
final class NatPmpTranslation {
    private static final Lifetime LONG = new Lifetime(1800);

    /** A block of addresses that is used behind a NAT. */
    private record Block(PcpAddress first, int prefixLength) {
        /** @param bits how many of the 32 */
        static Block of(String first, int bits) {
            return new Block(PcpAddress.parse(first), 96 + bits);
        }
    }

    /** RFC 1918, RFC 6598 (between the gateways of customers and the provider's NAT), and this machine itself. */
    private static final List<Block> BEHIND_A_NAT = List.of(
            Block.of("10.0.0.0", 8),
            Block.of("172.16.0.0", 12),
            Block.of("192.168.0.0", 16),
            Block.of("100.64.0.0", 10),
            Block.of("127.0.0.0", 8));

    private NatPmpTranslation() {}

    /** What a PCP server would say. */
    record Refusal(ResultCode error, Lifetime lifetime) {
        static Refusal usual(ResultCode error) {
            return new Refusal(error, error.recommendedLifetime());
        }
    }

    /** {@return {@code request} as NAT-PMP has it; empty if NAT-PMP cannot ask that, or not from there} */
    static Optional<NatPmpMapRequest> request(PcpRequest request) {
        return request instanceof MapRequest map && canBeAsked(map)
                ? Optional.of(
                        new NatPmpMapRequest(map.protocol(), map.internalPort(), map.suggestedPort(), map.lifetime()))
                : Optional.empty();
    }

    private static boolean canBeAsked(MapRequest map) {
        boolean isUdpOrTcp =
                map.protocol().equals(IpProtocol.UDP) || map.protocol().equals(IpProtocol.TCP);
        return isUdpOrTcp
                && map.suggestedAddress().isIpv4()
                && BEHIND_A_NAT.stream()
                        .anyMatch(block -> map.client().sharesPrefix(block.first(), block.prefixLength()))
                && map.options().stream().allMatch(NatPmpTranslation::canBeLeftOut);
    }

    /** Whether the port is the only one that will do is seen when it is granted. Without filters everybody gets in anyway. */
    private static boolean canBeLeftOut(PcpOption option) {
        return switch (option) {
            case PcpOption.PreferFailure() -> true;
            case PcpOption.Description _ -> true;
            case PcpOption.Filter filter -> filter.isClear();
            default -> false;
        };
    }

    /** {@return what gives back what {@code map} was granted} */
    static NatPmpMapRequest deletion(NatPmpMapRequest map) {
        return new NatPmpMapRequest(map.protocol(), map.internalPort(), 0, Lifetime.DELETE);
    }

    /** A result this release does not know is final, as far as a client that goes on can take it so. */
    static Refusal refusal(int result) {
        return NatPmpResult.of(result)
                .map(NatPmpTranslation::refusal)
                .orElseGet(() -> new Refusal(ResultCode.NO_RESOURCES, LONG));
    }

    /** @param result not SUCCESS */
    static Refusal refusal(NatPmpResult result) {
        return Refusal.usual(
                switch (result) {
                    case UNSUPPORTED_VERSION -> ResultCode.UNSUPP_VERSION;
                    case NOT_AUTHORIZED -> ResultCode.NOT_AUTHORIZED;
                    case NETWORK_FAILURE -> ResultCode.NETWORK_FAILURE;
                    case OUT_OF_RESOURCES -> ResultCode.NO_RESOURCES;
                    case UNSUPPORTED_OPCODE -> ResultCode.UNSUPP_OPCODE;
                    case SUCCESS -> throw new IllegalArgumentException("nothing is refused");
                });
    }

    /** {@return why there is no address; some servers say so with success and 0.0.0.0} */
    static Refusal withoutAddress(NatPmpResult result) {
        return refusal(result == NatPmpResult.SUCCESS ? NatPmpResult.NETWORK_FAILURE : result);
    }
}
