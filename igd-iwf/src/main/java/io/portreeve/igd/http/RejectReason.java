package io.portreeve.igd.http;

/** Why the LAN's HTTP turned somebody away. */
public enum RejectReason {
    /** Host is not the address that was connected to: a name that was rebound to it. */
    HOST,
    /** A web page sent it. */
    ORIGIN,
    /** A web page elsewhere led to it. */
    REFERER,
    /** A browser says that it came from another site. */
    FETCH_SITE,
    /** Not a host of that LAN. */
    STRANGER,
    /** One host's, or all hosts', connections were too many. */
    CONNECTIONS,
    /** The request, or the reading of its answer, took too long. */
    TOO_SLOW
}
