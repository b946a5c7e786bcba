package io.portreeve.client.threads;

import io.portreeve.client.engine.ClientEvent;
import io.portreeve.runtime.Owner;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Takes what applications ask, in order, and hands it to the schedule manager; a flood of asking waits here, not there. */
final class RequestHandler implements AutoCloseable {
    private static final int MAX_WAITING = 1024;

    private final BlockingQueue<ClientEvent> asked = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Owner<ClientEvent> scheduleManager;
    private final Thread thread;

    RequestHandler(Owner<ClientEvent> scheduleManager) {
        this.scheduleManager = scheduleManager;
        thread = Thread.ofPlatform().name("pcp-request-handler").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** {@return false if too much is waiting already} */
    boolean offer(ClientEvent event) {
        return asked.offer(event);
    }

    private void run() {
        try {
            while (true) {
                scheduleManager.put(asked.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
