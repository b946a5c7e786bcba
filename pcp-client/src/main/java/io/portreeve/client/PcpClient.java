package io.portreeve.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Keeps mappings open at a PCP server. All methods return at once and may be called by any thread.
 *
 * <p>{@code io.portreeve.client.threads.RunningClient} is the one that talks to a server.
 */
public interface PcpClient extends AutoCloseable {

    /** Wants a mapping, or wants it otherwise than before. {@return the first thing known of it} */
    CompletableFuture<MappingOutcome> map(MappingRequest request);

    /** Wants a mapping of {@code owner} no more. {@return when the server has deleted it, or why it has not} */
    CompletableFuture<MappingOutcome> release(String owner, MappingKey key);

    /** {@return all mappings that are wanted, those of other owners included} */
    CompletableFuture<List<MappingView>> mappings();

    /** {@return the servers, and what they can do} */
    CompletableFuture<List<ServerView>> servers();

    /** Asks the servers what they have, and repairs what differs. {@return what differed} */
    CompletableFuture<AuditReport> audit();

    /** Calls {@code listener} for each event from now on, in order, on the client's own thread: it must not block. */
    void listen(Consumer<MappingEvent> listener);

    /** Ends the client's threads. Mappings stay at the server, and in the store for the next start. */
    @Override
    void close();
}
