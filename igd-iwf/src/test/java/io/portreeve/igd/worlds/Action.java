package io.portreeve.igd.worlds;

import io.portreeve.client.worlds.Aftermath;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.Weather;
import java.time.Duration;

/** What a script does to the street. */
sealed interface Action {

    /** A program starts on a host of a home. */
    record Start(int home, int host, Habit habit) implements Action {}

    record Storm(Weather weather, Duration time) implements Action {}

    /** Neither side of the provider's server hears the other. */
    record Silence(Duration time) implements Action {}

    /** The server takes no event for a while, and then all of them at once. */
    record Pause(Duration time) implements Action {}

    /** @param steps how many things it still does to CGN, disk and clients */
    record KillServer(int steps, Aftermath aftermath, Duration down) implements Action {}

    /** @param steps how many things it still does to disks, kernel, server and control points */
    record KillGateway(int home, int steps, Aftermath aftermath, Duration down) implements Action {}

    record ServerDiskFull(Duration time) implements Action {}

    /** The client cannot write. */
    record ClientDiskFull(int home, Duration time) implements Action {}

    /** The interworking cannot write. */
    record TableDiskFull(int home, Duration time) implements Action {}

    /** @param share of the calls that the CGN refuses, 0..1 */
    record BadCgn(double share, Duration time) implements Action {}

    /** @param share of the changes that the kernel refuses, 0..1 */
    record BadNat(int home, double share, Duration time) implements Action {}

    /** @param latency how long the kernel takes for a change, at most */
    record SlowNat(int home, Duration latency, Duration time) implements Action {}

    /** The WAN address goes and comes again. */
    record WanLoss(int home, Duration without) implements Action {}

    record DeleteSubscriber(int home) implements Action {}

    /** The operator takes everything away. */
    record Clear() implements Action {}

    record ClearSubscriber(int home) implements Action {}

    /** The operator gives a home another external address. */
    record Renumber(int home, PcpAddress external) implements Action {}
}
