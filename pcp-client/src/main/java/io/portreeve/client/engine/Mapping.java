package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One mapping at one server that is wanted, or wanted gone. Nonce and suggestion live here and not in the states, so a retransmission
 * cannot differ from the request it repeats.
 *
 * @param server its name
 * @param lastExternal the endpoint last granted: what every further request suggests
 * @param traced true if a request before the last one may have left something at the server
 */
public record Mapping(
        String server,
        MappingKey key,
        String owner,
        MappingNonce nonce,
        Wanted wanted,
        Optional<Endpoint> lastExternal,
        boolean traced,
        MappingState state) {

    Mapping with(MappingState next) {
        return new Mapping(server, key, owner, nonce, wanted, lastExternal, traced, next);
    }

    Mapping with(Wanted next) {
        return new Mapping(server, key, owner, nonce, next, lastExternal, traced, state);
    }

    /** {@return this mapping, of which one more request is under way in {@code next}} */
    Mapping asked(MappingState next) {
        return new Mapping(server, key, owner, nonce, wanted, lastExternal, mayExist(), next);
    }

    /** {@return the same, wanted of another server} It suggests what this one has. */
    Mapping at(String another, MappingNonce its) {
        return new Mapping(another, key, owner, its, wanted, lastExternal, false, new MappingState.NotSent());
    }

    Mapping granted(Grant grant) {
        return new Mapping(
                server, key, owner, nonce, wanted, Optional.of(grant.external()), true, new MappingState.Mapped(grant));
    }

    public MappingId id() {
        return new MappingId(server, key);
    }

    boolean isWanted() {
        return wanted instanceof Wanted.Kept;
    }

    /** {@return true if a server may know this mapping} An error leaves no trace there, but says nothing of other requests. */
    boolean mayExist() {
        return traced || state instanceof MappingState.WaitResponse;
    }

    MappingView view(MonoTime now) {
        var left = state.holding().map(grant -> now.until(grant.expiry())).orElse(Duration.ZERO);
        return new MappingView(key, owner, state.label(), lastExternal, left.isNegative() ? Duration.ZERO : left);
    }

    /** {@return what to send next for this mapping} RFC 6887 sections 11.2, 11.2.1, 13.1, 13.2, 15.1. */
    MapRequest request(PcpAddress source) {
        return switch (wanted) {
            case Wanted.Kept(var external, var lifetime) ->
                request(
                        source,
                        lifetime,
                        lastExternal.map(Endpoint::port).orElse(external.suggestedPort()),
                        lastExternal.map(Endpoint::address).orElse(key.externalFamily()));
            case Wanted.Gone _ -> request(source, Lifetime.DELETE, 0, key.externalFamily());
        };
    }

    private MapRequest request(PcpAddress source, Lifetime lifetime, int port, PcpAddress address) {
        return new MapRequest(lifetime, source, nonce, key.protocol(), key.internalPort(), port, address, options());
    }

    private List<PcpOption> options() {
        var options = new ArrayList<PcpOption>();
        key.thirdParty().ifPresent(host -> options.add(new PcpOption.ThirdParty(host)));
        if (exactPort().isPresent()) {
            options.add(new PcpOption.PreferFailure());
        }
        return options;
    }

    /** {@return the one external port that will do, if only one will} */
    Optional<Integer> exactPort() {
        return wanted instanceof Wanted.Kept(ExternalChoice.Exactly(int port), var _)
                ? Optional.of(port)
                : Optional.empty();
    }

    /** A fixed order, so that a seed replays everything. */
    static final Comparator<MappingKey> ORDER = Comparator.comparing(
                    (MappingKey key) -> key.thirdParty().map(PcpAddress::low).orElse(0L))
            .thenComparing(key -> key.thirdParty().map(PcpAddress::high).orElse(0L))
            .thenComparing(MappingKey::protocol, Comparator.comparing(IpProtocol::number))
            .thenComparing(MappingKey::internalPort)
            .thenComparing(key -> key.externalFamily().low());
}
