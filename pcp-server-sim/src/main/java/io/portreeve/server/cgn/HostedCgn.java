package io.portreeve.server.cgn;

import java.util.concurrent.CompletionStage;

/** A CGN that outlives its PCP server. */
public interface HostedCgn extends LocalCgn {

    /**
     * The server is gone: drops all explicit mappings and their filters, and makes no implicit mapping until the next {@link
     * #unlockDynamic}. Implicit ones that there are live on, and so do the subscribers with their external addresses.
     *
     * @return when that is so; it fails like the other routines
     */
    CompletionStage<Void> flush();
}
