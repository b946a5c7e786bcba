package io.portreeve.igd.nat;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.pcp.PcpAddress;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** For a gateway that routes and does not translate: behind DS-Lite, or where the provider's CGN sees the hosts themselves. */
public final class NoNat implements LocalNat {

    @Override
    public void start(Collection<NatRule> rules) {}

    @Override
    public CompletableFuture<Void> apply(NatChange change) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> wanIs(PcpAddress address) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
}
