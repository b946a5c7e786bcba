package io.portreeve.server;

import static io.portreeve.server.Datagrams.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whole datagrams, in and out, octet by octet. The server has one external port, 203.0.113.7:41969, grants an hour at most,
 * and its epoch is 5001 s when the test begins.
 */
final class GoldenTest {
    private static final String HOME = "192.168.1.10";
    private static final String NONCE = "a1a2a3a4 b1b2b3b4 c1c2c3c4 ";
    private static final String TCP_8080 = "06000000 1f90 ";
    private static final String FROM_HOME = "00000000 00000000 0000ffff c0a8010a ";
    private static final String ZERO = "00000000 00000000 00000000 ";
    private static final String ANY = "00000000 00000000 0000ffff 00000000 ";
    private static final String MAP_BODY = NONCE + TCP_8080 + "0000" + ANY;
    private static final String V04 = "02010000 00001c20" + FROM_HOME + MAP_BODY;
    private static final String V05 =
            "02810000 00000e10 00001389" + ZERO + NONCE + TCP_8080 + "a3f1 00000000 00000000 0000ffff cb007107";

    private final Bench bench = bench();

    private static Bench bench() {
        var pool = List.of(new PoolRange(PcpAddress.parse("203.0.113.7"), IpProtocol.TCP, 41_969, 41_969));
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(3600), 64, true);
        var bench = new Bench(policy, pool, 1000);
        bench.pass(Duration.ofSeconds(5001));
        return bench;
    }

    private String send(String source, String hex) {
        return Datagrams.to(bench).send(source, hex);
    }

    @Test
    @Proves({"wire:V01", "wire:V02"})
    void announce() {
        assertThat(send(HOME, "02000000 00000000" + FROM_HOME)).isEqualTo(hex("02800000 00000000 00001389" + ZERO));
    }

    @Test
    @Proves({"wire:V04", "wire:V05", "wire:V07", "wire:V08", "pcp:S-MAP-01", "pcp:S-LIFE-03"})
    void mapAndDelete() {
        assertThat(send(HOME, V04)).isEqualTo(hex(V05));
        bench.pass(Duration.ofSeconds(99));
        assertThat(send(HOME, "02010000 00000000" + FROM_HOME + MAP_BODY))
                .isEqualTo(hex("02810000 00000000 000013ec" + ZERO + MAP_BODY));
    }

    @Test
    @Proves({"wire:V09", "wire:V10", "pcp:S-PF-02", "pcp:S-GEN-11"})
    void thirdPartyPrefersFailure() {
        bench.pass(Duration.ofSeconds(100));
        var body = "0f1e2d3c 4b5a6978 8796a5b4" + TCP_8080 + "1f90" + ANY
                + "01000010 00000000 00000000 0000ffff c0a80121 02000000";
        assertThat(send("192.0.2.2", "02010000 00000e10 00000000 00000000 0000ffff c0000202" + body))
                .isEqualTo(hex("0281000b 0000001e 000013ed" + ZERO + body));
    }

    @Test
    @Proves({"wire:V19", "pcp:S-GEN-02", "pcp:S-GEN-11", "pcp:B-VER-02"})
    void anotherVersion() {
        bench.pass(Duration.ofSeconds(104));
        assertThat(send(HOME, "03" + V04.substring(2)))
                .isEqualTo(hex("02810001 00000708 000013f1 00000000 0000ffff c0a8010a" + MAP_BODY));
    }

    @Test
    @Proves({"wire:V20q", "wire:V20r", "pcp:B-VER-04"})
    void natPmp() {
        bench.pass(Duration.ofSeconds(105));
        assertThat(send(HOME, "0000")).isEqualTo(hex("02800001 00000708 000013f2" + ZERO));
    }

    @Test
    @Proves({"wire:V24", "pcp:S-GEN-11"})
    void anUnknownMandatoryOption() {
        bench.pass(Duration.ofSeconds(108));
        var option = "7e000004 deadbeef";
        assertThat(send(HOME, V04 + option)).isEqualTo(hex("02810005 00000708 000013f5" + ZERO + MAP_BODY + option));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves({"wire:V25", "pcp:S-GEN-07"})
    void anOptionLongerThanTheDatagram() {
        var option = "03000018 00800000 00000000 00000000 0000ffff c6336405";
        assertThat(send(HOME, V04 + option))
                .startsWith("02810006")
                .endsWith(hex("0000ffff c0a8010a" + MAP_BODY + option));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves({"wire:V26", "pcp:S-GEN-05", "rel:T-34"})
    void anotherSource() {
        bench.pass(Duration.ofSeconds(109));
        assertThat(send("100.64.3.3", V04)).isEqualTo(hex("0281000c 00000708 000013f6" + ZERO + MAP_BODY));
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves({"wire:N01", "wire:N02", "wire:N03", "pcp:S-GEN-02"})
    void silence() {
        assertThat(send(HOME, "02")).isEmpty();
        assertThat(send(HOME, V05)).isEmpty();
        assertThat(send(HOME, hex(V04).substring(0, 46))).isEmpty();
    }

    @Test
    @Proves({"wire:N04", "wire:N05", "pcp:B-VER-02"})
    void otherVersionsOfAnyLength() {
        assertThat(send(HOME, "0301")).isEqualTo(hex("02810001 00000708 00001389" + ZERO));
        assertThat(send(HOME, "01010000" + "00".repeat(20))).isEqualTo(hex("02810001 00000708 00001389" + ZERO));
    }

    @Test
    @Proves({"wire:N06", "wire:N07", "wire:N08", "pcp:S-GEN-04"})
    void badLengths() {
        assertThat(send(HOME, V04 + "ff"))
                .startsWith("02810003")
                .endsWith("ff000000")
                .hasSize(2 * 64);
        assertThat(send(HOME, V04 + "c8000000".repeat(261)))
                .startsWith("02810003")
                .hasSize(2 * 1100);
        assertThat(send(HOME, hex(V04).substring(0, 2 * 56)))
                .startsWith("02810003")
                .hasSize(2 * 56);
    }

    @Test
    @Proves({"wire:N17", "pcp:S-GEN-06"})
    void anUnknownOpcode() {
        var junk = "ff".repeat(36);
        assertThat(send(HOME, "02550000 00001c20" + FROM_HOME + junk))
                .isEqualTo(hex("02d50004 00000708 00001389 00000000 0000ffff c0a8010a" + junk));
    }

    @Test
    @Proves("wire:N19")
    void anOptionWithoutItsData() {
        assertThat(send(HOME, V04 + "80000002")).startsWith("02810006");
    }

    @Test
    @Proves("wire:N22")
    void reservedOctets() {
        var odd = hex(V04).replaceFirst("02010000", "0201ff00").replaceFirst("06000000", "06abcdef");
        assertThat(send(HOME, odd)).isEqualTo(hex(V05));
    }
}
