package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.engine.ClientEngine;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.engine.ClientPolicy;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.Mapping;
import io.portreeve.client.store.MappingStore;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.storage.StorageException;
import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleManagerTest {
    private static final MonoTime NOW = MonoTime.START.plus(Duration.ofSeconds(100));

    /** Full until a test says otherwise. */
    private static final class FullDisk implements MappingStore {
        final List<List<Effect.Stored>> attempts = new ArrayList<>();
        boolean full = true;

        @Override
        public boolean begin(Duration lately) {
            return false;
        }

        @Override
        public List<Mapping> load(MonoTime now) {
            return List.of();
        }

        @Override
        public void write(List<Effect.Stored> changes, MonoTime now) throws StorageException {
            attempts.add(changes);
            if (full) {
                throw new StorageException("the disk is full", null);
            }
        }

        @Override
        public void close() {}
    }

    private static ClientEvent want(int port) {
        var key = new MappingKey(Optional.empty(), IpProtocol.TCP, port, PcpAddress.ANY_IPV4);
        return new ClientEvent.Want(
                port, new MappingRequest(key, "test", new ExternalChoice.Any(), new Lifetime(3600)));
    }

    /** A manager with its server, at which nobody answers. */
    private static final class Managed implements AutoCloseable {
        final DatagramChannel server =
                DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final ServerAddress address = ServerAddress.at(PcpAddress.parse("127.0.0.1"), port());
        final Tickets tickets = new Tickets();
        final ClientEngine engine =
                new ClientEngine(ClientPolicy.USUAL, List.of(), () -> new MappingNonce(1, 2, 3), Seeds.of(1));
        private final List<ClientEvent> inbox = new ArrayList<>();
        private final ResponseListener listener = new ResponseListener(inbox::add, _ -> {});
        private final Channels channels = new Channels(listener, inbox::add);
        final ScheduleManager manager;

        Managed(MappingStore store) throws IOException {
            manager = new ScheduleManager(engine, store, channels, tickets, _ -> {});
            manager.handle(List.of(new ClientEvent.Servers(List.of(PcpServer.at(address)))), NOW);
            manager.handle(List.copyOf(inbox), NOW);
        }

        private int port() throws IOException {
            return ((InetSocketAddress) server.getLocalAddress()).getPort();
        }

        private ClientEvent granted(int port) {
            return new ClientEvent.Received(
                    address,
                    new MapResponse(
                            ResultCode.SUCCESS.value(),
                            new Lifetime(3600),
                            new EpochTime(100),
                            new MappingNonce(1, 2, 3),
                            IpProtocol.TCP,
                            port,
                            port,
                            PcpAddress.parse("203.0.114.1"),
                            List.of()));
        }

        @Override
        public void close() throws IOException {
            listener.close();
            channels.close();
            server.close();
        }
    }

    @Test
    void goesOnWhenTheDiskIsFullAndWritesWhatItOwesLater() throws Exception {
        var disk = new FullDisk();
        try (var managed = new Managed(disk)) {
            var manager = managed.manager;
            manager.handle(List.of(want(1)), NOW);
            assertThat(managed.server.receive(ByteBuffer.allocate(2048)))
                    .as("the request leaves")
                    .isNotNull();
            assertThat(manager.nextDue()).isEqualTo(NOW.plus(Duration.ofSeconds(1)));

            disk.full = false;
            manager.handle(List.of(), manager.nextDue());
            assertThat(disk.attempts).hasSize(2);
            assertThat(disk.attempts.get(1)).isEqualTo(disk.attempts.get(0));

            manager.handle(List.of(want(2)), NOW.plus(Duration.ofSeconds(2)));
            assertThat(disk.attempts.get(2)).as("nothing is owed any more").hasSize(1);
            assertThat(manager.nextDue()).isEqualTo(managed.engine.nextDue());
        }
    }

    @Test
    void whatTheServerAnsweredWaitsForTheNextCommit() throws Exception {
        var disk = new FullDisk();
        disk.full = false;
        try (var managed = new Managed(disk)) {
            for (int ticket = 1; ticket <= 3; ticket++) {
                managed.tickets.forMapping(_ -> {});
            }
            var manager = managed.manager;
            manager.handle(List.of(want(1)), NOW);
            assertThat(disk.attempts).as("the nonce, before it is sent").hasSize(1);

            manager.handle(List.of(managed.granted(1)), NOW);
            assertThat(disk.attempts).hasSize(1);
            assertThat(manager.nextDue()).isEqualTo(NOW.plus(Duration.ofSeconds(1)));
            manager.handle(List.of(want(2)), NOW);
            assertThat(disk.attempts.get(1)).as("with the next that is sent").hasSize(2);

            manager.handle(List.of(managed.granted(2)), NOW);
            manager.handle(List.of(), NOW.plus(Duration.ofSeconds(1)));
            assertThat(disk.attempts.get(2)).as("a second later at most").hasSize(1);

            manager.handle(List.of(want(3)), NOW.plus(Duration.ofSeconds(1)));
            manager.handle(List.of(managed.granted(3)), NOW.plus(Duration.ofSeconds(1)));
            manager.storeLast(NOW.plus(Duration.ofSeconds(1)));
            assertThat(disk.attempts.get(4)).as("at the end").hasSize(1);
            manager.storeLast(NOW.plus(Duration.ofSeconds(1)));
            assertThat(disk.attempts).hasSize(5);
        }
    }

    /** No server is asked to delete a mapping to one peer, so nothing is sent, and nothing but the disk remembers. */
    @Test
    void whatIsReleasedWithoutARequestIsOnDiskBeforeThatIsTold() throws Exception {
        var disk = new FullDisk();
        disk.full = false;
        try (var managed = new Managed(disk)) {
            managed.tickets.forMapping(_ -> {});
            var released = managed.tickets.forRelease(_ -> {});
            managed.manager.handle(List.of(new ClientEvent.Want(1, toOnePeer())), NOW);
            assertThat(disk.attempts).as("the nonce, before it is sent").hasSize(1);

            var key = toOnePeer().key();
            managed.manager.handle(List.of(new ClientEvent.Release(2, "test", key)), NOW);
            assertThat(released).isCompletedWithValue(new MappingOutcome.Released());
            assertThat(disk.attempts)
                    .as("a client that crashes now must not take it up again")
                    .hasSize(2);
            assertThat(disk.attempts.getLast()).hasOnlyElementsOfType(Effect.Erase.class);
        }
    }

    private static MappingRequest toOnePeer() {
        var peer = new Endpoint(PcpAddress.parse("198.51.100.10"), 443);
        var key = new MappingKey(Optional.empty(), IpProtocol.TCP, 9, PcpAddress.ANY_IPV4, Optional.of(peer));
        return new MappingRequest(key, "test", new ExternalChoice.Any(), new Lifetime(3600));
    }

    @Test
    void whatIsAskedByNatPmpIsOnDiskBeforeToo() throws Exception {
        var disk = new FullDisk();
        disk.full = false;
        try (var managed = new Managed(disk)) {
            for (int ticket = 1; ticket <= 2; ticket++) {
                managed.tickets.forMapping(_ -> {});
            }
            var manager = managed.manager;
            manager.handle(List.of(want(1)), NOW);
            manager.handle(List.of(want(2)), NOW);
            manager.handle(List.of(managed.granted(1)), NOW);
            assertThat(disk.attempts).hasSize(2);
            var noPcp = new ClientEvent.OtherVersion(managed.address, 0, new Lifetime(1800));
            manager.handle(List.of(noPcp), NOW);
            assertThat(disk.attempts).hasSize(3);

            var datagram = ByteBuffer.allocate(2048);
            for (int i = 0; i < 3; i++) {
                managed.server.receive(datagram.clear());
            }
            assertThat(datagram.flip()).as("the external address is asked for").isEqualTo(ByteBuffer.wrap(new byte[2]));
        }
    }
}
