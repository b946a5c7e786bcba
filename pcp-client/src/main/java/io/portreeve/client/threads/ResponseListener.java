package io.portreeve.client.threads;

import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.net.ServerChannel;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.runtime.Owner;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the server sends and hands it to the schedule manager; what is no response is dropped here. */
final class ResponseListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseListener.class);

    private final ServerChannel channel;
    private final Owner<ClientEvent> scheduleManager;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;

    /** @param onFailure what to do when it can listen no more: a client that hears nothing must not go on */
    ResponseListener(ServerChannel channel, Owner<ClientEvent> scheduleManager, Consumer<Throwable> onFailure) {
        this.channel = channel;
        this.scheduleManager = scheduleManager;
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().name("pcp-response-listener").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            boolean open = true;
            while (open) {
                open = listen();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed and stops: {}", thread.getName(), e, e);
            onFailure.accept(e);
        }
    }

    /** {@return false if the channel is closed} */
    private boolean listen() {
        try {
            switch (PcpDecoder.decodeResponse(channel.receive())) {
                case DecodedResponse.Ok(var response) -> scheduleManager.put(new ClientEvent.Received(response));
                case DecodedResponse.OtherVersion(int version) ->
                    scheduleManager.put(new ClientEvent.OtherVersion(version));
                case DecodedResponse.Drop(var reason) -> LOG.debug("dropped what the server sent: {}", reason);
            }
            return true;
        } catch (ClosedChannelException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("the server cannot be reached: {}", e.getMessage());
            scheduleManager.put(new ClientEvent.Unreachable());
            return true;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("the socket did not close cleanly: {}", e.getMessage());
        }
    }
}
