package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.engine.ClientEngine;
import io.portreeve.client.engine.ClientEvent;
import io.portreeve.client.engine.Effect;
import io.portreeve.client.engine.Mapping;
import io.portreeve.client.net.ServerChannel;
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

    @Test
    void goesOnWhenTheDiskIsFullAndWritesWhatItOwesLater() throws Exception {
        var disk = new FullDisk();
        try (var server = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var channel = ServerChannel.connect((InetSocketAddress) server.getLocalAddress())) {
            var engine =
                    new ClientEngine(channel.source(), List.of(), () -> new MappingNonce(1, 2, 3), Seeds.of(1), NOW);
            var manager = new ScheduleManager(engine, disk, channel, new Tickets(), _ -> {}, () -> {});

            manager.handle(List.of(want(1)), NOW);
            assertThat(server.receive(ByteBuffer.allocate(2048)))
                    .as("the request leaves")
                    .isNotNull();
            assertThat(manager.nextDue()).isEqualTo(NOW.plus(Duration.ofSeconds(1)));

            disk.full = false;
            manager.handle(List.of(), manager.nextDue());
            assertThat(disk.attempts).hasSize(2);
            assertThat(disk.attempts.get(1)).isEqualTo(disk.attempts.get(0));

            manager.handle(List.of(want(2)), NOW.plus(Duration.ofSeconds(2)));
            assertThat(disk.attempts.get(2)).as("nothing is owed any more").hasSize(1);
            assertThat(manager.nextDue()).isEqualTo(engine.nextDue());
        }
    }

    @Test
    void whatTheServerAnsweredWaitsForTheNextCommit() throws Exception {
        var disk = new FullDisk();
        disk.full = false;
        try (var server = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var channel = ServerChannel.connect((InetSocketAddress) server.getLocalAddress())) {
            var engine =
                    new ClientEngine(channel.source(), List.of(), () -> new MappingNonce(1, 2, 3), Seeds.of(1), NOW);
            var tickets = new Tickets();
            for (int ticket = 1; ticket <= 3; ticket++) {
                tickets.forOutcome(_ -> {});
            }
            var manager = new ScheduleManager(engine, disk, channel, tickets, _ -> {}, () -> {});
            manager.handle(List.of(want(1)), NOW);
            assertThat(disk.attempts).as("the nonce, before it is sent").hasSize(1);

            manager.handle(List.of(granted(1)), NOW);
            assertThat(disk.attempts).hasSize(1);
            assertThat(manager.nextDue()).isEqualTo(NOW.plus(Duration.ofSeconds(1)));
            manager.handle(List.of(want(2)), NOW);
            assertThat(disk.attempts.get(1)).as("with the next that is sent").hasSize(2);

            manager.handle(List.of(granted(2)), NOW);
            manager.handle(List.of(), NOW.plus(Duration.ofSeconds(1)));
            assertThat(disk.attempts.get(2)).as("a second later at most").hasSize(1);

            manager.handle(List.of(want(3)), NOW.plus(Duration.ofSeconds(1)));
            manager.handle(List.of(granted(3)), NOW.plus(Duration.ofSeconds(1)));
            manager.storeLast(NOW.plus(Duration.ofSeconds(1)));
            assertThat(disk.attempts.get(4)).as("at the end").hasSize(1);
            manager.storeLast(NOW.plus(Duration.ofSeconds(1)));
            assertThat(disk.attempts).hasSize(5);
        }
    }

    private static ClientEvent granted(int port) {
        return new ClientEvent.Received(new MapResponse(
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
}
