package io.portreeve.client.engine;

import io.portreeve.client.ExternalChoice;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;

/** What the owner of a mapping wants of it. */
public sealed interface Wanted {

    record Kept(ExternalChoice external, Lifetime lifetime) implements Wanted {}

    /** To be deleted; after {@code until} the server has forgotten it by itself. */
    record Gone(MonoTime until) implements Wanted {}
}
