package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.time.Duration;
import java.util.Optional;

/**
 * A request that a NAT-PMP server has not answered yet: it is sent at most nine times, and each time waits twice as long as the
 * time before. Source: RFC 6886 section 3.1.
 *
 * @param about the mapping that it asks for; empty if it asks for the address, or gives a port back
 * @param asked when it was sent first
 * @param due when it is sent again, or the server is taken for silent
 */
record NatPmpQuestion(
        Optional<MappingKey> about, NatPmpRequest request, int transmissions, MonoTime asked, MonoTime due) {
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final int MOST_TRANSMISSIONS = 9;

    static NatPmpQuestion first(Optional<MappingKey> about, NatPmpRequest request, MonoTime now) {
        return new NatPmpQuestion(about, request, 1, now, now.plus(FIRST_WAIT));
    }

    NatPmpQuestion again(MonoTime now) {
        var wait = FIRST_WAIT.multipliedBy(1L << transmissions);
        return new NatPmpQuestion(about, request, transmissions + 1, asked, now.plus(wait));
    }

    boolean isLast() {
        return transmissions == MOST_TRANSMISSIONS;
    }

    boolean isAnsweredBy(NatPmpResponse response) {
        return switch (request) {
            case ExternalAddressRequest() -> response instanceof ExternalAddressResponse;
            case NatPmpMapRequest map -> response instanceof NatPmpMapResponse its && isAnsweredBy(map, its);
        };
    }

    /** What was said to an earlier request for the same port, a deletion or one before a deletion, is no answer. */
    private static boolean isAnsweredBy(NatPmpMapRequest map, NatPmpMapResponse response) {
        boolean isOfItsKind = map.lifetime().isDelete()
                ? response.lifetime().isDelete()
                : !response.lifetime().isDelete() && response.externalPort() != 0;
        return map.protocol().equals(response.protocol())
                && map.internalPort() == response.internalPort()
                && (response.result() != NatPmpResult.SUCCESS || isOfItsKind);
    }

    /** @param mapped what an answer without ports says was to be mapped; empty for the address */
    boolean isRefusedBy(Optional<IpProtocol> mapped) {
        return mapped.equals(
                switch (request) {
                    case ExternalAddressRequest() -> Optional.empty();
                    case NatPmpMapRequest map -> Optional.of(map.protocol());
                });
    }
}
