package io.portreeve.client.worlds;

import io.portreeve.client.ExternalChoice;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Weather;
import java.time.Duration;

/** What a script does to the small world. */
sealed interface Action {

    /** What another program on the client's machine may ask by itself. */
    enum Kind {
        /** A port of its own. */
        CREATE,
        DELETE,
        /** The client's own internal port, with another nonce. */
        SAME_PORT,
        SAME_PORT_DELETE
    }

    /** @param mapping which of those that applications care for */
    record Want(int mapping, String owner, ExternalChoice external, Lifetime lifetime) implements Action {}

    record Release(int mapping, String owner) implements Action {}

    /** @param suggestedPort 0 for none */
    record Stranger(int mapping, Kind kind, Lifetime lifetime, int suggestedPort) implements Action {}

    record Storm(Weather weather, Duration time) implements Action {}

    /** Neither side hears the other. */
    record Silence(Duration time) implements Action {}

    /**
     * The client's machine gets another address, or the one that it had.
     *
     * @param without for how long it has none
     */
    record Move(PcpAddress address, Duration without) implements Action {}

    /** Somebody who is not the server answers in its place. */
    record Forgery(int mapping, Forged what) implements Action {}

    /** What is wrong with an answer. */
    enum Forged {
        NONCE,
        ADDRESS,
        PORT,
        INTERNAL_PORT
    }

    /** An application has the client ask the server what it has. */
    record Audit() implements Action {}

    /** The server takes no event for a while, and then all of them at once. */
    record Pause(Duration time) implements Action {}

    /** @param steps how many things it still does to CGN, disk and clients */
    record KillServer(int steps, Aftermath aftermath, Duration down) implements Action {}

    /** @param steps how many things it still does to disk, server and applications */
    record KillClient(int steps, Aftermath aftermath, Duration down) implements Action {}

    record ServerDiskFull(Duration time) implements Action {}

    record ClientDiskFull(Duration time) implements Action {}

    /** @param share of the calls that the CGN refuses, 0..1 */
    record BadCgn(double share, Duration time) implements Action {}

    record DeleteSubscriber() implements Action {}

    /** The operator takes everything away. */
    record Clear() implements Action {}

    record ClearSubscriber() implements Action {}

    /** The operator gives the subscriber another external address. */
    record Renumber(PcpAddress external) implements Action {}
}
