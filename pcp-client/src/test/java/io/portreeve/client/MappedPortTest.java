package io.portreeve.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MappedPortTest {
    private static final Lifetime HOUR = new Lifetime(3600);
    private static final Endpoint EXTERNAL = new Endpoint(PcpAddress.parse("203.0.114.1"), 4711);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Scripted client = new Scripted();

    /** Answers what the test says. */
    private static final class Scripted implements PcpClient {
        final CompletableFuture<MappingOutcome> answer = new CompletableFuture<>();
        final List<MappingRequest> asked = new ArrayList<>();
        final List<MappingKey> released = new ArrayList<>();
        boolean isClosed;

        @Override
        public CompletableFuture<MappingOutcome> map(MappingRequest request) {
            asked.add(request);
            mustBeOpen();
            return answer;
        }

        @Override
        public CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
            released.add(key);
            mustBeOpen();
            return CompletableFuture.completedFuture(new MappingOutcome.Released());
        }

        private void mustBeOpen() {
            if (isClosed) {
                throw new IllegalStateException("the client is closed");
            }
        }

        @Override
        public CompletableFuture<List<MappingView>> mappings() {
            throw new AssertionError("nobody asked");
        }

        @Override
        public CompletableFuture<List<ServerView>> servers() {
            throw new AssertionError("nobody asked");
        }

        @Override
        public CompletableFuture<AuditReport> audit() {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void listen(Consumer<MappingEvent> listener) {}

        @Override
        public void close() {}
    }

    private static InetSocketAddress port(MappingKey key) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), key.internalPort());
    }

    @Test
    @Proves("pcp:C-REQ-09")
    void thePortIsNobodyElsesBeforeItIsAskedForAndNobodysBeforeItIsMapped() throws Exception {
        var mapped = MappedPort.listen(client, "test", ANY, HOUR);
        var key = client.asked.getFirst().key();
        try (var other = ServerSocketChannel.open()) {
            assertThatThrownBy(() -> other.bind(port(key))).isInstanceOf(BindException.class);
        }
        assertThat(mapped).as("nobody has it who could send from it").isNotDone();
        client.answer.complete(new MappingOutcome.Granted(EXTERNAL, HOUR));
        try (var port = mapped.get()) {
            assertThat(port.external()).isEqualTo(EXTERNAL);
            assertThat(((InetSocketAddress) port.channel().getLocalAddress()).getPort())
                    .isEqualTo(key.internalPort());
        }
        assertThat(client.released).containsExactly(key);
    }

    @Test
    void whatIsNotMappedIsGivenUp() throws Exception {
        var mapped = MappedPort.open(client, "test", ANY, HOUR);
        var key = client.asked.getFirst().key();
        client.answer.complete(new MappingOutcome.Unreachable());
        assertThatThrownBy(mapped::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("Unreachable");
        assertThat(client.released).containsExactly(key);
        try (var other = DatagramChannel.open()) {
            other.bind(port(key)); // it is free again
        }
    }

    @Test
    void aClientThatTakesNoRequestLeavesThePortFree() throws Exception {
        client.isClosed = true;
        assertThatThrownBy(() -> MappedPort.open(client, "test", ANY, HOUR)).isInstanceOf(IllegalStateException.class);
        try (var other = DatagramChannel.open()) {
            other.bind(port(client.asked.getFirst().key()));
        }
    }

    @Test
    void aPortIsFreeThoughItsClientIsClosedMeanwhile() throws Exception {
        var mapped = MappedPort.open(client, "test", ANY, HOUR);
        client.answer.complete(new MappingOutcome.Granted(EXTERNAL, HOUR));
        client.isClosed = true;
        assertThatThrownBy(() -> mapped.get().close()).isInstanceOf(IllegalStateException.class);
        try (var other = DatagramChannel.open()) {
            other.bind(port(client.asked.getFirst().key()));
        }
    }

    @Test
    void aPortThatIsTakenIsNotAskedFor() throws Exception {
        try (var other = ServerSocketChannel.open().bind(ANY)) {
            var taken = (InetSocketAddress) other.getLocalAddress();
            assertThatThrownBy(() -> MappedPort.listen(client, "test", taken, HOUR))
                    .isInstanceOf(BindException.class);
        }
        assertThat(client.asked).isEmpty();
    }
}
