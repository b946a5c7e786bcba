package io.portreeve.server;

import io.portreeve.server.cgn.CgnError;

/** What a CGN's errors mean to an operator. */
final class CgnErrors {
    private CgnErrors() {}

    /** {@return its name and what that means} */
    static String text(CgnError error) {
        return error + ", " + meaning(error);
    }

    private static String meaning(CgnError error) {
        return switch (error) {
            case NOT_AUTHORIZED -> "it does not serve this subscriber, or not this internal address";
            case NO_RESOURCES -> "it is full";
            case QUOTA -> "the subscriber has as many implicit mappings as it may";
            case OTHER_EXTERNAL_ADDRESS -> "the subscriber has another external address";
            case BAD_EXTERNAL_ADDRESS ->
                "the external address is not the subscriber's, or explicit mappings cannot have the port";
            case COLLISION -> "traffic has a mapping of this internal port, until that ends";
            case UNSUPPORTED -> "it cannot do that";
            case UNREACHABLE -> "it does not answer, or has just begun anew; try again";
            case INVALID_ARGUMENT, INTERNAL -> "it failed; the server's log says why";
        };
    }
}
