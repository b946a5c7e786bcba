package io.portreeve.igd.http;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends each connection that has not got an answer in time, since it was opened or since its last answer.
 *
 * <p>A client that trickles is never idle, so the idle time alone would let it hold its connection for hours. It also bounds the
 * rate from below: what is to be sent within that time is bounded from above.
 */
final class RequestDeadline extends Handler.Wrapper implements Connection.Listener {
    private final Duration longest;
    private final Scheduler scheduler;
    private final RejectCounters rejects;
    private final Map<Connection, Wait> waits = new IdentityHashMap<>();

    RequestDeadline(Handler handler, Duration longest, Scheduler scheduler, RejectCounters rejects) {
        super(handler);
        this.longest = longest;
        this.scheduler = scheduler;
        this.rejects = rejects;
    }

    @Override
    public synchronized void onOpened(Connection connection) {
        waits.put(connection, new Wait(connection));
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        var wait = waits.remove(connection);
        if (wait != null) {
            wait.timer.cancel();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var connection = request.getConnectionMetaData().getConnection();
        Request.addCompletionListener(request, _ -> answered(connection));
        return super.handle(request, response, callback);
    }

    synchronized void answered(Connection connection) {
        waits.computeIfPresent(connection, (_, wait) -> {
            wait.timer.cancel();
            return new Wait(connection);
        });
    }

    /** For one answer. */
    private final class Wait implements Runnable {
        private final Connection connection;
        private final Scheduler.Task timer;

        Wait(Connection connection) {
            this.connection = connection;
            timer = scheduler.schedule(this, longest.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** An answer may come while this begins, too late to stop the timer: then another wait has taken its place. */
        @Override
        public void run() {
            synchronized (RequestDeadline.this) {
                if (!waits.remove(connection, this)) {
                    return;
                }
            }
            rejects.count(RejectReason.TOO_SLOW);
            connection.getEndPoint().close();
        }
    }
}
