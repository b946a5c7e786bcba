package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.PortCount;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Options;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.NextMapping;
import java.time.Duration;
import java.util.Optional;

/**
 * What one mapping of a server's list means to a client.
 *
 * @param source where the client's requests come from
 * @param nonce what the client calls its mappings at this server by
 * @param asked when the list was asked for: it says nothing of what was granted later
 */
record Comparison(NextMapping listed, PcpAddress source, MappingNonce nonce, MonoTime asked, MonoTime now) {

    /** Whole seconds are said, and some have passed on the way. */
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    /** {@return what a client knows it by; empty if no client of ours can have asked for it} */
    Optional<MappingKey> key() {
        var tuple = listed.tuple();
        return MappingKey.isValid(tuple.protocol(), tuple.internalPort())
                ? Optional.of(new MappingKey(
                        Optional.of(tuple.internal()).filter(it -> !it.equals(source)),
                        tuple.protocol(),
                        tuple.internalPort(),
                        tuple.external().anyOfFamily()))
                : Optional.empty();
    }

    /** {@return true if it is of {@code host}, which alone was asked for; empty for the client itself} */
    boolean isOf(Optional<PcpAddress> host) {
        return listed.tuple().internal().equals(host.orElse(source));
    }

    Endpoint external() {
        GetTuple tuple = listed.tuple();
        return new Endpoint(tuple.external(), tuple.externalPort());
    }

    MonoTime end() {
        return now.plus(Duration.ofSeconds(listed.remaining().seconds()));
    }

    /** {@return true if a client that believes {@code grant} is not mistaken} */
    boolean agrees(Grant grant) {
        boolean isSame =
                grant.external().equals(external()) && !end().plus(TOLERANCE).isBefore(grant.expiry());
        return isSame || grant.at().isAfter(asked);
    }

    /** {@return the nonce that renews and deletes it} A server lists what it was shown the nonce of, or tells the nonce. */
    MappingNonce itsNonce() {
        return Options.first(PcpOption.DisclosedNonce.class, listed.embedded())
                .map(PcpOption.DisclosedNonce::nonce)
                .orElse(nonce);
    }

    boolean isFiltered() {
        return Options.first(PcpOption.Filter.class, listed.embedded()).isPresent();
    }

    PortCount ports() {
        return Options.first(PcpOption.PortSet.class, listed.embedded())
                .filter(set -> set.size() > 1)
                .<PortCount>map(set -> new PortCount.Several(set.size(), set.parity()))
                .orElseGet(PortCount.One::new);
    }
}
