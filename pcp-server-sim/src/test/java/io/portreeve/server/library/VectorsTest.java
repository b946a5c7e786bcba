package io.portreeve.server.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.Vectors;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.settings.Settings;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole datagrams, in and out, octet by octet, whoever has the loop. */
@Proves("pcp:L-01")
final class VectorsTest {

    /** Who calls whom. */
    enum Mode {
        LIB,
        CGN
    }

    /**
     * @param age of the epoch, in seconds
     * @param answer hex; empty for silence; cut where it ends with "..."
     */
    record Row(String why, long age, String source, String request, String answer) {

        @Override
        public String toString() {
            return why;
        }
    }

    private static final String HOME = "192.168.1.10";
    private static final String V04 = hex("V04");

    /** Opcode 85 and the right client, then nothing that could be an option. */
    private static final String UNKNOWN_OPCODE = "0255000000001c20" + V04.substring(16, 48) + "ff".repeat(36);

    private FakeCgn cgn;
    private AutoCloseable running = () -> {};

    private static String hex(String vector) {
        return Vectors.of(vector).hex();
    }

    private static Row exchange(String request, long age, String source, String answer) {
        return new Row(request + " " + answer, age, source, hex(request), hex(answer));
    }

    private static Stream<Row> rows() {
        return Stream.of(
                exchange("V01", 3600, HOME, "V02"),
                exchange("V04", 5001, HOME, "V05"),
                exchange("V07", 5100, HOME, "V08"),
                exchange("V09", 5101, "192.0.2.2", "V10"),
                exchange("V20q", 5106, HOME, "V20r"),
                new Row("V19 another version", 5105, HOME, "03" + V04.substring(2), hex("V19")),
                new Row("V24 unknown mandatory option", 5109, HOME, V04 + "7e000004deadbeef", hex("V24")),
                new Row("V26 another source", 5110, "100.64.3.3", V04, hex("V26")),
                new Row("V25 option past the end", 5001, HOME, hex("V25"), "02810006..."),
                new Row(
                        "V11 filters",
                        5001,
                        HOME,
                        hex("V11"),
                        hex("V05").substring(0, 120) + hex("V11").substring(120)),
                new Row("V14 an option that may be ignored", 5001, HOME, hex("V14"), hex("V05")),
                new Row("V34 no THIRD_PARTY_ID", 5001, "192.0.2.2", hex("V34"), "02810005..."),
                new Row("N01", 5001, HOME, "02", ""),
                new Row("N02", 5001, HOME, hex("V05"), ""),
                new Row("N03", 5001, HOME, V04.substring(0, 46), ""),
                new Row("N04", 5001, HOME, "0301", "028100010000070800001389" + "00".repeat(12)),
                new Row("N06", 5001, HOME, V04 + "ff", "02810003..."),
                new Row("N08", 5001, HOME, V04.substring(0, 112), "02810003..."),
                new Row(
                        "N17",
                        5001,
                        HOME,
                        UNKNOWN_OPCODE,
                        "02d50004000007080000138900000000" + "0000ffffc0a8010a" + "ff".repeat(36)),
                new Row("N19", 5001, HOME, V04 + "80000002", "02810006..."),
                new Row("N22", 5001, HOME, V04.replaceFirst("^02010000", "0201ff00"), hex("V05")));
    }

    private static Stream<Arguments> rowsInBothModes() {
        return Stream.of(Mode.values()).flatMap(mode -> rows().map(row -> Arguments.of(mode, row)));
    }

    @ParameterizedTest
    @MethodSource("rowsInBothModes")
    void answers(Mode mode, Row row) throws Exception {
        cgn = cgn("203.0.113.7", 41_969, 3600, row.age);
        var answer = send(mode, row);
        int cut = row.answer.indexOf("...");
        assertThat(cut < 0 ? answer : answer.substring(0, cut)).isEqualTo(row.answer.replace("...", ""));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void answersPeer(Mode mode) throws Exception {
        cgn = cgn("64.41.14.10", 49_618, 255, 5102);
        assertThat(send(mode, exchange("V12", 5102, "10.80.30.128", "V13"))).isEqualTo(hex("V13"));
    }

    private static Stream<Mode> modes() {
        return Stream.of(Mode.values());
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    private static FakeCgn cgn(String external, int port, long longest, long age) {
        var now = MonoTime.START.plus(Duration.ofSeconds(age));
        return new FakeCgn(PcpAddress.parse(external), port, new Lifetime(longest), () -> now);
    }

    private String send(Mode mode, Row row) throws Exception {
        var datagram = new FakeCgn.Datagram(
                new Endpoint(PcpAddress.parse(row.source), 49_152),
                HexFormat.of().parseHex(row.request));
        switch (mode) {
            case LIB -> intercept(datagram);
            case CGN -> arrive(datagram);
        }
        assertThat(cgn.sent.size()).isLessThan(2);
        var answer = cgn.sent.poll();
        if (answer == null) {
            return "";
        }
        assertThat(answer.client()).isEqualTo(datagram.client());
        return HexFormat.of().formatHex(answer.octets());
    }

    private void intercept(FakeCgn.Datagram datagram) {
        var context = new PcpContext();
        context.client(datagram.client());
        context.request(datagram.octets());
        var library = new PcpLibrary(LibraryBench.nat444(LibraryFlag.THIRD_PARTY), cgn, () -> MonoTime.START);
        library.runOnce(context);
    }

    /** When the library waits again, it has done what there was to do. */
    private void arrive(FakeCgn.Datagram datagram) throws Exception {
        var words = List.of("type=nat444", "flags=third-party");
        running = PcpServerLoop.start((Settings _) -> cgn, words, () -> MonoTime.START);
        await();
        cgn.arriving.add(datagram);
        await();
    }

    private void await() throws InterruptedException {
        assertThat(cgn.waits.tryAcquire(60, TimeUnit.SECONDS))
                .as("waits for a request")
                .isTrue();
    }
}
