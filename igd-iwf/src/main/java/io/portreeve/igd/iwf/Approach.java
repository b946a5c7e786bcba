package io.portreeve.igd.iwf;

/** How one request for an entry goes about the external port. */
enum Approach {
    /** As the entry is to be kept. */
    FOR_GOOD,

    /** The port is suggested, for a short time, and it is seen which one is granted. */
    SUGGESTING,

    /** For a short time, and it is seen which port is granted. */
    ANY_PORT
}
