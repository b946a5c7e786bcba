package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wireshark's dissector, which knows nothing of our code, reads the golden datagrams as we do. */
class TsharkTest {
    private static final List<String> FIELDS = List.of(
            "_ws.malformed",
            "_ws.expert.message",
            "portcontrol.version",
            "portcontrol.r",
            "portcontrol.opcode",
            "portcontrol.result_code",
            "portcontrol.lifetime_req",
            "portcontrol.lifetime_rsp",
            "portcontrol.epoch_time",
            "portcontrol.client_ip",
            "portcontrol.map.nonce",
            "portcontrol.map.protocol",
            "portcontrol.map.internal_port",
            "portcontrol.map.req_sug_external_port",
            "portcontrol.map.req_sug_external_ip",
            "portcontrol.map.rsp_assigned_external_port",
            "portcontrol.map.rsp_assigned_ext_ip",
            "portcontrol.peer.nonce",
            "portcontrol.peer.protocol",
            "portcontrol.peer.internal_port",
            "portcontrol.peer.req_sug_external_port",
            "portcontrol.peer.req_sug_external_ip",
            "portcontrol.peer.remote_peer_port",
            "portcontrol.peer.remote_peer_ip",
            "portcontrol.peer.rsp_assigned_external_port",
            "portcontrol.peer.rsp_assigned_ext_ip",
            "portcontrol.option.code",
            "portcontrol.option.third_party.internal_ip",
            "portcontrol.option.filter.prefix_length",
            "portcontrol.option.filter.remote_peer_port",
            "portcontrol.option.filter.remote_peer_ip",
            "portcontrol.option.description",
            "portcontrol.option.p64.length",
            "portcontrol.option.p64.prefix64",
            "portcontrol.option.p64.suffix",
            "portcontrol.option.p64.ipv4_prefix_length",
            "portcontrol.option.p64.ipv4_address",
            "portcontrol.option.portset.size",
            "portcontrol.option.portset.req_sug_first_external_port",
            "portcontrol.option.portset.rsp_assigned_first_external_port",
            "portcontrol.option.portset.parity");

    /** The dissector knows the opcodes of RFC 6887 only. */
    private static final Set<String> NOT_OF_THE_RFC = Set.of("V28", "V29", "V30", "V31", "V32");

    @TempDir
    private Path folder;

    @Test
    void readsTheGoldenDatagramsAsWeDo() throws Exception {
        var rows = Stream.of(Golden.requests(), Golden.answers(), Golden.errors(), Stream.of(Golden.versionError()))
                .flatMap(part -> part)
                .filter(row -> !NOT_OF_THE_RFC.contains(row.vector()))
                .sorted(Comparator.comparing(Golden.Row::vector))
                .toList();
        var datagrams = rows.stream().map(row -> Vectors.of(row.vector())).toList();
        var capture = Files.write(folder.resolve("golden.pcap"), Pcap.of(datagrams));

        var lines = tshark(capture);
        assertThat(lines).hasSameSizeAs(rows).hasSize(24);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(seen(lines.get(i)))
                    .as(rows.get(i).vector())
                    .isEqualTo(expected(rows.get(i).message()));
        }
    }

    /** {@return the fields that tshark must find, and no others} Above all nothing malformed. */
    private static Map<String, String> expected(PcpMessage message) {
        var fields = new TreeMap<String, String>();
        fields.put("version", "2");
        switch (message) {
            case AnnounceRequest announce -> {
                put(fields, "r", 0, "opcode", 0, "lifetime_req", 0, "client_ip", announce.client());
                putOptions(fields, announce.options());
            }
            case AnnounceResponse(int result, var epoch, var options) -> {
                put(fields, "r", 1, "opcode", 0, "result_code", result);
                put(fields, "lifetime_rsp", 0, "epoch_time", epoch.seconds());
                putOptions(fields, options);
            }
            case MapRequest map -> {
                put(fields, "r", 0, "opcode", 1);
                put(fields, "lifetime_req", map.lifetime().seconds(), "client_ip", map.client());
                putMapping(fields, "map", map.nonce(), map.protocol(), map.internalPort());
                put(fields, "map.req_sug_external_port", map.suggestedPort());
                put(fields, "map.req_sug_external_ip", map.suggestedAddress());
                putOptions(fields, map.options());
            }
            case MapResponse map -> {
                put(fields, "r", 1, "opcode", 1, "result_code", map.result());
                put(fields, "lifetime_rsp", map.lifetime().seconds());
                put(fields, "epoch_time", map.epoch().seconds());
                putMapping(fields, "map", map.nonce(), map.protocol(), map.internalPort());
                put(fields, "map.rsp_assigned_external_port", map.assignedPort());
                put(fields, "map.rsp_assigned_ext_ip", map.assignedAddress());
                putOptions(fields, map.options());
            }
            case PeerRequest peer -> {
                put(fields, "r", 0, "opcode", 2);
                put(fields, "lifetime_req", peer.lifetime().seconds(), "client_ip", peer.client());
                putMapping(fields, "peer", peer.nonce(), peer.protocol(), peer.internalPort());
                put(fields, "peer.req_sug_external_port", peer.suggestedPort());
                put(fields, "peer.req_sug_external_ip", peer.suggestedAddress());
                put(fields, "peer.remote_peer_port", peer.remotePort(), "peer.remote_peer_ip", peer.remoteAddress());
                putOptions(fields, peer.options());
            }
            case PeerResponse peer -> {
                put(fields, "r", 1, "opcode", 2, "result_code", peer.result());
                put(fields, "lifetime_rsp", peer.lifetime().seconds());
                put(fields, "epoch_time", peer.epoch().seconds());
                putMapping(fields, "peer", peer.nonce(), peer.protocol(), peer.internalPort());
                put(fields, "peer.rsp_assigned_external_port", peer.assignedPort());
                put(fields, "peer.rsp_assigned_ext_ip", peer.assignedAddress());
                put(fields, "peer.remote_peer_port", peer.remotePort(), "peer.remote_peer_ip", peer.remoteAddress());
                putOptions(fields, peer.options());
            }
            case GetRequest _, GetResponse _ -> throw new AssertionError("tshark does not know GET");
        }
        return fields;
    }

    private static void putMapping(
            Map<String, String> fields, String opcode, MappingNonce nonce, IpProtocol protocol, int port) {
        put(fields, opcode + ".nonce", nonce, opcode + ".protocol", protocol.number());
        put(fields, opcode + ".internal_port", port);
    }

    private static void put(Map<String, String> fields, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
    }

    private static void putOptions(Map<String, String> fields, List<PcpOption> options) {
        for (var option : options) {
            append(fields, "option.code", option.code());
            switch (option) {
                case PcpOption.ThirdParty(var internal) -> put(fields, "option.third_party.internal_ip", internal);
                case PcpOption.PreferFailure(),
                        PcpOption.PortReservation() -> {} // nor does it mind an unknown one without data
                case PcpOption.Filter(int prefixLength, int port, var remote) -> {
                    append(fields, "option.filter.prefix_length", prefixLength);
                    append(fields, "option.filter.remote_peer_port", port);
                    append(fields, "option.filter.remote_peer_ip", remote);
                }
                case PcpOption.Description(var text) -> put(fields, "option.description", text);
                case PcpOption.PortSet(int size, int first, boolean parity) -> {
                    put(fields, "option.portset.size", size, "option.portset.parity", parity ? 1 : 0);
                    // what the dissector calls external is the first internal port
                    put(fields, "option.portset.%s_first_external_port".formatted(direction(fields)), first);
                }
                case PcpOption.Prefix64 prefix -> putPrefix(fields, prefix);
                case PcpOption.ThirdPartyId _,
                        PcpOption.NextRequest _,
                        PcpOption.NextMapping _,
                        PcpOption.DisclosedNonce _,
                        PcpOption.Unknown _ -> put(fields, "_ws.expert.message", "Unknown option: " + option.code());
            }
        }
    }

    private static String direction(Map<String, String> fields) {
        return fields.get("r").equals("0") ? "req_sug" : "rsp_assigned";
    }

    private static void append(Map<String, String> fields, String name, Object value) {
        fields.merge(name, value.toString(), (before, next) -> before + "," + next);
    }

    private static void putPrefix(Map<String, String> fields, PcpOption.Prefix64 prefix) {
        var octets = "%016x%08x"
                .formatted(
                        prefix.prefixAndSuffix().high(),
                        prefix.prefixAndSuffix().low() >>> 32);
        int digits = 2 * prefix.prefixOctets();
        put(fields, "option.p64.length", prefix.prefixOctets(), "option.p64.prefix64", octets.substring(0, digits));
        var suffix = octets.substring(digits);
        put(fields, "option.p64.suffix", suffix.isEmpty() ? "<MISSING>" : suffix);
        for (var network : prefix.destinations()) {
            append(fields, "option.p64.ipv4_prefix_length", network.prefixLength());
            append(fields, "option.p64.ipv4_address", network.address());
        }
    }

    private static Map<String, String> seen(String line) {
        var fields = new TreeMap<String, String>();
        var columns = line.split("\\|", -1);
        for (int i = 0; i < columns.length; i++) {
            if (!columns[i].isEmpty()) {
                var name = FIELDS.get(i).replaceFirst("^portcontrol\\.", "");
                fields.put(name, name.endsWith("ip") ? inOurSpelling(columns[i]) : columns[i]);
            }
        }
        return fields;
    }

    private static String inOurSpelling(String address) {
        return Arrays.stream(address.split(","))
                .map(it -> PcpAddress.parse(it).toString())
                .collect(Collectors.joining(","));
    }

    private static List<String> tshark(Path capture) throws InterruptedException {
        var command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString(), "-T", "fields"));
        Collections.addAll(command, "-E", "separator=|");
        FIELDS.forEach(field -> Collections.addAll(command, "-e", field));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var lines = process.inputReader().readAllLines();
            assertThat(process.waitFor()).as("exit code of tshark").isZero();
            return lines;
        } catch (IOException e) {
            throw new AssertionError("tshark cannot be run; install it: apt-get install tshark", e);
        }
    }
}
