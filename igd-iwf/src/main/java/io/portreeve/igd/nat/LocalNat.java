package io.portreeve.igd.nat;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.NetfilterException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** The gateway's own NAT. */
public interface LocalNat extends AutoCloseable {

    /** Makes exactly {@code rules} stand in the kernel; what an earlier run left beside them goes. To be called once, first. */
    void start(Collection<NatRule> rules) throws NetfilterException;

    /** {@return when {@code change} is in force} It completes exceptionally if it is not, and then nothing has changed. */
    CompletableFuture<Void> apply(NatChange change);

    /** Ends the keeping of the rules, which stay in force. */
    @Override
    void close();
}
