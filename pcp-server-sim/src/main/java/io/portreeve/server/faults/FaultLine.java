package io.portreeve.server.faults;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.runtime.Owner;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import io.portreeve.server.faults.FaultEffect.HandOn;
import io.portreeve.server.faults.FaultEffect.Send;
import io.portreeve.server.faults.FaultEffect.SendTwice;
import io.portreeve.server.faults.FaultEvent.Answered;
import io.portreeve.server.faults.FaultEvent.Came;
import io.portreeve.server.faults.FaultEvent.Changed;
import io.portreeve.server.faults.FaultEvent.Decided;
import io.portreeve.server.faults.FaultEvent.Due;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way between the network and the server's engine, and back from the CGN, with faults on it.
 *
 * <p>Without faults it is straight: each thread goes through it by itself. With faults it leads through the inbox of a thread of its
 * own. It becomes straight again when that inbox is empty, so that nothing overtakes what is in it.
 */
public final class FaultLine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FaultLine.class);
    private static final RandomGeneratorFactory<RandomGenerator> RANDOM = RandomGeneratorFactory.of("L64X128MixRandom");

    /**
     * Where the line ends.
     *
     * @param engine takes requests, the CGN's answers, and what is wrong with the server itself
     * @param network sends messages
     * @param twice sends a message twice
     */
    public record Ends(Consumer<ServerEvent> engine, Consumer<List<Sent>> network, Consumer<Sent> twice) {}

    private final FaultEngine engine = new FaultEngine(RANDOM.create(), seed -> RANDOM.create(seed));
    private final Ends ends;
    private final Owner<FaultEvent> owner;
    private final Object gate = new Object();
    private volatile Faults faults = Faults.NONE;

    /** Changed only by who has the gate; who finds it true needs not ask again. */
    private volatile boolean isStraight = true;

    /** What is in the inbox or being handled. For those only who have the gate. */
    private int underWay;

    /** @param onFailure what to do when the thread ends by itself */
    public FaultLine(Ends ends, MonoClock clock, Consumer<Throwable> onFailure) {
        this.ends = ends;
        owner = new Owner<>("fault-line", new Loop(), clock, onFailure);
    }

    public void start() {
        owner.start();
    }

    public Faults faults() {
        return faults;
    }

    /** From now on these are wrong, and no others. What was decided before and waits leaves at once. */
    public void change(Faults wanted) {
        synchronized (gate) {
            faults = wanted;
            isStraight = false;
            put(new Changed(wanted));
        }
        LOG.info("from now on: {}", wanted);
    }

    /** Takes what comes from the network. */
    public void receive(Asks request) {
        if (isStraight || !takeDetour(List.of(new Came(request)))) {
            ends.engine.accept(request);
        }
    }

    /** Takes what the CGN answered. */
    public void answer(CgnDone answer) {
        if (isStraight || !takeDetour(List.of(new Answered(answer)))) {
            ends.engine.accept(answer);
        }
    }

    /** Takes what the server's engine decided. */
    public void send(List<Sent> messages) {
        if (isStraight || !takeDetour(messages.stream().map(Decided::new).toList())) {
            ends.network.accept(messages);
        }
    }

    /** {@return false if the line has become straight meanwhile} */
    private boolean takeDetour(List<? extends FaultEvent> events) {
        synchronized (gate) {
            if (isStraight) {
                return false;
            }
            events.forEach(this::put);
            return true;
        }
    }

    private void put(FaultEvent event) {
        underWay++;
        owner.put(event);
    }

    private void handled(int events) {
        synchronized (gate) {
            underWay -= events;
            isStraight = underWay == 0 && engine.isIdle();
        }
    }

    /** What the line's own thread does. */
    private final class Loop implements Owned<FaultEvent> {
        @Override
        public MonoTime nextDue() {
            return engine.nextDue();
        }

        @Override
        public void handle(List<FaultEvent> events, MonoTime now) {
            perform(engine.handle(new Due(), now));
            events.forEach(event -> perform(engine.handle(event, now)));
            handled(events.size());
        }

        private void perform(List<FaultEffect> effects) {
            effects.forEach(effect -> {
                switch (effect) {
                    case HandOn(var event) -> ends.engine.accept(event);
                    case Send(var message) -> ends.network.accept(List.of(message));
                    case SendTwice(var message) -> ends.twice.accept(message);
                }
            });
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
