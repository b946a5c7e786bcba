package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;
import java.util.function.Supplier;

/** What mappings become when applications want them, want them otherwise, or want them no more. */
final class Wishes {
    private final String server;
    private final MappingTable table;
    private final ClientPolicy policy;
    private final Supplier<MappingNonce> nonces;
    private Optional<MappingNonce> itsNonce = Optional.empty();

    Wishes(String server, MappingTable table, ClientPolicy policy, Supplier<MappingNonce> nonces) {
        this.server = server;
        this.table = table;
        this.policy = policy;
        this.nonces = nonces;
    }

    /** The filters that a mapping has, or may have, go when others are wanted. */
    static Wanted.Kept wanted(MappingRequest request, Optional<Mapping> before, MonoTime now) {
        var terms = request.terms();
        boolean refilters = before.filter(it -> it.mayExist(now) && it.mayHaveFilters())
                .filter(it -> !(it.wanted() instanceof Wanted.Kept kept
                        && kept.terms().filters().equals(terms.filters())
                        && !kept.refilters()))
                .isPresent();
        return new Wanted.Kept(request.external(), request.lifetime(), terms, refilters);
    }

    /** {@return the mapping that is to be asked for} */
    Mapping mapping(MappingRequest request, Wanted.Kept wanted) {
        return table.get(request.key())
                .map(before -> rewritten(before, wanted, request.owner()))
                .orElseGet(() -> new Mapping(
                        server,
                        request.key(),
                        request.owner(),
                        nonce(request.key()),
                        wanted,
                        Optional.empty(),
                        MonoTime.START,
                        Optional.empty(),
                        new NotSent()));
    }

    /** An endpoint granted earlier is suggested again, unless another port is wanted now. */
    private static Mapping rewritten(Mapping before, Wanted.Kept wanted, String owner) {
        int port = wanted.external().suggestedPort();
        var external = before.lastExternal().filter(it -> port == 0 || port == it.port());
        return new Mapping(
                before.server(),
                before.key(),
                owner,
                before.nonce(),
                wanted,
                external,
                before.knownUntil(),
                before.source(),
                before.state());
    }

    /** One internal side has one nonce, whatever families its external ones are of: a server may refuse another. */
    MappingNonce nonce(MappingKey key) {
        return table.get(key.twin())
                .map(Mapping::nonce)
                .orElseGet(() -> policy.claims().isPresent() ? itsNonce() : nonces.get());
    }

    /** A server lists what it is shown the nonce of, so all mappings have one where lists are asked for. */
    MappingNonce itsNonce() {
        var nonce = itsNonce.or(() -> table.all().stream().map(Mapping::nonce).findFirst())
                .orElseGet(nonces);
        itsNonce = Optional.of(nonce);
        return nonce;
    }

    /** {@return the same, to be deleted} */
    static Mapping gone(Mapping mapping) {
        return mapping.with(new Wanted.Gone(mapping.ports(), mapping.mayHaveFilters()));
    }
}
