package io.portreeve.client.threads;

import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.ServerChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the servers send and hands it to the schedule manager; what is no response is dropped here. */
final class ResponseListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseListener.class);

    private final Selector selector;
    private final Consumer<ClientEvent> scheduleManager;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;

    private record Source(ServerAddress server, ServerChannel channel) {}

    /** @param onFailure what to do when it can listen no more: a client that hears nothing must not go on */
    ResponseListener(Consumer<ClientEvent> scheduleManager, Consumer<Throwable> onFailure) throws IOException {
        this.selector = Selector.open();
        this.scheduleManager = scheduleManager;
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().name("pcp-response-listener").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Listens to {@code server} too, until {@code channel} is closed. May be called by any thread. */
    void listen(ServerAddress server, ServerChannel channel) throws IOException {
        channel.register(selector, new Source(server, channel));
        selector.wakeup();
    }

    private void run() {
        try {
            while (true) {
                selector.select(this::ready);
            }
        } catch (ClosedSelectorException e) {
            LOG.debug("{} ends", thread.getName());
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        }
    }

    private void ready(SelectionKey key) {
        var source = (Source) key.attachment();
        try {
            for (var datagram = source.channel().receive();
                    datagram.isPresent();
                    datagram = source.channel().receive()) {
                Datagrams.event(datagram.get(), source.server()).ifPresent(scheduleManager);
            }
        } catch (ClosedChannelException e) {
            LOG.debug("{} is not listened to any more", source.server());
        } catch (IOException e) {
            LOG.debug("{} cannot be reached: {}", source.server(), e.getMessage());
            scheduleManager.accept(new ClientEvent.Unreachable(source.server()));
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("the selector did not close cleanly: {}", e.getMessage());
        }
    }
}
