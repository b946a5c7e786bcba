package io.portreeve.igd.gateway;

import io.portreeve.igd.iwf.AuditRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of entries and of wishes for them: to the log, to those who listen, and the last of it for those who ask. */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int KEPT = 256;

    /** What happened when. */
    public record Line(Instant at, AuditRecord entry) {}

    private final InstantSource date;
    private final Deque<Line> last = new ArrayDeque<>();
    private final List<Consumer<Line>> listeners = new ArrayList<>();

    Journal(InstantSource date) {
        this.date = date;
    }

    synchronized void add(AuditRecord entry) {
        LOG.info("{}", entry);
        var line = new Line(date.instant(), entry);
        last.addLast(line);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
        listeners.forEach(listener -> listener.accept(line));
    }

    /** Tells {@code listener} what is still known, and then each line that follows. */
    public synchronized void listen(Consumer<Line> listener) {
        last.forEach(listener);
        listeners.add(listener);
    }

    /** {@return the last lines, the oldest first} */
    public synchronized List<Line> last() {
        return List.copyOf(last);
    }
}
