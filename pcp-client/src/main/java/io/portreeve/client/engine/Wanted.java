package io.portreeve.client.engine;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;

/** What the owner of a mapping wants of it. */
public sealed interface Wanted {

    /** @param refilters the server may have other filters for it, which must go before these come */
    record Kept(ExternalChoice external, Lifetime lifetime, MappingTerms terms, boolean refilters) implements Wanted {}

    /** To be deleted; after {@code until} the server has forgotten it by itself. A set of ports is deleted as one. */
    record Gone(MonoTime until, PortCount ports) implements Wanted {}
}
