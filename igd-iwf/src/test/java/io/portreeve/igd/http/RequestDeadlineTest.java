package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

/** Timers that cannot be stopped any more. */
class RequestDeadlineTest {
    private final LateScheduler scheduler = new LateScheduler();
    private final RejectCounters rejects = new RejectCounters();
    private final RequestDeadline deadline =
            new RequestDeadline(new Handler.Wrapper(), Duration.ofSeconds(10), scheduler, rejects);
    private final Silent connection = new Silent();

    /** Every timer has begun when it is to be stopped. */
    private static final class LateScheduler extends AbstractLifeCycle implements Scheduler {
        final List<Runnable> timers = new ArrayList<>();

        @Override
        public Task schedule(Runnable timer, long delay, TimeUnit unit) {
            timers.add(timer);
            return () -> false;
        }
    }

    private static final class Silent extends AbstractConnection {
        Silent() {
            super(new ByteArrayEndPoint(), Runnable::run);
        }

        @Override
        public void onFillable() {}
    }

    @Test
    void doNotEndTheWaitForTheNextAnswer() {
        deadline.onOpened(connection);
        deadline.answered(connection);
        scheduler.timers.get(0).run();
        assertThat(connection.getEndPoint().isOpen()).isTrue();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isZero();

        scheduler.timers.get(1).run();
        assertThat(connection.getEndPoint().isOpen()).isFalse();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isOne();
    }

    @Test
    void doNotCountWhoHasGoneAway() {
        deadline.onOpened(connection);
        deadline.onClosed(connection);
        scheduler.timers.get(0).run();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isZero();
    }
}
