package io.portreeve.server.engine;

import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.engine.Terms.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All of a mapping that must survive the server.
 *
 * @param external of a set of ports the first
 * @param client where the last request for it was sent from
 * @param lifetime as last granted
 * @param expiry when that lifetime ends; {@link MonoTime#NEVER} for a static one
 */
public record MappingRow(
        MappingKey key,
        MappingNonce nonce,
        Endpoint external,
        Endpoint client,
        Lifetime lifetime,
        MonoTime expiry,
        Terms terms) {

    public MappingRow {
        terms = terms.equals(Terms.PLAIN) ? Terms.PLAIN : terms; // of a million most are plain
    }

    /** A mapping of one port without anything more. */
    public MappingRow(
            MappingKey key,
            MappingNonce nonce,
            Endpoint external,
            Endpoint client,
            Lifetime lifetime,
            MonoTime expiry) {
        this(key, nonce, external, client, lifetime, expiry, Terms.PLAIN);
    }

    /** {@return this row with all of its lifetime left} */
    MappingRow grantedAt(MonoTime now) {
        var end = now.plus(Duration.ofSeconds(lifetime.seconds()));
        return new MappingRow(key, nonce, external, client, lifetime, end, terms);
    }

    /** {@return what is left of the lifetime, in whole seconds rounded up, so that it is never told too short} */
    public Lifetime left(MonoTime now) {
        return isStatic() ? Lifetime.INFINITE : Lifetime.of(now.until(expiry).plusNanos(999_999_999));
    }

    boolean isStatic() {
        return terms.origin() == Origin.STATIC;
    }

    MappingRow movedTo(Endpoint other) {
        return new MappingRow(key, nonce, other, client, lifetime, expiry, terms);
    }

    MappingRow with(Optional<Filter> filter) {
        return new MappingRow(key, nonce, external, client, lifetime, expiry, terms.with(filter));
    }

    /** {@return who asked for it last} */
    Client lastAsker() {
        return new Client(key.subscriber(), client);
    }

    /** {@return true if the mapping leads to another host than the one that asked for it} */
    boolean isForThirdParty() {
        return !key.internal().address().equals(client.address());
    }

    /** {@return what GET tells it apart by} */
    GetTuple tuple() {
        return GetTuple.of(
                key.protocol(), key.internal().address(), key.internal().port(), external.address(), external.port());
    }

    /** {@return what the CGN is asked for, port for port} */
    public List<CgnMapping> atCgn(SubscriberHandle subscriber) {
        var ports = Ports.of(this).all();
        if (ports.size() == 1) {
            return List.of(new CgnMapping(subscriber, key.protocol(), key.internal(), external));
        }
        return IntStream.range(0, ports.size())
                .mapToObj(i ->
                        new CgnMapping(subscriber, key.protocol(), key.plus(i).internal(), ports.get(i)))
                .toList();
    }

    public Optional<CgnFilter> filterAtCgn() {
        return terms.filter().map(FilterChange::atCgn);
    }
}
