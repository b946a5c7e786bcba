package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingView;
import io.portreeve.client.PortCount;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PeerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One mapping at one server that is wanted, or wanted gone. Nonce and suggestion live here and not in the states, so a retransmission
 * cannot differ from the request it repeats.
 *
 * @param server its name
 * @param lastExternal the endpoint last granted: what every further request suggests
 * @param unavailable the external address that the server cannot provide, as it said when it was asked for exactly one endpoint:
 *     requests suggest none in its place until one is granted
 * @param knownUntil when every server has forgotten it by itself, whatever became of what was asked and answered; in the past if
 *     none ever heard of it
 * @param source where the request left from that was granted last: what has another address now holds nothing
 */
public record Mapping(
        String server,
        MappingKey key,
        String owner,
        MappingNonce nonce,
        Wanted wanted,
        Optional<Endpoint> lastExternal,
        Optional<PcpAddress> unavailable,
        MonoTime knownUntil,
        Optional<PcpAddress> source,
        MappingState state) {
    /** Who owns what an earlier run left at a server, as far as is known. */
    static final String NOBODY = "";

    /** A request that was sent comes to the server this much later, if ever, and is granted then. */
    private static final Duration LONGEST_WAY = Duration.ofMinutes(1);

    /** One of which its server has not said that it cannot provide it. */
    public Mapping(
            String server,
            MappingKey key,
            String owner,
            MappingNonce nonce,
            Wanted wanted,
            Optional<Endpoint> lastExternal,
            MonoTime knownUntil,
            Optional<PcpAddress> source,
            MappingState state) {
        this(server, key, owner, nonce, wanted, lastExternal, Optional.empty(), knownUntil, source, state);
    }

    public Mapping with(MappingState next) {
        return new Mapping(server, key, owner, nonce, wanted, lastExternal, unavailable, knownUntil, source, next);
    }

    Mapping with(Wanted next) {
        return new Mapping(server, key, owner, nonce, next, lastExternal, unavailable, knownUntil, source, state);
    }

    /** {@return this mapping, for which a request is sent now, or may have been, as far as anybody remembers} */
    public Mapping asked(MonoTime now) {
        return switch (wanted) {
            case Wanted.Kept kept ->
                known(now.plus(LONGEST_WAY)
                        .plus(Duration.ofSeconds(kept.left(now).seconds())));
            case Wanted.Gone _ -> this;
        };
    }

    /** {@return this mapping, which a server may know until {@code then} or longer} */
    public Mapping known(MonoTime then) {
        return new Mapping(
                server, key, owner, nonce, wanted, lastExternal, unavailable, knownUntil.later(then), source, state);
    }

    /** {@return this mapping, of which {@code address} was told something} */
    Mapping from(PcpAddress address) {
        return new Mapping(
                server, key, owner, nonce, wanted, lastExternal, unavailable, knownUntil, Optional.of(address), state);
    }

    /** {@return this mapping, whose requests suggest {@code external} from now on} */
    Mapping suggesting(Endpoint external) {
        return new Mapping(
                server, key, owner, nonce, wanted, Optional.of(external), unavailable, knownUntil, source, state);
    }

    /** {@return this mapping, which its server cannot provide at {@code address}} */
    Mapping notAt(PcpAddress address) {
        return new Mapping(
                server, key, owner, nonce, wanted, lastExternal, Optional.of(address), knownUntil, source, state);
    }

    /** {@return the same, wanted of another server} It suggests what this one has. */
    Mapping at(String another, MappingNonce its) {
        return new Mapping(
                another,
                key,
                owner,
                its,
                wanted,
                lastExternal,
                MonoTime.START,
                Optional.empty(),
                new MappingState.NotSent());
    }

    /** Now the server has these filters and no others. */
    Mapping granted(Grant grant, Lifetime assigned) {
        var settled = wanted instanceof Wanted.Kept kept ? kept.settled() : wanted;
        return new Mapping(
                server,
                key,
                owner,
                nonce,
                settled,
                Optional.of(grant.external()),
                knownUntil.later(grant.at().plus(Duration.ofSeconds(assigned.seconds()))),
                source,
                new MappingState.Mapped(grant));
    }

    /** {@return the same, wanted for no longer than {@code longest} at a time} */
    Mapping atMost(Lifetime longest) {
        return wanted instanceof Wanted.Kept kept ? with(kept.atMost(longest)) : this;
    }

    public MappingId id() {
        return new MappingId(server, key);
    }

    /** {@return true if the server that granted it did so to another address than {@code address}} */
    boolean isHeldElsewhere(PcpAddress address) {
        return state instanceof MappingState.Mapped
                && source.filter(it -> !it.equals(address)).isPresent();
    }

    /** {@return true if a server had it from an earlier run, and nobody has said yet whether it is wanted} */
    boolean isUnclaimed() {
        return owner.equals(NOBODY) && state instanceof MappingState.NotSent;
    }

    /** {@return true if the server is asked for it, or will be, and has not said what becomes of it} */
    boolean isAwaited() {
        return switch (state) {
            case MappingState.NotSent(), MappingState.WaitResponse _, MappingState.Refreshing _ -> true;
            case MappingState.Mapped _, MappingState.ErrorWaitResend _ -> false;
        };
    }

    /** {@return when it is not wanted any more, without anybody having to say so} */
    MonoTime end() {
        return wanted instanceof Wanted.Kept kept ? kept.end() : MonoTime.NEVER;
    }

    boolean isWanted() {
        return wanted instanceof Wanted.Kept;
    }

    /** {@return true if a server may know this mapping} An error says nothing of a copy of the request that comes later. */
    boolean mayExist(MonoTime now) {
        return knownUntil.isAfter(now);
    }

    /** {@return true if a server that knows this mapping may have filters for it} */
    boolean mayHaveFilters() {
        return switch (wanted) {
            case Wanted.Kept kept -> kept.refilters() || !kept.terms().filters().isEmpty();
            case Wanted.Gone(var _, boolean filtered) -> filtered;
        };
    }

    MappingView view(MonoTime now) {
        var left = state.holding().map(grant -> now.until(grant.expiry())).orElse(Duration.ZERO);
        var external = state.holding().map(Grant::external).or(() -> lastExternal);
        return new MappingView(key, owner, state.label(), external, left.isNegative() ? Duration.ZERO : left);
    }

    /** {@return what to send next for this mapping} RFC 6887 sections 11.2, 11.2.1, 12.2, 15.1. */
    PcpRequest request(PcpAddress source, MonoTime now) {
        return switch (wanted) {
            case Wanted.Kept kept -> request(source, kept, kept.left(now));
            case Wanted.Gone(var ports, var _) ->
                map(source, Lifetime.DELETE, suggested(), concat(thirdParty(source), several(ports)));
        };
    }

    private PcpRequest request(PcpAddress source, Wanted.Kept kept, Lifetime lifetime) {
        return key.remotePeer()
                .<PcpRequest>map(remote -> peer(source, lifetime, suggested(), remote))
                .orElseGet(() -> map(source, lifetime, suggested(), options(source, kept)));
    }

    private MapRequest map(PcpAddress source, Lifetime lifetime, Endpoint suggested, List<PcpOption> options) {
        return new MapRequest(
                lifetime,
                source,
                nonce,
                key.protocol(),
                key.internalPort(),
                suggested.port(),
                suggested.address(),
                options);
    }

    private PeerRequest peer(PcpAddress source, Lifetime lifetime, Endpoint suggested, Endpoint remote) {
        return new PeerRequest(
                lifetime,
                source,
                nonce,
                key.protocol(),
                key.internalPort(),
                suggested.port(),
                suggested.address(),
                remote.port(),
                remote.address(),
                thirdParty(source));
    }

    private List<PcpOption> options(PcpAddress source, Wanted.Kept kept) {
        var options = new ArrayList<>(thirdParty(source));
        if (isExact()) {
            options.add(new PcpOption.PreferFailure());
        }
        if (kept.refilters()) {
            options.add(new PcpOption.Filter(0, 0, key.externalFamily()));
        }
        options.addAll(kept.terms().filters());
        options.addAll(several(kept.terms().ports()));
        if (!kept.terms().description().isEmpty()) {
            options.add(new PcpOption.Description(kept.terms().description()));
        }
        return options;
    }

    /** A client is no third party to itself: RFC 6887 section 13.1. */
    private List<PcpOption> thirdParty(PcpAddress source) {
        return key.thirdParty()
                .filter(host -> !host.equals(source))
                .map(host -> List.<PcpOption>of(new PcpOption.ThirdParty(host)))
                .orElse(List.of());
    }

    private List<PcpOption> several(PortCount ports) {
        return switch (ports) {
            case PortCount.One() -> List.of();
            case PortCount.Several(int size, boolean parity) ->
                List.of(new PcpOption.PortSet(size, key.internalPort(), parity));
            case PortCount.Pair() -> List.of(new PcpOption.PortReservation());
        };
    }

    private static List<PcpOption> concat(List<PcpOption> first, List<PcpOption> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** {@return true if no other external endpoint will do than the one that is suggested} */
    boolean isExact() {
        return wanted instanceof Wanted.Kept kept && kept.external() instanceof ExternalChoice.Exactly;
    }

    /** {@return the endpoint that requests suggest: the one last granted, which may have been moved from the one wanted} */
    Endpoint suggested() {
        return switch (wanted) {
            case Wanted.Kept kept ->
                available(lastExternal.orElseGet(() -> kept.external().suggested(key.externalFamily())));
            case Wanted.Gone _ -> new Endpoint(key.externalFamily(), 0);
        };
    }

    private Endpoint available(Endpoint endpoint) {
        return isUnavailableAt(endpoint.address()) ? new Endpoint(key.externalFamily(), endpoint.port()) : endpoint;
    }

    boolean isUnavailableAt(PcpAddress address) {
        return unavailable.filter(address::equals).isPresent();
    }

    PortCount ports() {
        return switch (wanted) {
            case Wanted.Kept kept -> kept.terms().ports();
            case Wanted.Gone(var ports, var _) -> ports;
        };
    }

    /** A fixed order, so that a seed replays everything. */
    static final Comparator<MappingKey> ORDER = Comparator.comparing(
                    (MappingKey key) -> key.thirdParty().map(PcpAddress::low).orElse(0L))
            .thenComparing(key -> key.thirdParty().map(PcpAddress::high).orElse(0L))
            .thenComparing(MappingKey::protocol, Comparator.comparing(IpProtocol::number))
            .thenComparing(MappingKey::internalPort)
            .thenComparing(key -> key.externalFamily().low())
            .thenComparing(key -> key.remotePeer().map(Endpoint::port).orElse(0))
            .thenComparing(key -> key.remotePeer().map(it -> it.address().low()).orElse(0L))
            .thenComparing(
                    key -> key.remotePeer().map(it -> it.address().high()).orElse(0L));
}
