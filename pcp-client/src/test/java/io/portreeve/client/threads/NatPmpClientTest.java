package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ClientSettings;
import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpClient;
import io.portreeve.client.PcpClientException;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.server.PcpServer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client at work with a real server that speaks nothing but NAT-PMP. */
class NatPmpClientTest {
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    private static final Lifetime HOUR = new Lifetime(3600);
    private static final MappingKey KEY = key(Optional.empty(), IpProtocol.TCP, 8080);
    private static final MappingOutcome GRANTED = new MappingOutcome.Granted(new Endpoint(EXTERNAL, 8080), HOUR);

    @TempDir
    private Path folder;

    private static MappingKey key(Optional<PcpAddress> host, IpProtocol protocol, int port) {
        return new MappingKey(host, protocol, port, PcpAddress.ANY_IPV4);
    }

    private PcpServer server(int port, String natPmp) throws Exception {
        return RealServer.start(folder.resolve("server"), port, "nat-pmp = " + natPmp);
    }

    private PcpClient open(int port) throws PcpClientException {
        var settings = new ClientSettings(LOOPBACK, port, folder.resolve("mappings.db"));
        return RunningClient.open(settings, new BootClock(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private static MappingRequest request(MappingKey key, ExternalChoice external) {
        return new MappingRequest(key, "test", external, HOUR);
    }

    /** The deadline only says "hung". */
    private static <T> T await(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    @Proves({"pcp:B-VER-03", "pcp:C-RSP-02"})
    void opensAndReleasesAMapping() throws Exception {
        try (var server = server(0, "only");
                var client = open(server.address().getPort())) {
            assertThat(await(client.map(request(KEY, new ExternalChoice.Preferred(8080)))))
                    .isEqualTo(GRANTED);
            assertThat(server.cgn().table()).hasSize(1);
            assertThat(await(client.release("test", KEY))).isEqualTo(new MappingOutcome.Released());
            assertThat(server.cgn().table()).isEmpty();
        }
    }

    @Test
    void manyAsksAtOnceAllGetTheirAnswer() throws Exception {
        try (var server = server(0, "only");
                var client = open(server.address().getPort())) {
            var answers = IntStream.rangeClosed(1, 100)
                    .mapToObj(port -> key(Optional.empty(), IpProtocol.UDP, port))
                    .map(key -> client.map(request(key, new ExternalChoice.Any())))
                    .toList();
            for (var answer : answers) {
                assertThat(await(answer)).isInstanceOf(MappingOutcome.Granted.class);
            }
        }
    }

    @Test
    void aPortThatAnotherHasIsGivenBack() throws Exception {
        try (var server = server(0, "only");
                var client = open(server.address().getPort())) {
            var first = key(Optional.empty(), IpProtocol.TCP, 8081);
            await(client.map(request(first, new ExternalChoice.Preferred(8080))));
            assertThat(await(client.map(request(KEY, new ExternalChoice.Exactly(8080)))))
                    .isEqualTo(
                            new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), new Lifetime(30)));
            await(client.release("test", first)); // asked for after the port was given back
            assertThat(server.cgn().table()).isEmpty();
        }
    }

    @Test
    void aThirdPartyIsRefused() throws Exception {
        try (var server = server(0, "only");
                var client = open(server.address().getPort())) {
            var host = Optional.of(PcpAddress.parse("192.168.1.10"));
            assertThat(await(client.map(request(key(host, IpProtocol.TCP, 80), new ExternalChoice.Any()))))
                    .isEqualTo(new MappingOutcome.Refused(ResultCode.UNSUPP_VERSION.value(), new Lifetime(1800)));
        }
    }

    @Test
    @Proves("pcp:B-VER-03")
    void aServerThatHasLearntPcpIsAskedByPcp() throws Exception {
        int port;
        var request = request(KEY, new ExternalChoice.Preferred(8080));
        try (var server = server(0, "only")) {
            port = server.address().getPort();
            try (var client = open(port)) {
                assertThat(await(client.map(request))).isEqualTo(GRANTED);
            }
        }
        try (var server = server(port, "off");
                var client = open(port)) {
            assertThat(await(client.map(request))).isEqualTo(GRANTED);
            assertThat(await(client.release("test", KEY))).isEqualTo(new MappingOutcome.Released());
            assertThat(server.cgn().table()).isEmpty();
        }
    }
}
