package io.portreeve.igd.worlds;

import io.portreeve.client.worlds.Lives;
import io.portreeve.client.worlds.ServerHost;
import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Outcome;
import io.portreeve.worlds.Scripted;
import io.portreeve.worlds.Weather;
import java.time.Duration;
import java.util.List;

/** One street being lived in. */
final class StreetDay {
    private static final Duration HOUR = Duration.ofHours(1);

    /** What began before midnight goes on for some time. */
    private static final Duration LAST_SCENE = Duration.ofMinutes(15);

    /** What is on its way arrives, and what is down starts. */
    private static final Duration CALMING = Duration.ofMinutes(10);

    private final Parts parts;
    private boolean isOver;

    StreetDay(long seed) {
        parts = new Parts(seed);
    }

    Outcome live(List<Scripted<Action>> script) {
        var nature = parts.nature;
        return Outcome.of(nature.time(), nature.trace(), nature.reached(), () -> day(script), this::evening);
    }

    private void day(List<Scripted<Action>> script) {
        var time = parts.nature.time();
        parts.server.start();
        parts.homes.forEach(Home::start);
        script.forEach(line -> time.at(line.at(), () -> act(line.action(), new Chance(line.chance()))));
        for (var hour = HOUR; hour.compareTo(Street.DAY) <= 0; hour = hour.plus(HOUR)) {
            time.passUntil(MonoTime.START.plus(hour));
            parts.homes.forEach(home -> home.checker().look());
        }
    }

    /** Nothing goes wrong any more: what everybody says is the same, ports can be had, and what is deleted is gone. */
    private void evening() {
        pass(LAST_SCENE);
        isOver = true;
        parts.server.lives().spare();
        parts.homes.forEach(home -> home.lives().spare());
        pass(CALMING);
        parts.homes.forEach(home -> new Evening(parts, home).end());
    }

    private void pass(Duration duration) {
        var time = parts.nature.time();
        time.passUntil(time.now().plus(duration));
    }

    private void act(Action action, Chance chance) {
        var nature = parts.nature;
        nature.note(action.getClass().getSimpleName(), action);
        switch (action) {
            case Action.Start(int home, int host, var habit) -> {
                nature.reached().add("habit " + habit);
                new Program(home(home), Street.HOSTS.get(host), chance, nature.time(), () -> isOver).start(habit);
            }
            case Action.Storm(var weather, var time) -> {
                nature.network().setWeather(weather);
                nature.time().after(time, () -> nature.network().setWeather(Weather.CALM));
            }
            case Action.Silence(var time) -> {
                nature.network().cutOff(ServerHost.ADDRESS.address());
                nature.time().after(time, () -> nature.network().reconnect(ServerHost.ADDRESS.address()));
            }
            case Action.Pause(var time) -> parts.server.pause(time);
            case Action.KillServer(int steps, var aftermath, var down) ->
                parts.server.lives().kill(new Lives.Death(steps, aftermath, down));
            case Action.KillGateway(int home, int steps, var aftermath, var down) ->
                home(home).lives().kill(new Lives.Death(steps, aftermath, down));
            case Action.ServerDiskFull(var time) -> {
                parts.server.store().setFull(true);
                nature.time().after(time, () -> parts.server.store().setFull(false));
            }
            case Action.ClientDiskFull(int home, var time) ->
                home(home)
                        .fail(
                                time,
                                it -> it.clientStore().setFull(true),
                                it -> it.clientStore().setFull(false));
            case Action.TableDiskFull(int home, var time) ->
                home(home)
                        .fail(
                                time,
                                it -> it.table().setFull(true),
                                it -> it.table().setFull(false));
            case Action.BadCgn(double share, var time) -> {
                parts.server.refuse(share);
                nature.time().after(time, () -> parts.server.refuse(0));
            }
            case Action.BadNat(int home, double share, var time) ->
                home(home)
                        .fail(
                                time,
                                it -> it.kernel().refuse(share),
                                it -> it.kernel().refuse(0));
            case Action.SlowNat(int home, var latency, var time) ->
                home(home)
                        .fail(
                                time,
                                it -> it.kernel().takes(latency),
                                it -> it.kernel().isFast());
            case Action.WanLoss(int home, var without) -> home(home).loseWan(without);
            case Action.DeleteSubscriber(int home) ->
                parts.server.deleteSubscriber(home(home).address());
            case Action.Clear() -> parts.server.clear();
            case Action.ClearSubscriber(int home) ->
                parts.server.clearSubscriber(home(home).address());
            case Action.Renumber(int home, var external) ->
                parts.server.renumber(home(home).address(), external);
        }
    }

    private Home home(int number) {
        return parts.homes.get(number);
    }
}
