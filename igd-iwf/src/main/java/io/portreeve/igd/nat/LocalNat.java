package io.portreeve.igd.nat;

import io.portreeve.igd.iwf.NatChange;
import java.util.concurrent.CompletableFuture;

/** The gateway's own NAT. */
@FunctionalInterface
public interface LocalNat {

    /** {@return when {@code change} is in force} It completes exceptionally if it is not, and then nothing has changed. */
    CompletableFuture<Void> apply(NatChange change);
}
