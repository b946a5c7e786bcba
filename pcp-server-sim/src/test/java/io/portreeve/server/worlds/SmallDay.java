package io.portreeve.server.worlds;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.worlds.Action.Ask;
import io.portreeve.server.worlds.Action.BadCgn;
import io.portreeve.server.worlds.Action.CutOff;
import io.portreeve.server.worlds.Action.DeleteSubscriber;
import io.portreeve.server.worlds.Action.DiskFull;
import io.portreeve.server.worlds.Action.Kill;
import io.portreeve.server.worlds.Action.Pause;
import io.portreeve.server.worlds.Action.StepWallClock;
import io.portreeve.server.worlds.Action.Storm;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Outcome;
import io.portreeve.worlds.Scripted;
import io.portreeve.worlds.Weather;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        try {
            day(script);
            evening();
            return outcome(Optional.empty());
        } catch (InvariantBroken e) {
            return outcome(Optional.of(failure(e.invariant(), e.getMessage())));
        } catch (RuntimeException e) {
            return outcome(Optional.of(failure("exception", e + " at " + e.getStackTrace()[0])));
        }
    }

    private Outcome outcome(Optional<Outcome.Failure> failure) {
        return new Outcome(parts.trace.hash(), parts.time.happened(), parts.reached, failure);
    }

    private Outcome.Failure failure(String invariant, String message) {
        return new Outcome.Failure(invariant, parts.now(), message, parts.trace.end());
    }

    private void day(List<Scripted<Action>> script) {
        server.start();
        script.forEach(line -> parts.time.at(line.at(), () -> act(line.action(), new Chance(line.chance()))));
        for (var hour = HOUR; hour.compareTo(SmallWorld.DAY) <= 0; hour = hour.plus(HOUR)) {
            parts.time.passUntil(MonoTime.START.plus(hour));
            parts.checker.lookAtEverything();
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
        parts.checker.lookAtEverything();
        pass(EVENING);
        parts.checker.lookAtEverything();
        if (!parts.cgn().isEmpty() || !parts.disk().isEmpty()) {
            throw new InvariantBroken("I4", "after the longest lifetime: " + parts.cgn() + parts.disk());
        }
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
            case DeleteSubscriber(int subscriber) -> {
                if (server.isServing()) {
                    parts.checker.subscriberDeleted(Want.address(subscriber));
                    parts.cgn.deleteSubscriber(Want.address(subscriber));
                }
            }
            case StepWallClock(var step) -> {
                parts.checker.wallStepped();
                parts.machine.stepWall(step);
                parts.dump.clocksChanged();
            }
        }
    }
}
