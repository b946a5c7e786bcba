package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Seeds;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two hosts open and close ports as it comes, something breaks in the middle, and in the end all know the same ports again. */
class RandomOutagesIT {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 20 : 1;
    private static final int CALLS = 60;
    private static final int PORTS = 60;
    private static final List<Integer> LEASES = List.of(0, 0, 2, 60);

    private static Chain chain;

    enum Outage {
        SERVER_KILLED,
        GATEWAY_KILLED,
        BOTH_KILLED,
        SERVER_STOPPED,
        CGN_FLUSHED,
        NAT_DELETED
    }

    @BeforeAll
    static void start(@TempDir Path work) throws Exception {
        chain = Chain.translating(work);
    }

    @AfterAll
    static void end() throws Exception {
        chain.close();
    }

    @ParameterizedTest
    @EnumSource
    void allAgreeAfter(Outage outage) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            System.out.println(outage + ", seed " + seed);
            var random = Seeds.of(seed);
            var calls = new AtomicInteger();
            var first = caller("lan", "192.168.1.10", Seeds.of(random.nextLong()), calls);
            var second = caller("lan2", "192.168.1.11", Seeds.of(random.nextLong()), calls);
            int begin = random.nextInt(CALLS);
            while (calls.get() < begin) {
                Thread.onSpinWait();
            }
            bring(outage);
            assertThat(first.get(2, TimeUnit.MINUTES) + second.get(2, TimeUnit.MINUTES))
                    .as("calls that were done as asked")
                    .isPositive();
            chain.agrees();
        }
    }

    private static void bring(Outage outage) throws Exception {
        switch (outage) {
            case SERVER_KILLED -> {
                chain.server().kill();
                chain.startServer();
            }
            case GATEWAY_KILLED -> {
                chain.home().gateway().kill();
                chain.home().startGateway();
            }
            case BOTH_KILLED -> {
                chain.home().gateway().kill();
                chain.server().kill();
                chain.startServer();
                chain.home().startGateway();
            }
            case SERVER_STOPPED -> {
                chain.server().stop();
                chain.home().upnpc("-a", "192.168.1.10", "5000", "5000", "TCP"); // which nobody answers for 4 s
                chain.server().signal("CONT");
            }
            case CGN_FLUSHED ->
                chain.lab().inside("cgn", "nft", "flush", "ruleset").run();
            case NAT_DELETED ->
                chain.lab()
                        .inside("cpe", "nft", "delete", "table", "ip", "portreeve_nat")
                        .run();
        }
    }

    /** {@return how many of a host's calls will have succeeded} */
    private static FutureTask<Integer> caller(
            String host, String address, RandomGenerator random, AtomicInteger calls) {
        var control = URI.create("http://192.168.1.1:49200"
                + chain.home().description().getPath().replace("root.xml", "WANIPConn1/action"));
        var task = new FutureTask<>(() -> {
            int succeeded = 0;
            for (int i = 0; i < CALLS; i++) {
                succeeded += call(chain.lab().host(host), control, body(address, random)) ? 1 : 0;
                calls.incrementAndGet();
            }
            return succeeded;
        });
        Thread.ofVirtual().start(task);
        return task;
    }

    private static String body(String address, RandomGenerator random) {
        int port = 2000 + random.nextInt(PORTS);
        var protocol = random.nextBoolean() ? "TCP" : "UDP";
        var key = "<NewRemoteHost></NewRemoteHost><NewExternalPort>" + port + "</NewExternalPort><NewProtocol>"
                + protocol + "</NewProtocol>";
        return random.nextInt(5) < 2
                ? envelope("DeletePortMapping", key)
                : envelope(
                        "AddPortMapping",
                        key
                                + """
                        <NewInternalPort>%d</NewInternalPort><NewInternalClient>%s</NewInternalClient>\
                        <NewEnabled>1</NewEnabled><NewPortMappingDescription>random</NewPortMappingDescription>\
                        <NewLeaseDuration>%d</NewLeaseDuration>""".formatted(
                                                random.nextBoolean() ? port : 8080,
                                                address,
                                                LEASES.get(random.nextInt(LEASES.size()))));
    }

    private static String envelope(String action, String arguments) {
        return """
                <?xml version="1.0"?>
                <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
                s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
                <u:%1$s xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1">%2$s</u:%1$s></s:Body></s:Envelope>
                """.formatted(action, arguments);
    }

    /** {@return true if the gateway did it} While there is no gateway a control point asks again. */
    private static boolean call(Host host, URI control, String body) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < deadline) {
            try (var connection = host.connect(control.getHost(), control.getPort())) {
                var action = body.contains("AddPortMapping") ? "AddPortMapping" : "DeletePortMapping";
                var request = """
                        POST %s HTTP/1.1\r
                        Host: %s\r
                        Content-Type: text/xml\r
                        SOAPAction: "urn:schemas-upnp-org:service:WANIPConnection:1#%s"\r
                        Content-Length: %d\r
                        Connection: close\r
                        \r
                        %s""".formatted(control.getPath(), control.getAuthority(), action, body.length(), body);
                connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                var answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                return answer.startsWith("HTTP/1.1 200 ");
            } catch (IOException e) {
                // refused or cut: the gateway is being started again
            }
        }
        throw new AssertionError("hung: no gateway answers");
    }
}
