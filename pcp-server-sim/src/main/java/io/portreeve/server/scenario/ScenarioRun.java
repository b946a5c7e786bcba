package io.portreeve.server.scenario;

import io.portreeve.control.ControlException;
import io.portreeve.server.CannotStartException;
import io.portreeve.server.PcpServer;
import io.portreeve.server.ServerSettings;
import io.portreeve.server.control.ServerControl;
import io.portreeve.server.net.SeenDatagram;
import io.portreeve.server.net.SeenDatagram.Direction;
import io.portreeve.server.scenario.PlayEffect.Do;
import io.portreeve.server.scenario.PlayEffect.Verdict;
import io.portreeve.server.scenario.PlayEvent.Came;
import io.portreeve.server.scenario.PlayEvent.Due;
import io.portreeve.server.scenario.PlayEvent.Ended;
import io.portreeve.server.scenario.PlayEvent.Looked;
import io.portreeve.server.scenario.PlayEvent.NotDone;
import io.portreeve.server.scenario.Step.Act;
import io.portreeve.server.scenario.Step.Action.Run;
import io.portreeve.server.scenario.Step.Action.Tell;
import io.portreeve.server.store.Machine;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A scenario with a server of its own, and with the clients that it starts. */
public final class ScenarioRun implements AutoCloseable {

    /** How often the table is looked at. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final ServerSettings settings;
    private final BlockingQueue<PlayEvent> inbox = new LinkedBlockingQueue<>();
    private final Clients clients = new Clients();
    private final Play play;
    private final PcpServer server;
    private volatile long started;

    private ScenarioRun(Scenario scenario, ServerSettings settings) throws CannotStartException {
        this.settings = settings;
        play = new Play(scenario);
        server = PcpServer.start(settings, Machine.real(), this::see);
        started = System.nanoTime();
        inbox.clear(); // what came before does not count
    }

    /**
     * {@return the settings of a scenario's server}
     *
     * @param directory where its state is, unless the scenario says another
     */
    public static ServerSettings settings(Scenario scenario, Path directory) throws SettingsException {
        var lines = new ArrayList<>(scenario.settings());
        if (lines.stream().noneMatch(line -> line.matches("\\s*state-dir\\b.*"))) {
            lines.add("state-dir = " + directory);
        }
        return ServerSettings.of(new Settings(scenario.file(), lines));
    }

    /** {@return a scenario that has begun, with its server} Close it. */
    public static ScenarioRun start(Scenario scenario, ServerSettings settings) throws CannotStartException {
        return new ScenarioRun(scenario, settings);
    }

    private Duration now() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    private void see(SeenDatagram datagram) {
        if (datagram.direction() == Direction.RECEIVED) {
            inbox.add(new Came(SeenRequest.of(datagram), now()));
        }
    }

    /**
     * Plays it to its end.
     *
     * @param told each verdict when it is certain
     */
    public void play(Consumer<Verdict> told) throws InterruptedException {
        while (!play.isOver()) {
            var wait = play.nextDue().minus(now());
            handle(inbox.poll((wait.compareTo(LOOK) < 0 ? wait : LOOK).toNanos(), TimeUnit.NANOSECONDS), told);
            look(told);
            perform(play.handle(new Due(), now()), told);
        }
        handle(inbox.poll(), told); // the last thing to do could not be done
    }

    /** @param first null if nothing has happened */
    private void handle(PlayEvent first, Consumer<Verdict> told) {
        for (var event = first; event != null; event = inbox.poll()) {
            perform(play.handle(event, now()), told);
        }
    }

    private void look(Consumer<Verdict> told) {
        try {
            perform(play.handle(new Looked(server.listing()), now()), told);
        } catch (CompletionException e) {
            // Who is too busy to say is asked again.
        }
    }

    private void perform(List<PlayEffect> effects, Consumer<Verdict> told) {
        effects.forEach(effect -> {
            switch (effect) {
                case Do(var act) -> perform(act);
                case Verdict verdict -> told.accept(verdict);
            }
        });
    }

    private void perform(Act act) {
        try {
            switch (act.action()) {
                case Run(var command) ->
                    clients.start(
                            command,
                            server.address(),
                            settings.controlSocket(),
                            code -> inbox.add(new Ended(act, code)));
                case Tell(var words) -> ServerControl.ask(settings.controlSocket(), words);
            }
        } catch (ControlException | IOException e) {
            inbox.add(new NotDone(act, e.getMessage()));
        }
    }

    @Override
    public void close() {
        clients.close();
        server.close();
    }
}
