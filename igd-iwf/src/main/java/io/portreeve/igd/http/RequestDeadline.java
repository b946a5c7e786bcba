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
    private final Map<Connection, Scheduler.Task> pending = new IdentityHashMap<>();

    RequestDeadline(Handler handler, Duration longest, Scheduler scheduler, RejectCounters rejects) {
        super(handler);
        this.longest = longest;
        this.scheduler = scheduler;
        this.rejects = rejects;
    }

    @Override
    public synchronized void onOpened(Connection connection) {
        pending.put(connection, schedule(connection));
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        var task = pending.remove(connection);
        if (task != null) {
            task.cancel();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var connection = request.getConnectionMetaData().getConnection();
        Request.addCompletionListener(request, _ -> answered(connection));
        return super.handle(request, response, callback);
    }

    private synchronized void answered(Connection connection) {
        pending.computeIfPresent(connection, (_, task) -> {
            task.cancel();
            return schedule(connection);
        });
    }

    private Scheduler.Task schedule(Connection connection) {
        return scheduler.schedule(() -> end(connection), longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void end(Connection connection) {
        synchronized (this) {
            pending.remove(connection);
        }
        rejects.count(RejectReason.TOO_SLOW);
        connection.getEndPoint().close();
    }
}
