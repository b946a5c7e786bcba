package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpClient;
import io.portreeve.client.PcpClientException;
import io.portreeve.client.net.ServerChannel;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.server.PcpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningClientTest {
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");
    private static final MappingKey KEY = new MappingKey(Optional.empty(), IpProtocol.TCP, 8080, PcpAddress.ANY_IPV4);
    private static final MappingOutcome GRANTED =
            new MappingOutcome.Granted(new Endpoint(PcpAddress.parse("203.0.114.1"), 8080), new Lifetime(7200));

    @TempDir
    private Path folder;

    private PcpClient open(int port) throws PcpClientException {
        return open(port, "mappings.db");
    }

    private PcpClient open(int port, String store) throws PcpClientException {
        var settings = new ClientSettings(LOOPBACK, port, folder.resolve(store));
        return RunningClient.open(settings, new BootClock(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private PcpServer server(int port) throws Exception {
        return RealServer.start(folder.resolve("server"), port);
    }

    private static MappingRequest request(MappingKey key) {
        return new MappingRequest(
                key, "test", new ExternalChoice.Preferred(key.internalPort() == 8080 ? 8080 : 0), new Lifetime(7200));
    }

    /** The deadline only says "hung". */
    private static <T> T await(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    @Proves({"pcp:M-01", "pcp:C-REQ-02"})
    void opensListsAndReleasesAMapping() throws Exception {
        try (var server = server(0);
                var client = open(server.address().getPort())) {
            assertThat(await(client.map(request(KEY)))).isEqualTo(GRANTED);
            assertThat(await(client.mappings()))
                    .hasSize(1)
                    .allMatch(view -> view.state().equals("MAPPED"));
            assertThat(server.cgn().table()).hasSize(1);
            assertThat(await(client.release("test", KEY))).isEqualTo(new MappingOutcome.Released());
            assertThat(await(client.mappings())).isEmpty();
            assertThat(server.cgn().table()).isEmpty();
        }
    }

    @Test
    void manyAsksAtOnceAllGetTheirAnswer() throws Exception {
        try (var server = server(0);
                var client = open(server.address().getPort())) {
            var answers = IntStream.rangeClosed(1, 200)
                    .mapToObj(port -> client.map(
                            request(new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4))))
                    .toList();
            for (var answer : answers) {
                assertThat(await(answer)).isInstanceOf(MappingOutcome.Granted.class);
            }
        }
    }

    @Test
    @Proves({"pcp:B-NON-03", "pcp:F-23-01"})
    void afterARestartItStillControlsTheMapping() throws Exception {
        try (var server = server(0)) {
            try (var client = open(server.address().getPort())) {
                await(client.map(request(KEY)));
            }
            try (var client = open(server.address().getPort())) {
                assertThat(await(client.mappings()))
                        .hasSize(1)
                        .allMatch(view -> view.external().orElseThrow().port() == 8080);
                assertThat(await(client.release("test", KEY)))
                        .as("the server compares the nonce")
                        .isEqualTo(new MappingOutcome.Released());
                assertThat(server.cgn().table()).isEmpty();
            }
        }
    }

    @Test
    void theMappingSurvivesTheServersRestart() throws Exception {
        int port;
        try (var server = server(0)) {
            port = server.address().getPort();
            try (var client = open(port)) {
                await(client.map(request(KEY)));
            }
        }
        try (var server = server(port);
                var client = open(port)) {
            assertThat(server.restored()).isEqualTo(1);
            assertThat(await(client.map(request(KEY)))).isEqualTo(GRANTED);
        }
    }

    @Test
    @Proves("pcp:M-04")
    void tellsThatNobodyListens() throws Exception {
        int closed = freePort();
        try (var client = open(closed)) {
            assertThat(await(client.map(request(KEY)))).isEqualTo(new MappingOutcome.Unreachable());
        }
    }

    private static int freePort() throws IOException {
        try (var channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    @Test
    void aSecondClientOnTheSameStoreIsRefusedInOneLine() throws Exception {
        try (var server = server(0);
                var first = open(server.address().getPort())) {
            assertThatThrownBy(() -> open(server.address().getPort()))
                    .isInstanceOf(PcpClientException.class)
                    .hasMessageContaining("another program has it open")
                    .hasMessageNotContaining("\n");
            assertThat(await(first.map(request(KEY))))
                    .as("the first is undisturbed")
                    .isEqualTo(GRANTED);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("mappings.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aDamagedStoreIsToldInOneLineAndLetGo() throws Exception {
        try (var server = server(0)) {
            try (var client = open(server.address().getPort())) {
                await(client.map(request(KEY)));
            }
            execute("UPDATE mapping SET nonce = 'scratched'");
            assertThatThrownBy(() -> open(server.address().getPort()))
                    .isInstanceOf(PcpClientException.class)
                    .hasMessageContaining("is damaged")
                    .hasMessageNotContaining("\n");
            execute("DELETE FROM mapping");
            try (var client = open(server.address().getPort())) {
                assertThat(await(client.mappings())).isEmpty();
            }
        }
    }

    @Test
    void whoStillWaitsWhenItClosesIsToldSo() throws Exception {
        try (var silent = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var client = open(((InetSocketAddress) silent.getLocalAddress()).getPort());
            var answer = client.map(request(KEY));
            client.close();
            assertThat(answer).isCancelled();
        }
    }

    @Test
    @Proves("pcp:C-REQ-03")
    void everyStartSendsFromAnotherPort() throws Exception {
        var ports = new HashSet<Integer>();
        try (var server = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var target = (InetSocketAddress) server.getLocalAddress();
            for (int i = 0; i < 20; i++) {
                try (var channel = ServerChannel.connect(target)) {
                    channel.send(new byte[] {2});
                    ports.add(((InetSocketAddress) server.receive(ByteBuffer.allocate(8))).getPort());
                }
            }
        }
        assertThat(ports).as("the kernel may give a port twice").hasSizeGreaterThan(15);
        assertThat(List.copyOf(ports)).doesNotContain(5350, 5351);
    }

    @Test
    @Proves({"pcp:F-22-03", "pcp:C-ERR-04"})
    void twoClientsOfOneHostLeaveEachOthersMappingsAlone() throws Exception {
        var its = new MappingKey(Optional.empty(), IpProtocol.TCP, 9090, PcpAddress.ANY_IPV4);
        try (var server = server(0);
                var one = open(server.address().getPort());
                var other = open(server.address().getPort(), "other.db")) {
            await(one.map(request(KEY)));
            await(other.map(request(its)));
            assertThat(await(other.map(request(KEY))))
                    .isInstanceOfSatisfying(
                            MappingOutcome.Refused.class,
                            refused -> assertThat(refused.result()).isEqualTo(ResultCode.NOT_AUTHORIZED.value()));
            await(other.release("test", KEY));
            await(other.release("test", its));
            assertThat(server.cgn().table())
                    .extracting(entry -> entry.mapping().internal().port())
                    .containsExactly(8080);
            assertThat(await(one.release("test", KEY))).isEqualTo(new MappingOutcome.Released());
            assertThat(server.cgn().table()).isEmpty();
        }
    }

    @Test
    @Proves("pcp:B-NON-01")
    void eachBitOfANonceIsRandom() throws Exception {
        var nonces = new HashSet<BigInteger>();
        try (var server = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var client = open(((InetSocketAddress) server.getLocalAddress()).getPort())) {
            for (int port = 1; port <= 100; port++) {
                client.map(request(new MappingKey(Optional.empty(), IpProtocol.UDP, port, PcpAddress.ANY_IPV4)));
            }
            while (nonces.size() < 100) {
                nonces.add(nonce(server));
            }
        }
        for (int i = 0; i < 96; i++) {
            int bit = i;
            assertThat(nonces.stream().filter(it -> it.testBit(bit)).count())
                    .as("bit " + bit)
                    .isBetween(5L, 95L);
        }
    }

    /** The 12 octets that follow the header of a MAP. */
    private static BigInteger nonce(DatagramChannel server) throws IOException {
        var request = ByteBuffer.allocate(1100);
        server.receive(request);
        return new BigInteger(Arrays.copyOfRange(request.array(), 24, 36));
    }
}
