package io.portreeve.client.engine;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.pcp.Lifetime;

/** What the owner of a mapping wants of it. */
public sealed interface Wanted {

    /** @param refilters the server may have other filters for it, which must go before these come */
    record Kept(ExternalChoice external, Lifetime lifetime, MappingTerms terms, boolean refilters) implements Wanted {}

    /**
     * To be deleted. A set of ports is deleted as one.
     *
     * @param filtered the server may have filters for it, should it be wanted again before it is gone
     */
    record Gone(PortCount ports, boolean filtered) implements Wanted {}
}
