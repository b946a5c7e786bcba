package io.portreeve.server.worlds;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.worlds.Action.AddStatic;
import io.portreeve.server.worlds.Action.Ask;
import io.portreeve.server.worlds.Action.BadCgn;
import io.portreeve.server.worlds.Action.Clear;
import io.portreeve.server.worlds.Action.ClearSubscriber;
import io.portreeve.server.worlds.Action.CutOff;
import io.portreeve.server.worlds.Action.DeleteSubscriber;
import io.portreeve.server.worlds.Action.DiskFull;
import io.portreeve.server.worlds.Action.Kill;
import io.portreeve.server.worlds.Action.Pause;
import io.portreeve.server.worlds.Action.Renumber;
import io.portreeve.server.worlds.Action.StepWallClock;
import io.portreeve.server.worlds.Action.Storm;
import io.portreeve.server.worlds.checker.CgnRow;
import io.portreeve.server.worlds.checker.Maker;
import io.portreeve.server.worlds.checker.Who;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Outcome;
import io.portreeve.worlds.Scripted;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.Weather;
import java.time.Duration;
import java.util.List;

/** One small world being lived through. */
final class SmallDay {
    private static final Duration HOUR = Duration.ofHours(1);

    /** The longest lifetime, and time to ask once more. */
    private static final Duration EVENING = Duration.ofMinutes(130);

    /** Whoever holds what another one wants has lost it by then, and its delay is over. */
    private static final Duration PATIENCE = EVENING.plus(SmallWorld.RULES.tcpDelay());

    private final Parts parts;
    private final ServerHost server;
    private final List<Client> clients;

    SmallDay(long seed) {
        parts = new Parts(seed);
        server = new ServerHost(parts, SmallWorld.POLICY);
        clients = Want.ALL.stream().map(want -> new Client(want, parts)).toList();
    }

    Outcome live(List<Scripted<Action>> script) {
        return Outcome.of(parts.time, parts.trace, parts.reached, () -> day(script), this::evening);
    }

    private void day(List<Scripted<Action>> script) {
        server.start();
        script.forEach(line -> parts.time.at(line.at(), () -> act(line.action(), new Chance(line.chance()))));
        for (var hour = HOUR; hour.compareTo(SmallWorld.DAY) <= 0; hour = hour.plus(HOUR)) {
            parts.time.passUntil(MonoTime.START.plus(hour));
            lookAtEverything();
        }
    }

    /** Nothing goes wrong any more: everybody gets what he wants, and keeps it as long as he may. */
    private void evening() {
        server.spare();
        clients.forEach(client -> client.insist(Chance.of(client.want().number(), 0)));
        var end = parts.now().plus(PATIENCE);
        while (!clients.stream().allMatch(Client::isSatisfied)) {
            if (parts.now().isAfter(end)) {
                throw new InvariantBroken("I5", "somebody still has not got what he wants");
            }
            pass(Duration.ofMinutes(1));
        }
        pass(Duration.ofMinutes(1));
        lookAtEverything();
        pass(EVENING);
        lookAtEverything();
        if (!parts.disk().values().stream().allMatch(row -> row.maker() == Maker.OPERATOR)) {
            throw new InvariantBroken("I4", "after the longest lifetime: " + parts.cgn() + parts.disk());
        }
    }

    private void lookAtEverything() {
        parts.checker.lookAtEverything();
        parts.orders.checkPatience();
    }

    private void pass(Duration time) {
        parts.time.passUntil(parts.now().plus(time));
    }

    private void act(Action action, Chance chance) {
        parts.note(action.getClass().getSimpleName(), action);
        switch (action) {
            case Ask ask -> clients.get(ask.want()).ask(ask, chance);
            case Storm(var weather, var time) -> {
                parts.network.setWeather(weather);
                parts.time.after(time, () -> parts.network.setWeather(Weather.CALM));
            }
            case CutOff(int subscriber, var time) -> {
                parts.network.cutOff(Want.address(subscriber));
                parts.time.after(time, () -> parts.network.reconnect(Want.address(subscriber)));
            }
            case Pause(var time) -> {
                parts.checker.trouble(time);
                server.pause(time);
            }
            case Kill kill -> server.kill(kill);
            case DiskFull(var time) -> {
                parts.checker.trouble(time);
                server.store().setFull(true);
                parts.time.after(time, () -> server.store().setFull(false));
            }
            case BadCgn(var mood, var time) -> {
                parts.checker.trouble(time.plus(mood.longestDelay()));
                parts.cgn.setMood(mood);
                parts.time.after(time, () -> parts.cgn.setMood(CgnHost.Mood.GOOD));
            }
            case StepWallClock(var step) -> {
                parts.checker.wallStepped();
                parts.machine.stepWall(step);
                parts.dump.clocksChanged();
            }
            case DeleteSubscriber _, Clear _, ClearSubscriber _, Renumber _, AddStatic _ -> operate(action);
        }
    }

    /** There is nobody to operate if the server is down. */
    private void operate(Action action) {
        if (!server.isServing()) {
            return;
        }
        switch (action) {
            case DeleteSubscriber(int subscriber) -> {
                parts.checker.subscriberDeleted(Want.address(subscriber));
                parts.orders.loses(Want.address(subscriber));
                parts.cgn.deleteSubscriber(Want.address(subscriber));
            }
            case Clear() -> server.operate(new ServerEvent.Clear());
            case ClearSubscriber(int subscriber) ->
                server.operate(new ServerEvent.ClearOf(new SubscriberId(Want.address(subscriber))));
            case Renumber(int subscriber, var external) -> renumber(Want.address(subscriber), external);
            case AddStatic(int want, var external) -> addStatic(Want.ALL.get(want), external);
            default -> throw new AssertionError(action);
        }
    }

    private void renumber(PcpAddress subscriber, PcpAddress external) {
        parts.checker.moves(subscriber, external);
        parts.orders.loses(subscriber);
        server.operate(new ServerEvent.Renumber(parts.orders.moves(), new SubscriberId(subscriber), external));
        parts.cgn.deleteSubscriber(subscriber);
    }

    private void addStatic(Want want, PcpAddress external) {
        var subscriber = want.client().address();
        int internalPort = want.port() + 1;
        var who = new Who(subscriber, want.protocol(), want.internal(), internalPort);
        var row = new CgnRow(who, new Station(external, SmallWorld.STATIC_PORT));
        parts.checker.addsStatic(row);
        server.operate(new ServerEvent.AddStatic(
                parts.orders.adds(row),
                new SubscriberId(subscriber),
                want.protocol(),
                new Endpoint(want.internal(), internalPort),
                new Endpoint(external, SmallWorld.STATIC_PORT)));
    }
}
