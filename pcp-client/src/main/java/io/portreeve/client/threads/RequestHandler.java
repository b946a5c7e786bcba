package io.portreeve.client.threads;

import io.portreeve.client.engine.ClientEvent;
import io.portreeve.runtime.Owner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Takes what applications ask, in order, and hands it to the schedule manager; {@link Tickets} bounds what can be wanted. */
final class RequestHandler implements AutoCloseable {
    private final BlockingQueue<ClientEvent> asked = new LinkedBlockingQueue<>();
    private final Owner<ClientEvent> scheduleManager;
    private final Thread thread;

    RequestHandler(Owner<ClientEvent> scheduleManager) {
        this.scheduleManager = scheduleManager;
        thread = Thread.ofPlatform().name("pcp-request-handler").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void put(ClientEvent event) {
        asked.add(event);
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
