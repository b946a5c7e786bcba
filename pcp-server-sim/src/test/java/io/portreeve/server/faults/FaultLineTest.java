package io.portreeve.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.store.TestMachine;
import io.portreeve.testing.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

final class FaultLineTest {
    private final Thread tester = Thread.currentThread();
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore released = new Semaphore(0);
    private volatile boolean isSlow;

    private final List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> senders = Collections.synchronizedList(new ArrayList<>());
    private final FaultLine line = new FaultLine(
            new FaultLine.Ends(_ -> {}, this::send, sent::add),
            new TestMachine().machine().clock(),
            failure -> {
                throw new AssertionError(failure);
            });

    private void send(List<Sent> messages) {
        if (isSlow && Thread.currentThread() != tester) {
            arrived.release();
            released.acquireUninterruptibly();
        }
        sent.addAll(messages);
        senders.add(Thread.currentThread());
    }

    /** A seed alone does nothing to a message, but makes it go round by the line's own thread, which is slow here. */
    @Test
    void nothingIsOvertakenWhenTheFaultsGo() throws Exception {
        isSlow = true;
        line.start();
        try (line) {
            line.change(Faults.NONE.with(List.of("seed=1")));
            line.send(List.of(new Ignore(1)));
            Await.until("one is at the network", arrived::tryAcquire);
            line.change(Faults.NONE);
            line.send(List.of(new Ignore(2)));
            released.release();
            Await.until("one is at the network", arrived::tryAcquire);
            line.send(List.of(new Ignore(3))); // there are no faults any more, but the second is still there
            released.release();
            Await.until("one is at the network", arrived::tryAcquire);
            line.send(List.of(new Ignore(4)));
            released.release(2);
            Await.until("all have left", () -> sent.size() == 4);
        }
        assertThat(sent).containsExactly(new Ignore(1), new Ignore(2), new Ignore(3), new Ignore(4));
    }

    @Test
    void withoutFaultsItNeedsNoThread() {
        line.send(List.of(new Ignore(1)));
        assertThat(sent).containsExactly(new Ignore(1));
    }

    @Test
    void itIsStraightAgainWhenTheFaultsAreGone() throws Exception {
        line.start();
        try (line) {
            line.change(Faults.NONE.with(List.of("seed=1")));
            line.change(Faults.NONE);
            Await.until("the sender itself sends", () -> {
                int before = senders.size();
                line.send(List.of(new Ignore(1)));
                return senders.size() > before && senders.getLast() == tester;
            });
        }
    }
}
