package io.portreeve.server.cgn;

/** Why a CGN did not do what it was asked. */
public enum CgnError {
    /** The CGN does not serve this subscriber, or not this internal address. */
    NOT_AUTHORIZED,
    /** The CGN is full; a subscriber's quota is not meant. */
    NO_RESOURCES,
    /** The subscriber has as many implicit mappings as it may. */
    QUOTA,
    /** The subscriber exists, with another external address. */
    OTHER_EXTERNAL_ADDRESS,
    /** The external address is not the subscriber's, or not the CGN's at all; or explicit mappings cannot have the port. */
    BAD_EXTERNAL_ADDRESS,
    /** A mapping of another type holds the internal tuple, or another filter the mapping. */
    COLLISION,
    /** The CGN does not keep what it would have to know. */
    UNSUPPORTED,
    /** It is another program, and does not answer, or has begun anew: nothing was done, or what was done is undone. */
    UNREACHABLE,
    /** Should never happen: a dead handle, or a port that another mapping has. */
    INVALID_ARGUMENT,
    /** Should never happen: the CGN failed, or cannot be reached. It logs why, once for each time it lasts. */
    INTERNAL
}
