package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.List;

/** One MAP request that waits for its answer. */
record Asked(long requestId, Endpoint source, MapRequest map) {

    SubscriberId subscriber() {
        return new SubscriberId(source.address());
    }

    Endpoint internal() {
        return new Endpoint(map.internalAddress(), map.internalPort());
    }

    MappingKey key() {
        return new MappingKey(subscriber(), map.protocol(), internal(), Family.of(map.suggestedAddress()));
    }

    /** {@return true if this is {@code earlier}, sent again} */
    boolean repeats(Asked earlier) {
        return source.equals(earlier.source) && map.equals(earlier.map);
    }

    /** {@return true if {@code external} is what was suggested} All zeros suggests any address of the family. */
    boolean suggests(Endpoint external) {
        var address = map.suggestedAddress();
        return map.suggestedPort() == external.port()
                && (address.isUnspecified() || address.equals(external.address()));
    }

    MappingRow row(Endpoint external, Lifetime granted, MonoTime now) {
        var expiry = now.plus(Duration.ofSeconds(granted.seconds()));
        return new MappingRow(key(), map.nonce(), external, source.port(), granted, expiry);
    }

    MapResponse granted(MappingRow row, EpochTime epoch) {
        return success(row.lifetime(), row.external(), epoch);
    }

    /** {@return the answer to a deletion: what was suggested comes back} RFC 6887 section 15.1. */
    MapResponse deleted(EpochTime epoch) {
        return success(Lifetime.DELETE, new Endpoint(map.suggestedAddress(), map.suggestedPort()), epoch);
    }

    private MapResponse success(Lifetime lifetime, Endpoint external, EpochTime epoch) {
        return new MapResponse(
                ResultCode.SUCCESS.value(),
                lifetime,
                epoch,
                map.nonce(),
                map.protocol(),
                map.internalPort(),
                external.port(),
                external.address(),
                processedOptions());
    }

    private List<PcpOption> processedOptions() {
        return map.options().stream()
                .filter(option -> !(option instanceof PcpOption.Unknown))
                .toList();
    }
}
