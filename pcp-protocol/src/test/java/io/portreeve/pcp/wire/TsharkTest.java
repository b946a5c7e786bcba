package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
            "portcontrol.option.code",
            "portcontrol.option.third_party.internal_ip");

    @TempDir
    private Path folder;

    @Test
    void readsTheGoldenDatagramsAsWeDo() throws Exception {
        var rows = Stream.of(Golden.requests(), Golden.answers(), Golden.errors(), Stream.of(Golden.versionError()))
                .flatMap(part -> part)
                .sorted(Comparator.comparing(Golden.Row::vector))
                .toList();
        var datagrams = rows.stream().map(row -> Vectors.of(row.vector())).toList();
        var capture = Files.write(folder.resolve("golden.pcap"), Pcap.of(datagrams));

        var lines = tshark(capture);
        assertThat(lines).hasSameSizeAs(rows).hasSize(14);
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
            case AnnounceRequest(var client) -> {
                put(fields, "r", 0, "opcode", 0, "lifetime_req", 0, "client_ip", client);
            }
            case AnnounceResponse(int result, var epoch) -> {
                put(fields, "r", 1, "opcode", 0, "result_code", result);
                put(fields, "lifetime_rsp", 0, "epoch_time", epoch.seconds());
            }
            case MapRequest map -> {
                put(fields, "r", 0, "opcode", 1);
                put(fields, "lifetime_req", map.lifetime().seconds(), "client_ip", map.client());
                put(
                        fields,
                        "map.nonce",
                        map.nonce(),
                        "map.protocol",
                        map.protocol().number());
                put(fields, "map.internal_port", map.internalPort());
                put(fields, "map.req_sug_external_port", map.suggestedPort());
                put(fields, "map.req_sug_external_ip", map.suggestedAddress());
                putOptions(fields, map.options());
            }
            case MapResponse map -> {
                put(fields, "r", 1, "opcode", 1, "result_code", map.result());
                put(fields, "lifetime_rsp", map.lifetime().seconds());
                put(fields, "epoch_time", map.epoch().seconds());
                put(
                        fields,
                        "map.nonce",
                        map.nonce(),
                        "map.protocol",
                        map.protocol().number());
                put(fields, "map.internal_port", map.internalPort());
                put(fields, "map.rsp_assigned_external_port", map.assignedPort());
                put(fields, "map.rsp_assigned_ext_ip", map.assignedAddress());
                putOptions(fields, map.options());
            }
        }
        return fields;
    }

    private static void put(Map<String, String> fields, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
    }

    private static void putOptions(Map<String, String> fields, List<PcpOption> options) {
        for (var option : options) {
            fields.merge("option.code", "" + option.code(), (before, code) -> before + "," + code);
            switch (option) {
                case PcpOption.ThirdParty(var internal) -> put(fields, "option.third_party.internal_ip", internal);
                case PcpOption.PreferFailure() -> {}
                case PcpOption.Unknown(int code) -> put(fields, "_ws.expert.message", "Unknown option: " + code);
            }
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
        return PcpAddress.parse(address).toString();
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
