package io.portreeve.server.cgn;

import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A CGN in the server's own process: besides what its PCP server may ask, it has an administration. */
public interface LocalCgn extends Cgn {

    /** One line of the CGN's table. */
    record Entry(SubscriberId subscriber, CgnMapping mapping) {}

    /** {@return all explicit mappings, in the order of their creation} */
    List<Entry> table();

    /** From now on this subscriber is not authorised. What it has stays. */
    void block(SubscriberId id);

    /**
     * Deletes a subscriber with all its mappings, in both external families, and tells the PCP server. One who is not there
     * is no error.
     *
     * @return when none of its mappings carries a packet any more
     */
    default CompletionStage<Void> deleteSubscriber(SubscriberId id) {
        return deleteSubscriber(id, PcpAddress.ANY_IPV4)
                .thenCombine(deleteSubscriber(id, PcpAddress.ANY_IPV6), (ipv4, _) -> ipv4);
    }

    /** Deletes it in the family of {@code external} alone. */
    CompletionStage<Void> deleteSubscriber(SubscriberId id, PcpAddress external);
}
