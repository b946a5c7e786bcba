package io.portreeve.server.worlds;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Weather;
import java.time.Duration;

/** What a script does to the small world. */
sealed interface Action {

    /** What a client may want of the server. */
    enum Kind {
        CREATE,
        DELETE,
        PREFER_FAILURE,
        /** With another nonce. */
        STRANGER_CREATE,
        STRANGER_DELETE,
        /** A port nobody planned for, which may be more than the quota. */
        EXTRA_CREATE,
        EXTRA_DELETE,
        /** Two ports or three. */
        SET,
        SET_DELETE,
        FILTER,
        /** Another one, in the place of whatever was there. */
        OTHER_FILTER,
        NO_FILTER,
        /** A filter and a description for two ports. */
        FILTERED_SET,
        DESCRIBE,
        PEER,
        STRANGER_PEER,
        /** Everything at once. */
        GET,
        /** The first mapping, and then all behind it. */
        WALK,
        NAT_PMP_CREATE,
        NAT_PMP_DELETE,
        NAT_PMP_DELETE_ALL,
        NAT_PMP_ADDRESS,
        ANNOUNCE,
        /** One octet is changed. */
        DAMAGED
    }

    /** What else happened while the server was down. */
    enum Aftermath {
        NOTHING,
        FILES_REMOVED,
        REBOOT,
        CGN_RESTARTED
    }

    /**
     * A client asks, and repeats it twice if no answer comes.
     *
     * @param want which of the mappings
     * @param suggestedPort 0 for none
     * @param suggestedAddress all zeros for none
     */
    record Ask(int want, Kind kind, long lifetime, int suggestedPort, PcpAddress suggestedAddress) implements Action {}

    record Storm(Weather weather, Duration time) implements Action {}

    record CutOff(int subscriber, Duration time) implements Action {}

    /** The server takes no event for a while, and then all of them at once. */
    record Pause(Duration time) implements Action {}

    /** @param steps how many things it still does to CGN, disk and clients */
    record Kill(int steps, Aftermath aftermath, Duration down) implements Action {}

    record DiskFull(Duration time) implements Action {}

    record BadCgn(CgnHost.Mood mood, Duration time) implements Action {}

    record DeleteSubscriber(int subscriber) implements Action {}

    record StepWallClock(Duration step) implements Action {}

    /** The operator takes everything away. */
    record Clear() implements Action {}

    record ClearSubscriber(int subscriber) implements Action {}

    /** The operator gives a subscriber another external address. */
    record Renumber(int subscriber, PcpAddress external) implements Action {}

    /** The operator maps the port above a wanted one without being asked. */
    record AddStatic(int want, PcpAddress external) implements Action {}
}
