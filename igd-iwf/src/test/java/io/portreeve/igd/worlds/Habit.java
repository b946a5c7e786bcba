package io.portreeve.igd.worlds;

/** What programs on the LAN are known to do. */
enum Habit {
    /** Adds without an end, lists by index until there is no more, deletes: upnpc. */
    LISTING,
    /** The same port of TCP and UDP, for an hour, again every 20 minutes: torrent clients. */
    RENEWING,
    /** Deletes, then adds without an end; another port if that one is taken: consoles. */
    REPLACING,
    /** Adds for an hour or less, once, and forgets about it. */
    FORGETTING,
    /** Takes any port of the second face, renews at half the lease, deletes a range and looks on. */
    FLEXIBLE,
    /** Asks again when 4 s have passed without a reply. */
    IMPATIENT,
    /** Leads the port elsewhere, again and again. */
    WAVERING,
    /** Wants what is not its own: for others, of others, too much, too fast. */
    HOSTILE
}
