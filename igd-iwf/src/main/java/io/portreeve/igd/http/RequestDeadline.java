package io.portreeve.igd.http;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
    private final MonoClock clock;
    private final Scheduler scheduler;
    private final RejectCounters rejects;

    /** By when each must have its next answer, the soonest first: all have equally long. */
    private final SequencedMap<Connection, MonoTime> deadlines = new LinkedHashMap<>();

    /** One timer for all: to start and stop one for each answer would wake a thread each time. */
    private boolean isTimed;

    RequestDeadline(Handler handler, Duration longest, MonoClock clock, Scheduler scheduler, RejectCounters rejects) {
        super(handler);
        this.longest = longest;
        this.clock = clock;
        this.scheduler = scheduler;
        this.rejects = rejects;
    }

    @Override
    public synchronized void onOpened(Connection connection) {
        deadlines.putLast(connection, clock.now().plus(longest));
        if (!isTimed) {
            time(longest);
        }
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        deadlines.remove(connection);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var connection = request.getConnectionMetaData().getConnection();
        Request.addCompletionListener(request, _ -> answered(connection));
        return super.handle(request, response, callback);
    }

    synchronized void answered(Connection connection) {
        if (deadlines.containsKey(connection)) {
            deadlines.putLast(connection, clock.now().plus(longest));
        }
    }

    private void time(Duration duration) {
        isTimed = true;
        scheduler.schedule(this::end, duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Outside of the lock, because to close a connection calls who listens to it. */
    private void end() {
        for (var connection : overdue()) {
            rejects.count(RejectReason.TOO_SLOW);
            connection.getEndPoint().close();
        }
    }

    private synchronized List<Connection> overdue() {
        var now = clock.now();
        var overdue = new ArrayList<Connection>();
        while (!deadlines.isEmpty() && !now.isBefore(deadlines.firstEntry().getValue())) {
            overdue.add(deadlines.pollFirstEntry().getKey());
        }
        isTimed = false;
        if (!deadlines.isEmpty()) {
            time(now.until(deadlines.firstEntry().getValue()));
        }
        return overdue;
    }
}
