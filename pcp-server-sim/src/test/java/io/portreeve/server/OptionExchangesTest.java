package io.portreeve.server;

import static io.portreeve.server.Datagrams.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.PcpOption.Prefix64.Ipv4Network;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests with options, in and out, octet by octet. If nothing else is said the server has one external port,
 * 203.0.113.7:41969 of TCP, grants an hour at most, and its epoch is 5001 s.
 */
final class OptionExchangesTest {
    private static final String HOME = "192.168.1.10";
    private static final String PROVIDER_EDGE = "192.0.2.2";
    private static final String PEERS_HOME = "10.80.30.128";
    private static final String FROM_HOME = "00000000 00000000 0000ffff c0a8010a ";
    private static final String ZERO = "00000000 00000000 00000000 ";
    private static final String ANY = "00000000 00000000 0000ffff 00000000 ";
    private static final String EXTERNAL = "00000000 00000000 0000ffff cb007107 ";
    private static final String NONCE = "a1a2a3a4 b1b2b3b4 c1c2c3c4 ";
    private static final String TCP_8080 = NONCE + "06000000 1f90 ";
    private static final String V04 = "02010000 00001c20" + FROM_HOME + TCP_8080 + "0000" + ANY;
    private static final String V05 = "02810000 00000e10 00001389" + ZERO + TCP_8080 + "a3f1" + EXTERNAL;
    private static final String V07 = "02010000 00000000" + FROM_HOME + TCP_8080 + "0000" + ANY;
    private static final String V12 = "02020000 00000384 00000000 00000000 0000ffff 0a501e80"
            + "11223344 55667788 99aabbcc 06000000 e652 0000" + ANY + "0050 0000 00000000 00000000 0000ffff c73b95c8";
    private static final String PREFER_FAILURE = "02000000";
    private static final String THIRD_PARTY = "01000010 00000000 00000000 0000ffff c0a80121 ";
    private static final String CLEAR = "03000014 00000000 00000000 00000000 00000000 00000000 ";
    private static final String FILTER = "03000014 00780000 00000000 00000000 0000ffff c6336400 ";

    private Bench bench = bench(pool("203.0.113.7", IpProtocol.TCP, 41_969, 41_969), Extras.DEFAULT);

    private static List<PoolRange> pool(String address, IpProtocol protocol, int first, int last) {
        return List.of(new PoolRange(PcpAddress.parse(address), protocol, first, last));
    }

    private static Bench bench(List<PoolRange> pool, Extras extras) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(3600), 64, true).with(extras);
        var bench = new Bench(policy, pool, 1000);
        bench.pass(Duration.ofSeconds(5001));
        return bench;
    }

    private String send(String source, String hex) {
        return Datagrams.to(bench).send(source, hex);
    }

    /** An error says so in its first octets, and from octet 24 on it is the request. */
    private void assertRefused(int result, String source, String request) {
        var asked = hex(request);
        var opcode = Integer.parseInt(asked.substring(2, 4), 16);
        assertThat(send(source, request))
                .startsWith("02%02x00%02x00000708".formatted(opcode | 0x80, result))
                .endsWith(asked.substring(48))
                .hasSameSizeAs(asked);
        assertThat(bench.mappings()).isEmpty();
    }

    @Test
    @Proves({"wire:V11", "pcp:S-GEN-09", "pcp:S-FLT-02"})
    void aRenewalReplacesAllFilters() {
        assertThat(send(HOME, V04)).isEqualTo(hex(V05));
        var renewal = "02010000 00001c20" + FROM_HOME + TCP_8080 + "a3f1" + EXTERNAL + CLEAR + FILTER;
        assertThat(send(HOME, renewal)).isEqualTo(hex(V05 + CLEAR + FILTER));
        assertThat(send(HOME, renewal)).isEqualTo(hex(V05 + CLEAR + FILTER));
        assertThat(bench.store.load().mappings().getFirst().filterAtCgn()).isPresent();
    }

    @Test
    @Proves({"wire:V14", "pcp:B-DESC-01"})
    void aDescriptionComesBackAsItIsStored() {
        var camera = "80000006 43616d65 72610000";
        assertThat(send(HOME, V04.replace("00001c20", "00000e10") + camera)).isEqualTo(hex(V05 + camera));
        assertThat(bench.store.load().mappings().getFirst().terms().description())
                .isEqualTo("Camera");
    }

    @ParameterizedTest
    @ValueSource(strings = {"80000002 c0800000", "80000003 41004200"})
    @Proves("pcp:B-DESC-02")
    void aDescriptionThatIsNoTextIsLeftOutOfTheAnswer(String option) {
        assertThat(send(HOME, V04 + option)).isEqualTo(hex(V05));
        assertThat(bench.store.load().mappings().getFirst().terms().description())
                .isEmpty();
    }

    @Test
    @Proves("pcp:B-DESC-02")
    void aDescriptionThatIsTooLongIsLeftOutOfTheAnswer() {
        assertThat(send(HOME, V04 + "800003fc" + "41".repeat(1020))).isEqualTo(hex(V05));
        assertThat(send(HOME, V04 + "800003f8" + "41".repeat(1016)))
                .isEqualTo(hex(V05 + "80000080" + "41".repeat(128)));
    }

    @Test
    @Proves({"wire:V15", "wire:V16", "pcp:B-PSET-02"})
    void aSetOfAHundredPortsBecomesOneOfThirtyTwo() {
        bench = bench(pool("192.0.2.3", IpProtocol.UDP, 37_056, 37_087), Extras.DEFAULT);
        bench.pass(Duration.ofSeconds(102));
        var body = NONCE + "11000000 c350 ";
        var asked = "02010000 00000e10" + FROM_HOME + body + "0000" + ANY + "82000005 0064c350 00000000";
        var granted = "02810000 00000e10 000013ef" + ZERO + body + "90c0 00000000 00000000 0000ffff c0000203"
                + "82000005 0020c350 00000000";
        assertThat(send(HOME, asked)).isEqualTo(hex(granted));
        assertThat(send(HOME, asked)).isEqualTo(hex(granted));
    }

    @Test
    @Proves({"wire:V17", "wire:V18", "pcp:B-P64-02"})
    void aPrefixIsToldToWhomAsksForIt() {
        var prefix = new Prefix64(
                7, PcpAddress.parse("2001:db8:122:300::"), List.of(new Ipv4Network(24, PcpAddress.parse("192.0.2.0"))));
        bench = bench(pool("203.0.113.7", IpProtocol.TCP, 1, 9), Extras.DEFAULT.with(List.of(prefix)));
        bench.pass(Duration.ofSeconds(103));
        var announce = "02000000 00000000 20010db8 00000001 00000000 00000010";
        var question = "81000010 000c0000 00000000 00000000 00000000";
        assertThat(send("2001:db8:0:1::10", announce + question))
                .isEqualTo(hex("02800000 00000000 000013f0" + ZERO
                        + "81000016 0007 20010db8 012203 0000000000 0001 0018 c0000200 0000"));
        assertThat(send("2001:db8:0:1::10", announce)).isEqualTo(hex("02800000 00000000 000013f0" + ZERO));
    }

    @Test
    @Proves({"wire:V17", "pcp:B-P64-02"})
    void withoutAPrefixTheQuestionIsNotAnswered() {
        var announce = "02000000 00000000 20010db8 00000001 00000000 00000010";
        var question = "81000010 000c0000 00000000 00000000 00000000";
        assertThat(send("2001:db8:0:1::10", announce + question)).isEqualTo(hex("02800000 00000000 00001389" + ZERO));
        assertThat(send(HOME, V04 + question)).isEqualTo(hex(V05));
    }

    @Test
    @Proves({"wire:V34", "pcp:B-TPID-01"})
    void thirdPartyIdIsNotSupported() {
        var map = "02010000 00000e10 00000000 00000000 0000ffff c0000202"
                + "0f1e2d3c 4b5a6978 8796a5b4 11000000 13c4 0000" + ANY + THIRD_PARTY + "0d000003 12345000";
        assertRefused(5, PROVIDER_EDGE, map);
    }

    @Test
    @Proves({"wire:V35", "pcp:B-PRES-01"})
    void aPairIsReserved() {
        bench = bench(pool("203.0.113.7", IpProtocol.UDP, 41_999, 42_001), Extras.DEFAULT);
        var body = NONCE + "11000000 138c ";
        assertThat(send(HOME, "02010000 00000e10" + FROM_HOME + body + "0000" + ANY + "e1000000"))
                .isEqualTo(hex("02810000 00000e10 00001389" + ZERO + body + "a410" + EXTERNAL + "e1000000"));
    }

    @Test
    @Proves({"wire:N10", "pcp:S-PF-01"})
    void preferFailureWithoutAPort() {
        assertRefused(6, HOME, V04 + PREFER_FAILURE);
    }

    @Test
    @Proves({"wire:N11", "wire:N20", "wire:N21", "pcp:S-GEN-08"})
    void whatMeansNothingInAPeer() {
        assertRefused(3, PEERS_HOME, V12 + PREFER_FAILURE);
        assertRefused(3, PEERS_HOME, V12.replace("06000000", "00000000"));
        assertRefused(3, PEERS_HOME, V12.replace("e652", "0000"));
        assertRefused(3, PEERS_HOME, V12.replace("0050 0000", "0000 0000"));
        assertRefused(6, PEERS_HOME, V12 + FILTER);
    }

    @Test
    @Proves({"wire:N21", "pcp:S-GEN-08"})
    void whatMeansNothingInAnAnnounce() {
        for (var option : List.of(THIRD_PARTY, FILTER, PREFER_FAILURE)) {
            assertRefused(6, HOME, "02000000 00000000" + FROM_HOME + option);
        }
        assertRefused(5, HOME, "02000000 00000000" + FROM_HOME + "7e000000");
        assertThat(send(HOME, "02000000 00000000" + FROM_HOME + "c8000000" + "80000001 41000000"))
                .isEqualTo(hex("02800000 00000000 00001389" + ZERO));
    }

    @Test
    @Proves({"wire:N12", "pcp:S-PF-01", "pcp:S-FLT-03"})
    void whatMeansNothingInADeletion() {
        assertRefused(6, HOME, V07 + PREFER_FAILURE);
        assertRefused(6, HOME, V07 + FILTER);
    }

    @Test
    @Proves({"wire:N13", "wire:N14", "pcp:S-TP-02", "pcp:S-GEN-07"})
    void thirdParties() {
        assertRefused(6, HOME, V04 + THIRD_PARTY + THIRD_PARTY);
        assertRefused(3, HOME, V04 + THIRD_PARTY.replace("c0a80121", "c0a8010a"));
        assertThat(send(HOME, V04 + THIRD_PARTY)).isEqualTo(hex(V05 + THIRD_PARTY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "18", "5f", "81", "ff"})
    @Proves({"wire:N15", "pcp:S-FLT-01"})
    void prefixesOutOfRange(String prefix) {
        assertRefused(6, HOME, V04 + FILTER.replace("00780000", "00" + prefix + "0000"));
    }

    @Test
    @Proves({"wire:N16", "pcp:B-NON-04"})
    void anotherNonce() {
        send(HOME, V04);
        bench.pass(Duration.ofSeconds(600));
        var body = TCP_8080.replace("a1a2a3a4", "00000000") + "0000" + ANY;
        assertThat(send(HOME, "02010000 00001c20" + FROM_HOME + body))
                .isEqualTo(hex("02810002 00000bb8 000015e1" + ZERO + body));
    }

    @Test
    @Proves({"wire:N18", "pcp:S-GEN-08", "pcp:S-GEN-11"})
    void whatNeedNotBeUnderstoodIsLeftOut() {
        assertThat(send(HOME, V04 + "c8000003 61626300" + THIRD_PARTY + "c8000000"))
                .isEqualTo(hex(V05 + THIRD_PARTY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"80000002", "03000015 00780000 00000000 00000000 0000ffff c6336400 00000000", "02000004 00000000"
            })
    @Proves({"wire:N19", "pcp:S-GEN-07"})
    void optionsOfTheWrongLength(String option) {
        assertRefused(6, HOME, V04 + option);
    }

    @Test
    @Proves({"wire:N23", "pcp:S-MAP-02"})
    void aDeletionOfWhatCannotBe() {
        var body = NONCE + "84000000 1f90 0000" + ANY;
        assertThat(send(HOME, "02010000 00000000" + FROM_HOME + body))
                .isEqualTo(hex("02810000 00000000 00001389" + ZERO + body));
        assertRefused(9, HOME, "02010000 00001c20" + FROM_HOME + body);
    }

    @Test
    @Proves({"wire:N24", "pcp:S-FLT-05", "pcp:S-GEN-13"})
    void theSameFilterTwice() {
        assertThat(send(HOME, V04 + FILTER)).isEqualTo(hex(V05 + FILTER));
        assertThat(send(HOME, V04 + FILTER)).isEqualTo(hex(V05 + FILTER));
    }

    @Test
    @Proves({"pcp:B-PSET-02", "pcp:S-GEN-07"})
    void aSetOfNoPort() {
        assertRefused(6, HOME, V04 + "82000005 00001f90 00000000");
    }
}
