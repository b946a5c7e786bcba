package io.portreeve.igd.nat;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.PcpAddress;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** The gateway's own NAT. */
public interface LocalNat extends AutoCloseable {

    /** Makes exactly {@code rules} stand in the kernel; what an earlier run left beside them goes. To be called once, first. */
    void start(Collection<NatRule> rules) throws NetfilterException;

    /** {@return when {@code change} is in force} It completes exceptionally if it is not, and then nothing has changed. */
    CompletableFuture<Void> apply(NatChange change);

    /**
     * {@return when the rules lead from {@code address} of the WAN interface} The connections of its old address, and those that came
     * to the new one before, are cut. Completes exceptionally if they lead from the old one still.
     */
    CompletableFuture<Void> wanIs(PcpAddress address);

    /** Ends the keeping of the rules, which stay in force. */
    @Override
    void close();
}
