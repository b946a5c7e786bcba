package io.portreeve.igd.hosts;

import io.portreeve.igd.iwf.Departure;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Joining;
import io.portreeve.runtime.MonoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which hosts with entries have not been on the LAN for long, where no DHCP server says who leaves. It looks at the kernel's
 * table of neighbours, and asks no host.
 */
public final class Absences implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Absences.class);

    /** How often it looks while the longest absence lasts. */
    private static final int LOOKS = 24;

    private final ArpTable table;
    private final Silences silences;
    private final Duration pause;
    private final Supplier<Set<PcpAddress>> watched;
    private final HostListener listener;
    private final MonoClock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param table who is there
     * @param longest how long a host may be away
     * @param watched the hosts that have entries
     * @param listener told of every host that has been away for so long, by a thread of its own
     * @param onFailure called once if nothing can be told any more
     */
    public Absences(
            ArpTable table,
            Duration longest,
            Supplier<Set<PcpAddress>> watched,
            HostListener listener,
            MonoClock clock,
            Consumer<Throwable> onFailure) {
        this.table = table;
        silences = new Silences(longest);
        pause = longest.dividedBy(LOOKS);
        this.watched = watched;
        this.listener = listener;
        this.clock = clock;
        thread = Thread.ofPlatform().name("absences").daemon().unstarted(() -> run(onFailure));
    }

    public void start() {
        thread.start();
    }

    private void run(Consumer<Throwable> onFailure) {
        try {
            do {
                look();
            } while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        }
    }

    private void look() {
        try {
            silences.gone(watched.get(), table.hosts(), clock.now())
                    .forEach(host -> listener.hostLeft(host, Departure.ABSENT));
        } catch (IOException e) {
            LOG.warn("{}: who is on the LAN cannot be read: {}", table.file(), e.toString());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Joining.whateverComes(thread);
    }
}
