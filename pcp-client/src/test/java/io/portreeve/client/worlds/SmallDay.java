package io.portreeve.client.worlds;

import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Outcome;
import io.portreeve.worlds.Scripted;
import io.portreeve.worlds.Weather;
import java.time.Duration;
import java.util.List;

/** One small world being lived through. */
final class SmallDay {
    private static final Duration HOUR = Duration.ofHours(1);

    /** What began before midnight goes on for some time. */
    private static final Duration LAST_SCENE = Duration.ofMinutes(10);

    /** What is on its way arrives, and what is down starts. */
    private static final Duration CALMING = Duration.ofMinutes(15);

    /** Whoever holds what another one wants has lost it by then, and its delay is over. */
    private static final Duration PATIENCE = Duration.ofHours(54);

    /** So many mappings there is room for beside what a stranger may have left. */
    private static final int KEPT = 3;

    private final Parts parts;
    private final Stranger stranger;
    private final Forger forger;

    SmallDay(long seed) {
        parts = new Parts(seed);
        stranger = new Stranger(parts);
        forger = new Forger(parts);
    }

    Outcome live(List<Scripted<Action>> script) {
        return Outcome.of(parts.time, parts.trace, parts.reached, () -> day(script), this::evening);
    }

    private void day(List<Scripted<Action>> script) {
        parts.server.start();
        parts.client.start();
        script.forEach(line -> parts.time.at(line.at(), () -> act(line.action(), new Chance(line.chance()))));
        for (var hour = HOUR; hour.compareTo(SmallWorld.DAY) <= 0; hour = hour.plus(HOUR)) {
            parts.time.passUntil(MonoTime.START.plus(hour));
            look();
        }
    }

    private void look() {
        if (parts.client.isRunning()) {
            parts.checker.lookAtEverything();
        }
    }

    /** Nothing goes wrong any more: everybody gets what he wants, and what nobody wants is gone. */
    private void evening() {
        pass(LAST_SCENE);
        parts.server.lives().spare();
        parts.client.lives().spare();
        pass(CALMING);
        look();
        parts.applications.settleFor(KEPT);
        pass(Duration.ofMinutes(1));
        var end = parts.time().plus(PATIENCE);
        while (!parts.checker.isConverged()) {
            if (parts.time().isAfter(end)) {
                throw new InvariantBroken(
                        "convergence", "somebody still has not got what he wants: " + parts.listing());
            }
            pass(Duration.ofMinutes(1));
        }
        pass(Duration.ofMinutes(1));
        look();
        parts.checker.mustAgree();
    }

    private void pass(Duration time) {
        parts.time.passUntil(parts.time().plus(time));
    }

    private void act(Action action, Chance chance) {
        parts.note(action.getClass().getSimpleName(), action);
        switch (action) {
            case Action.Want(int mapping, var owner, var external, var lifetime) ->
                parts.applications.want(mapping, owner, external, lifetime);
            case Action.Release(int mapping, var owner) -> parts.applications.release(mapping, owner);
            case Action.Stranger wanted -> stranger.ask(wanted, chance);
            case Action.Forgery forgery -> forger.answer(forgery, chance);
            case Action.Storm(var weather, var time) -> {
                parts.network.setWeather(weather);
                parts.time.after(time, () -> parts.network.setWeather(Weather.CALM));
            }
            case Action.Silence(var time) -> {
                parts.network.cutOff(ServerHost.ADDRESS.address());
                parts.time.after(time, () -> parts.network.reconnect(ServerHost.ADDRESS.address()));
            }
            case Action.Audit() -> parts.applications.audit();
            case Action.Move move -> parts.client.move(move);
            case Action.Pause(var time) -> parts.server.pause(time);
            case Action.KillServer(int steps, var aftermath, var down) ->
                parts.server.lives().kill(new Lives.Death(steps, aftermath, down));
            case Action.KillClient(int steps, var aftermath, var down) ->
                parts.client.lives().kill(new Lives.Death(steps, aftermath, down));
            case Action.ServerDiskFull(var time) -> {
                parts.server.store().setFull(true);
                parts.time.after(time, () -> parts.server.store().setFull(false));
            }
            case Action.ClientDiskFull(var time) -> {
                parts.client.pcp().store().setFull(true);
                parts.time.after(time, () -> parts.client.pcp().store().setFull(false));
            }
            case Action.BadCgn(double share, var time) -> {
                parts.server.refuse(share);
                parts.time.after(time, () -> parts.server.refuse(0));
            }
            case Action.DeleteSubscriber() -> parts.server.deleteSubscriber(parts.client.address());
            case Action.Clear() -> parts.server.clear();
            case Action.ClearSubscriber() -> parts.server.clearSubscriber(parts.client.address());
            case Action.Renumber(var external) -> parts.server.renumber(parts.client.address(), external);
        }
    }
}
