package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MonoTime;
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

class RequestDeadlineTest {
    private final RecordingScheduler scheduler = new RecordingScheduler();
    private final RejectCounters rejects = new RejectCounters();
    private MonoTime now = MonoTime.START;
    private final RequestDeadline deadline =
            new RequestDeadline(new Handler.Wrapper(), Duration.ofSeconds(10), () -> now, scheduler, rejects);
    private final Silent connection = new Silent();

    /** Runs a timer when a test says so. */
    private static final class RecordingScheduler extends AbstractLifeCycle implements Scheduler {
        final List<Long> delays = new ArrayList<>();
        private Runnable last;

        @Override
        public Task schedule(Runnable timer, long delay, TimeUnit unit) {
            last = timer;
            delays.add(unit.toSeconds(delay));
            return () -> {
                throw new AssertionError("no timer is stopped");
            };
        }

        void runLast() {
            last.run();
        }
    }

    private static final class Silent extends AbstractConnection {
        Silent() {
            super(new ByteArrayEndPoint(), Runnable::run);
        }

        @Override
        public void onFillable() {}
    }

    private void pass(int seconds) {
        now = now.plus(Duration.ofSeconds(seconds));
    }

    /** {@return the timers that were set, each to this many seconds} */
    private List<Long> timers() {
        return scheduler.delays;
    }

    @Test
    void endsTheWaitOfWhoHasNoAnswer() {
        deadline.onOpened(connection);
        pass(10);
        scheduler.runLast();
        assertThat(connection.getEndPoint().isOpen()).isFalse();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isOne();
    }

    @Test
    void beginsAnewWithEachAnswer() {
        deadline.onOpened(connection);
        pass(4);
        deadline.answered(connection);
        pass(6);
        scheduler.runLast();
        assertThat(connection.getEndPoint().isOpen()).isTrue();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isZero();

        pass(4);
        scheduler.runLast();
        assertThat(connection.getEndPoint().isOpen()).isFalse();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isOne();
        assertThat(timers()).containsExactly(10L, 4L);
    }

    @Test
    void doesNotCountWhoHasGoneAway() {
        deadline.onOpened(connection);
        deadline.onClosed(connection);
        deadline.answered(connection);
        pass(10);
        scheduler.runLast();
        assertThat(rejects.of(RejectReason.TOO_SLOW)).isZero();
        assertThat(timers()).as("nobody waits").containsExactly(10L);
    }

    @Test
    void takesOneTimerForAll() {
        var second = new Silent();
        deadline.onOpened(connection);
        pass(3);
        deadline.onOpened(second);
        pass(7);
        scheduler.runLast();
        assertThat(connection.getEndPoint().isOpen()).isFalse();
        assertThat(second.getEndPoint().isOpen()).isTrue();

        pass(3);
        scheduler.runLast();
        assertThat(second.getEndPoint().isOpen()).isFalse();
        assertThat(timers()).containsExactly(10L, 3L);

        deadline.onOpened(new Silent());
        assertThat(timers()).containsExactly(10L, 3L, 10L);
    }
}
