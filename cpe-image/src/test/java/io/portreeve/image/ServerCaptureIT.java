package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.PcpEncoder;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server says it heard and said, as Wireshark reads it: here nobody else was on the line. */
class ServerCaptureIT {
    private static final String IPV4 = "127.0.0.1";
    private static final String IPV6 = "::1";
    private static final String GOOD = "1";

    @TempDir
    private Path work;

    @Test
    void isACaptureLikeAnyOther() throws Exception {
        var configuration = Files.writeString(work.resolve("server.conf"), """
                listen = %s, %s
                port = 0
                pool = 203.0.114.1
                state-dir = %s/state
                """.formatted(IPV4, IPV6, work));
        var file = work.resolve("all.pcap").toString();
        var control = work.resolve("state/control.sock").toString();
        int ipv4;
        int ipv6;
        try (var server = Running.start(
                Command.of(Chain.program("pcp-server-sim"), "serve", "--config", configuration.toString()))) {
            var ready = server.await("ready: ");
            ipv4 = port(ready, "127\\.0\\.0\\.1:(\\d+)");
            ipv6 = port(ready, "\\[.*]:(\\d+)");
            try (var capture =
                    Running.start(Command.of(Chain.program("pcp-server-sim"), "capture", "--control", control, file))) {
                capture.await("it captures; 0 datagrams");
                ask(IPV4, ipv4, map());
                ask(IPV6, ipv6, new AnnounceRequest(PcpAddress.parse(IPV6)));
                capture.signal("INT");
                capture.await(" datagrams in " + file);
            }
        }

        var asPcp = List.of("-d", "udp.port==" + ipv4 + ",portcontrol", "-d", "udp.port==" + ipv6 + ",portcontrol");
        assertThat(tshark(file, asPcp, "-Y", "_ws.malformed || _ws.expert")).isEmpty();
        assertThat(packets(file, asPcp))
                .containsExactly(
                        List.of(IPV4, "", GOOD, GOOD, "1", "", "8080"),
                        List.of(IPV4, "", GOOD, GOOD, "1", "0", "8080"),
                        List.of("", IPV6, "", GOOD, "0", "", ""),
                        List.of("", IPV6, "", GOOD, "0", "0", ""));
    }

    private static int port(String ready, String pattern) {
        var match = Pattern.compile(pattern).matcher(ready);
        assertThat(match.find()).as(ready).isTrue();
        return Integer.parseInt(match.group(1));
    }

    private static MapRequest map() {
        return new MapRequest(
                new Lifetime(3600),
                PcpAddress.parse(IPV4),
                new MappingNonce(1, 2, 3),
                IpProtocol.TCP,
                8080,
                0,
                PcpAddress.ANY_IPV4,
                List.of());
    }

    private static void ask(String server, int port, PcpRequest request) throws Exception {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(60_000);
            var octets = PcpEncoder.encode(request);
            socket.send(new DatagramPacket(octets, octets.length, new InetSocketAddress(server, port)));
            socket.receive(new DatagramPacket(new byte[1100], 1100));
        }
    }

    /**
     * {@return of each packet between client and server: addresses, whether the checksums are right, opcode, result and
     * internal port; a server's announcements go to others}
     */
    private static List<List<String>> packets(String file, List<String> asPcp) throws Exception {
        var fields = Stream.of(
                        "ip.src",
                        "ipv6.src",
                        "ip.checksum.status",
                        "udp.checksum.status",
                        "portcontrol.opcode",
                        "portcontrol.result_code",
                        "portcontrol.map.internal_port")
                .flatMap(name -> Stream.of("-e", name));
        var options = Stream.of(
                "-Y",
                "!(udp.port == 5350)",
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "udp.check_checksum:TRUE",
                "-T",
                "fields",
                "-E",
                "separator=|",
                "-E",
                "occurrence=f");
        return tshark(file, asPcp, Stream.concat(options, fields).toArray(String[]::new))
                .lines()
                .map(line -> List.of(line.split("\\|", -1)))
                .toList();
    }

    private static String tshark(String file, List<String> asPcp, String... options) throws Exception {
        var words = Stream.of(Stream.of("tshark", "-n", "-r", file), asPcp.stream(), Stream.of(options))
                .flatMap(it -> it);
        return Command.of(words.toArray(String[]::new)).succeed();
    }
}
