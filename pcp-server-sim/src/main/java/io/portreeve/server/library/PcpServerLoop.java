package io.portreeve.server.library;

import io.portreeve.runtime.Joining;
import io.portreeve.runtime.MonoClock;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library as the master: it has the loop, and the CGN is called. */
public final class PcpServerLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PcpServerLoop.class);

    private final CgnModule cgn;
    private final PcpLibrary library;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    private PcpServerLoop(CgnModule cgn, PcpLibrary library) {
        this.cgn = cgn;
        this.library = library;
        thread = Thread.ofPlatform().name("pcp-library").unstarted(this::run);
    }

    /**
     * Starts {@code cgn} and serves its clients until {@link #close}.
     *
     * @param words each {@code key=value}: those of {@link LibrarySettings#of} and those that {@code cgn} asks for
     * @throws SettingsException if the words cannot be used; then nothing runs
     */
    public static PcpServerLoop start(CgnModule cgn, List<String> words, MonoClock clock) throws SettingsException {
        var settings = new Settings("command line", words);
        var known = LibrarySettings.of(settings);
        var methods = cgn.init(settings);
        try {
            settings.rejectUnknown();
        } catch (SettingsException e) {
            cgn.close();
            throw e;
        }
        var library = new PcpLibrary(known, methods, clock);
        cgn.register(library);
        var loop = new PcpServerLoop(cgn, library);
        loop.thread.start();
        return loop;
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                if (!serves()) {
                    rest();
                }
            }
        } finally {
            library.close();
            cgn.close();
        }
    }

    private boolean serves() {
        try {
            return library.runOnce();
        } catch (RuntimeException e) {
            LOG.error("a request was lost: {}", e, e);
            return false;
        }
    }

    /** The network may be down: asking again at once would only keep the processor busy. */
    private void rest() {
        try {
            closing.await(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("{} need not rest", thread.getName());
        }
    }

    /**
     * Ends the loop after the request it is at, and then the CGN. A method of the CGN may call this too: it does not wait for
     * its own end then.
     */
    @Override
    public void close() {
        closing.countDown();
        if (Thread.currentThread() != thread) {
            thread.interrupt();
            Joining.whateverComes(thread);
        }
    }
}
