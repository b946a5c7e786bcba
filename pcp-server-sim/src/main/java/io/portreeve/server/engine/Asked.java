package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Options;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Terms.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One MAP request that waits for its answer.
 *
 * @param isFollower the request has its answer, and this is a further one, about another mapping that it concerns
 * @param by a NAT-PMP request is handled as a MAP without nonce and options, and answered in its own words
 */
record Asked(long requestId, Client client, MapRequest map, Origin by, boolean isFollower) implements Asker {

    Asked(long requestId, Client client, MapRequest map, Origin by) {
        this(requestId, client, map, by, false);
    }

    /** {@return this request as far as {@code mapping} is concerned} The answer is about the {@code first} of them. */
    Asked about(Mapping mapping, Mapping first) {
        return mapping.equals(first) ? this : new Asked(requestId, client, map, by, true);
    }

    Endpoint internal() {
        return new Endpoint(map.internalAddress(), map.internalPort());
    }

    MappingKey key() {
        return new MappingKey(subscriber(), map.protocol(), internal(), Family.of(map.suggestedAddress()));
    }

    /** {@return a key for each port that is asked for, {@code most} of them} */
    List<MappingKey> keys(int most) {
        int count = Math.min(ports(), most);
        return count == 1
                ? List.of(key())
                : IntStream.range(0, count).mapToObj(key()::plus).toList();
    }

    @Override
    public boolean repeats(Asker earlier) {
        return earlier instanceof Asked other && client.equals(other.client) && map.equals(other.map);
    }

    /** {@return how many ports are asked for} RFC 7753 section 4.1. */
    int ports() {
        int wanted = first(PcpOption.PortSet.class).map(PcpOption.PortSet::size).orElse(isReservation() ? 2 : 1);
        return Math.min(wanted, 65_536 - map.internalPort());
    }

    private boolean isReservation() {
        return map.options().contains(new PcpOption.PortReservation());
    }

    /** {@return the internal port, if the external ones are to begin as even or odd as it} */
    OptionalInt parity() {
        boolean keeps = isReservation()
                || first(PcpOption.PortSet.class)
                        .filter(PcpOption.PortSet::parity)
                        .isPresent();
        return keeps ? OptionalInt.of(map.internalPort()) : OptionalInt.empty();
    }

    List<PcpOption.Filter> filters() {
        return Options.all(PcpOption.Filter.class, map.options());
    }

    private <T extends PcpOption> Optional<T> first(Class<T> kind) {
        return Options.first(kind, map.options());
    }

    /** {@return as much of the description as is kept} */
    Optional<String> description(ServerPolicy policy) {
        return first(PcpOption.Description.class)
                .map(description ->
                        description.cutTo(policy.extras().descriptionOctets()).text());
    }

    /** {@return true if nothing but what was suggested will do} For SCTP this goes without saying: RFC 6887 section 7.4. */
    boolean insists() {
        return map.prefersFailure() || map.protocol().equals(IpProtocol.SCTP);
    }

    /** {@return which port of {@code row} the answer is about} The first, if a set was asked for. RFC 7753 section 4. */
    int position(MappingRow row) {
        boolean wantsSet = first(PcpOption.PortSet.class).isPresent();
        return wantsSet
                ? 0
                : Math.max(0, map.internalPort() - row.key().internal().port());
    }

    /** {@return true if the port of {@code row} that the answer is about is the one that was suggested} */
    boolean suggests(MappingRow row) {
        return suggests(Ports.of(row).at(position(row)));
    }

    /** {@return true if {@code external} is what was suggested} All zeros suggests any address of the family. */
    boolean suggests(Endpoint external) {
        var address = map.suggestedAddress();
        return map.suggestedPort() == external.port()
                && (address.isUnspecified() || address.equals(external.address()));
    }

    /** {@return how long it is granted} NAT-PMP gives no more than was asked for: RFC 6886 section 3.3. */
    Lifetime grant(ServerPolicy policy) {
        var protocol = map.protocol();
        return by == Origin.NAT_PMP
                ? new Lifetime(Math.min(
                        map.lifetime().seconds(), policy.longest(protocol).seconds()))
                : policy.grant(map.lifetime(), protocol);
    }

    /** {@return how long it is granted, {@code least} at least} */
    Lifetime grant(ServerPolicy policy, Lifetime least) {
        var granted = grant(policy);
        return granted.seconds() < least.seconds() ? least : granted;
    }

    /** @param known who asks, as the server knows it */
    MappingRow row(SubscriberId known, Endpoint external, Lifetime granted, Terms terms, MonoTime now) {
        var expiry = now.plus(Duration.ofSeconds(granted.seconds()));
        var key = key().sharing(known);
        return new MappingRow(key, map.nonce(), external, key.sharing(client.endpoint()), granted, expiry, terms);
    }

    /** {@return {@code row} as this renewal makes it} Another member of the set may have been named. */
    MappingRow renewed(MappingRow row, Lifetime granted, Terms terms, MonoTime now) {
        var expiry = now.plus(Duration.ofSeconds(granted.seconds()));
        var key = row.key();
        return new MappingRow(key, map.nonce(), row.external(), key.sharing(client.endpoint()), granted, expiry, terms);
    }

    /** {@return the answer as it is to be sent} */
    ServerEffect answer(MapResponse response) {
        if (by == Origin.NAT_PMP) {
            return new ServerEffect.ReplyNatPmp(requestId, NatPmpAnswers.granted(map, response));
        }
        return isFollower ? new ServerEffect.Send(client, response) : new ServerEffect.Reply(requestId, response);
    }

    @Override
    public Optional<ServerEffect> refusal(ResultCode result, Lifetime lifetime, EpochTime epoch) {
        if (by == Origin.NAT_PMP) {
            return Optional.of(new ServerEffect.ReplyNatPmp(requestId, NatPmpAnswers.refused(map, result, epoch)));
        }
        return isFollower ? Optional.empty() : Asker.super.refusal(result, lifetime, epoch);
    }
}
