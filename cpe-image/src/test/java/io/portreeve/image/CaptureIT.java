package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import io.portreeve.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the line to the provider, as Wireshark reads it. */
class CaptureIT {
    private static final String MAP = "1";
    private static final String TCP = "6";
    private static final String THIRD_PARTY = "1";

    /** What control points call their entries is for the provider too. */
    private static final String ALL_OPTIONS = "1,2,128";

    /** The gateway knows it from what is open already, and suggests it. */
    private static final String EXTERNAL = "::ffff:203.0.114.1";

    private static final String ANY_IPV4 = "::ffff:0.0.0.0";

    /** A field that a packet does not have is empty. */
    private record Packet(
            boolean isRequest,
            String opcode,
            String result,
            String requestedLifetime,
            String lifetime,
            String nonce,
            String protocol,
            String internalPort,
            String suggestedPort,
            String suggestedAddress,
            String assignedPort,
            String assignedAddress,
            String options,
            String thirdParty) {
        private static final List<String> FIELDS = List.of(
                "udp.dstport",
                "portcontrol.opcode",
                "portcontrol.result_code",
                "portcontrol.lifetime_req",
                "portcontrol.lifetime_rsp",
                "portcontrol.map.nonce",
                "portcontrol.map.protocol",
                "portcontrol.map.internal_port",
                "portcontrol.map.req_sug_external_port",
                "portcontrol.map.req_sug_external_ip",
                "portcontrol.map.rsp_assigned_external_port",
                "portcontrol.map.rsp_assigned_ext_ip",
                "portcontrol.option.code",
                "portcontrol.option.third_party.internal_ip");

        static Packet of(String line) {
            var it = List.of(line.split("\\|", -1)).iterator();
            return new Packet(
                    it.next().equals("5351"),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next(),
                    it.next());
        }

        boolean answersDelete() {
            return !isRequest && lifetime.equals("0");
        }
    }

    @TempDir
    private Path work;

    @Test
    @Proves({"igd:I-IWFP-02", "igd:I-IWFP-04", "igd:I-IWFL-01", "igd:I-IWFM-07", "pcp:I-05"})
    void aPortIsOpenedAndClosedByTheBook() throws Exception {
        var file = work.resolve("pcp.pcapng").toString();
        try (var chain = Chain.routing(work)) {
            // While a port is open the gateway needs no mapping of its own, so the capture holds what we ask for alone.
            chain.home().upnpcSucceeds("-a", "192.168.1.10", "3074", "3074", "UDP");
            chain.server().await("delete UDP 9 -> SUCCESS");
            // a server that starts for the first time announces itself for two minutes, to port 5350
            var exchange = "udp port 5351 and not port 5350";
            var capture = chain.lab().inside("cgn", "dumpcap", "-i", "access0", "-f", exchange, "-w", file);
            try (var dumpcap = Running.start(capture)) {
                dumpcap.await("File: ");
                chain.home().upnpcSucceeds("-a", "192.168.1.10", "80", "8080", "TCP");
                chain.home().upnpcSucceeds("-a", "192.168.1.10", "81", "8081", "TCP", "3600");
                chain.home().upnpcSucceeds("-d", "8080", "TCP");
                awaitDelete(file);
            }
        }

        assertThat(tshark(file, "-Y", "_ws.malformed || _ws.expert").output()).isEmpty();
        var packets = packets(file).stream().distinct().toList(); // a repeated request is the same packet
        var open = packets.getFirst();
        assertThat(packets)
                .containsExactly(
                        request("4294967295", open.nonce, "80", "8080", ALL_OPTIONS),
                        success("86400", open.nonce, "80", "8080", ALL_OPTIONS),
                        request("3600", packets.get(2).nonce, "81", "8081", ALL_OPTIONS),
                        success("3600", packets.get(2).nonce, "81", "8081", ALL_OPTIONS),
                        request("0", open.nonce, "80", "0", THIRD_PARTY),
                        success("0", open.nonce, "80", "0", THIRD_PARTY));
        assertThat(open.nonce).isNotEqualTo(packets.get(2).nonce);
    }

    private static Packet request(String lifetime, String nonce, String port, String suggested, String options) {
        var address = suggested.equals("0") ? ANY_IPV4 : EXTERNAL;
        return new Packet(
                true,
                MAP,
                "",
                lifetime,
                "",
                nonce,
                TCP,
                port,
                suggested,
                address,
                "",
                "",
                options,
                "::ffff:192.168.1.10");
    }

    private static Packet success(String lifetime, String nonce, String port, String assigned, String options) {
        var address = assigned.equals("0") ? ANY_IPV4 : EXTERNAL;
        return new Packet(
                false,
                MAP,
                "0",
                "",
                lifetime,
                nonce,
                TCP,
                port,
                "",
                "",
                assigned,
                address,
                options,
                "::ffff:192.168.1.10");
    }

    /** dumpcap writes to its file a little later than it sees. */
    private static void awaitDelete(String file) throws Exception {
        Await.until(
                "the answer to the delete is in the capture",
                () -> packets(file).stream().anyMatch(Packet::answersDelete));
    }

    private static List<Packet> packets(String file) throws Exception {
        var fields = Packet.FIELDS.stream().flatMap(name -> Stream.of("-e", name));
        var options = Stream.concat(Stream.of("-T", "fields", "-E", "separator=|"), fields);
        return tshark(file, options.toArray(String[]::new))
                .output()
                .lines()
                .map(Packet::of)
                .toList();
    }

    private static Command.Result tshark(String file, String... options) throws Exception {
        return Command.of(Stream.concat(Stream.of("tshark", "-n", "-r", file), Stream.of(options))
                        .toArray(String[]::new))
                .run();
    }
}
