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
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PEER, GET and the prefix of NAT64, octet by octet. */
final class ExtensionsGoldenTest {
    private static final String ZERO = "00000000 00000000 00000000 ";
    private static final String NONCE = "11223344 55667788 99aabbcc ";
    private static final String ANY_IPV4 = "00000000 00000000 0000ffff 00000000 ";
    private static final String ANY = "00000000 00000000 00000000 00000000 ";

    private static final String PHONE = "10.80.30.128";
    private static final String FROM_PHONE = "00000000 00000000 0000ffff 0a501e80 ";

    private static final String REMOTE = "00000000 00000000 0000ffff c73b95c8 ";
    private static final String V12_HEADER = "02020000 00000384" + FROM_PHONE;

    private static final String V12 = V12_HEADER + NONCE + "06000000 e652 0000" + ANY_IPV4 + "0050 0000" + REMOTE;

    private static final String HOST = "198.51.100.1";
    private static final String HOST_ADDRESS = "00000000 00000000 0000ffff c6336401 ";
    private static final String EXTERNAL = "00000000 00000000 0000ffff c0000201 ";
    private static final String GET = "02700000 00000000" + HOST_ADDRESS + NONCE;
    private static final String ALL = "00000000" + ANY + ANY + "0000 0000";
    private static final String V28 = GET + ALL + "7100002e 00000000" + ANY + ANY + "00000000 0000 0000 03 80 0000";
    private static final String UDP_25655 = "7100002c 11010101" + HOST_ADDRESS + EXTERNAL + "0000067b 6437 3d2b";

    private static Datagrams server(String external, int tcpPort, int firstUdp, int lastUdp, Extras extras, long age) {
        var pool = List.of(
                new PoolRange(PcpAddress.parse(external), IpProtocol.TCP, tcpPort, tcpPort),
                new PoolRange(PcpAddress.parse(external), IpProtocol.UDP, firstUdp, lastUdp));
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true).with(extras);
        var bench = new Bench(policy, pool, 1000);
        bench.pass(Duration.ofSeconds(age));
        return new Datagrams(bench, policy.opcodes());
    }

    private static Datagrams server(Extras extras) {
        return server("64.41.14.10", 49_618, 5000, 5009, extras, 5102);
    }

    private static Datagrams serverWithTable(Disclosure disclosure, long age) {
        var server = server("192.0.2.1", 32_652, 15_659, 15_659, Extras.DEFAULT.with(disclosure), age);
        server.send(HOST, map("00002328", "06000000 3d9f") + "03000014 00780000 00000000 00000000 0000ffff cb007100");
        server.send(HOST, map("0000067b", "11000000 6437"));
        return server;
    }

    private static String map(String lifetime, String protocolAndPort) {
        return "02010000" + lifetime + HOST_ADDRESS + NONCE + protocolAndPort + "0000" + ANY_IPV4;
    }

    /** The flow's port has an explicit mapping, or its external port would be the CGN's choice. */
    @Test
    @Proves({"wire:V12", "wire:V13", "pcp:S-PEER-08"})
    void peer() {
        var server = server(Extras.DEFAULT);
        server.send(PHONE, "02010000 000000ff" + FROM_PHONE + NONCE + "06000000 e652 0000" + ANY_IPV4);
        assertThat(server.send(PHONE, V12))
                .isEqualTo(hex("02820000 000000ff 000013ee" + ZERO + NONCE + "06000000 e652 c1d2"
                        + "00000000 00000000 0000ffff 40290e0a 0050 0000" + REMOTE));
    }

    @Test
    @Proves({"wire:N11", "pcp:S-PEER-01"})
    void peerThatPrefersFailure() {
        var body = NONCE + "06000000 e652 0000" + ANY_IPV4 + "0050 0000" + REMOTE + "02000000";
        assertThat(server(Extras.DEFAULT).send(PHONE, V12_HEADER + body))
                .isEqualTo(hex("02820003 00000708 000013ee" + ZERO + body));
    }

    @ParameterizedTest
    @CsvSource({
        "00000000 e652, 0050, protocol",
        "06000000 0000, 0050, internal port",
        "06000000 e652, 0000, remote port"
    })
    @Proves({"wire:N20", "pcp:S-PEER-01"})
    void peerWithAZero(String protocolAndPort, String remotePort, String what) {
        var body = NONCE + protocolAndPort + "0000" + ANY_IPV4 + remotePort + "0000" + REMOTE;
        assertThat(server(Extras.DEFAULT).send(PHONE, V12_HEADER + body))
                .as(what)
                .isEqualTo(hex("02820003 00000708 000013ee" + ZERO + body));
    }

    @Test
    @Proves("wire:N21")
    void optionsWhereTheyMeanNothing() {
        var server = server(Extras.DEFAULT);
        var filter = "03000014 00780000 00000000 00000000 0000ffff cb007100";
        assertThat(server.send(PHONE, V12 + filter))
                .startsWith("0282000600000708")
                .endsWith(hex(filter));
        var third = "01000010 00000000 00000000 0000ffff c0a80121";
        assertThat(server.send(PHONE, "02000000 00000000" + FROM_PHONE + third))
                .isEqualTo(hex("02800006 00000708 000013ee" + ZERO + third));
    }

    @Test
    @Proves({"wire:V17", "wire:V18", "pcp:S-RR-03"})
    void announceWithThePrefixOfNat64() {
        var networks = List.of(new Ipv4Network(24, PcpAddress.parse("192.0.2.0")));
        var prefix = new Prefix64(7, PcpAddress.parse("2001:db8:122:300::"), networks);
        var server = server(Extras.DEFAULT.with(List.of(prefix)));
        server.bench().pass(Duration.ofSeconds(2));
        var question = "20010db8 00000001 00000000 00000010 81000010 000c" + ZERO + "0000";
        var answer = hex("02800000 00000000 000013f0" + ZERO
                + "81000016 0007 20010db8 012203 0000000000 0001 0018 c0000200 0000");
        assertThat(server.send("2001:db8:0:1::10", "02000000 00000000" + question))
                .isEqualTo(answer);
        assertThat(server.send("2001:db8:0:1::10", "02000000 00000e10" + question))
                .as("the lifetime of the request means nothing")
                .isEqualTo(answer);
    }

    @Test
    @Proves({"wire:V28", "wire:V29", "pcp:G-03"})
    void getAll() {
        assertThat(serverWithTable(Disclosure.NONCE, 5111).send(HOST, V28))
                .isEqualTo(hex("02f00000 00000000 000013f7" + ZERO + NONCE + ALL
                        + "71000044 06010100" + HOST_ADDRESS + EXTERNAL + "00002328 3d9f 7f8c"
                        + "03000014 00780000 00000000 00000000 0000ffff cb007100" + UDP_25655));
    }

    @Test
    @Proves({"wire:V30", "wire:V31", "pcp:G-03", "pcp:G-04"})
    void getOfWhatIsNotThere() {
        var body = NONCE + "06010000" + HOST_ADDRESS + ANY + "e9d8 0000 7100002c 00000001" + ANY + ANY + ZERO;
        body = body.substring(0, body.length() - "00000000 ".length());
        var request = "02700000 00000000" + HOST_ADDRESS + body;
        assertThat(hex(request)).hasSize(2 * 124);
        assertThat(serverWithTable(Disclosure.NONCE, 5112).send(HOST, request))
                .isEqualTo(hex("02f000d1 0000001e 000013f8" + ZERO + body));
    }

    @Test
    @Proves({"wire:V32", "pcp:G-09"})
    void getOfTheRest() {
        var request = GET + ALL + "7100002c 06010100" + HOST_ADDRESS + EXTERNAL + "00000000 3d9f 7f8c";
        assertThat(serverWithTable(Disclosure.NONCE, 5111).send(HOST, request))
                .isEqualTo(hex("02f00000 00000000 000013f7" + ZERO + NONCE + ALL + UDP_25655));
    }

    @Test
    @Proves("pcp:G-06")
    void aNextThatIsTooShort() {
        var request = GET + ALL + "71000028 00000000" + ANY + ANY + "00000000";
        assertThat(serverWithTable(Disclosure.NONCE, 5111).send(HOST, request)).startsWith("02f0000600000708");
    }

    @Test
    @Proves("pcp:G-06")
    void twoNexts() {
        var next = "7100002c 00000000" + ANY + ANY + "00000000 00000000";
        var server = serverWithTable(Disclosure.NONCE, 5111);
        assertThat(server.send(HOST, GET + ALL + next)).startsWith("02f00000");
        assertThat(server.send(HOST, GET + ALL + next + next)).startsWith("02f0000600000708");
    }

    @Test
    @Proves("pcp:G-14")
    void getIsUnknownWhereNothingIsDisclosed() {
        assertThat(serverWithTable(Disclosure.NONE, 5111).send(HOST, V28))
                .startsWith(hex("02f00004 00000708 000013f7"))
                .endsWith(hex(V28.substring(V28.indexOf(NONCE))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONCE", "ADDRESS", "ADDRESS_WITH_NONCES"})
    @Proves("pcp:G-14")
    void aNonceIsInTheAnswerOnlyIfThatIsSet(Disclosure disclosure) {
        var asked = V28.replace("03 80 0000", "e2 00 0000");
        var answer = serverWithTable(disclosure, 5111).send(HOST, asked);
        boolean isTold = answer.contains(hex("e200000c" + NONCE));
        assertThat(isTold).isEqualTo(disclosure == Disclosure.ADDRESS_WITH_NONCES);
    }
}
