package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** WANCommonInterfaceConfig:1 and Layer3Forwarding:1, and where the former's numbers come from. */
class WanServicesTest {
    private static final WanLink.Traffic NONE = new WanLink.Traffic(0, 0, 0, 0);
    private static final String CONNECTION =
            "uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110003:WANConnectionDevice:1,urn:upnp-org:serviceId:WANIPConn1";

    private static String answer(WanLink link, String action) {
        return new TestGateway(link)
                .call(Soap.WAN_COMMON, action, Soap.request(Soap.WAN_COMMON, action))
                .xml();
    }

    record Properties(String why, WanLink link, long rate, String status) {}

    static Stream<Properties> properties() {
        return Stream.of(
                new Properties("a link at work", TestGateway.link(true, 100_000_000, NONE), 100_000_000, "Up"),
                new Properties("a cable pulled", TestGateway.link(false, 0, NONE), 0, "Down"),
                new Properties(
                        "faster than 32 bits can say",
                        TestGateway.link(true, 10_000_000_000L, NONE),
                        4_294_967_295L,
                        "Up"));
    }

    @ParameterizedTest
    @MethodSource("properties")
    @Proves({"igd:I-WCIC-01", "igd:Q-14"})
    void tellsTheStateOfTheLink(Properties row) {
        assertThat(answer(row.link(), "GetCommonLinkProperties"))
                .as(row.why())
                .isEqualTo(Soap.response(
                        Soap.WAN_COMMON,
                        "GetCommonLinkProperties",
                        ("<NewWANAccessType>Ethernet</NewWANAccessType>"
                                        + "<NewLayer1UpstreamMaxBitRate>%1$d</NewLayer1UpstreamMaxBitRate>"
                                        + "<NewLayer1DownstreamMaxBitRate>%1$d</NewLayer1DownstreamMaxBitRate>"
                                        + "<NewPhysicalLinkStatus>%2$s</NewPhysicalLinkStatus>")
                                .formatted(row.rate(), row.status())));
    }

    @Test
    @Proves({"igd:I-WCIC-02", "igd:Q-14"})
    void countsIn32BitsThatWrap() {
        var link = TestGateway.link(true, 0, new WanLink.Traffic(1, 4_294_967_295L, 4_294_967_296L, 4_294_967_301L));
        assertThat(answer(link, "GetTotalBytesSent")).contains("<NewTotalBytesSent>1</NewTotalBytesSent>");
        assertThat(answer(link, "GetTotalBytesReceived"))
                .contains("<NewTotalBytesReceived>4294967295</NewTotalBytesReceived>");
        assertThat(answer(link, "GetTotalPacketsSent")).contains("<NewTotalPacketsSent>0</NewTotalPacketsSent>");
        assertThat(answer(link, "GetTotalPacketsReceived"))
                .contains("<NewTotalPacketsReceived>5</NewTotalPacketsReceived>");
    }

    private static final String COUNTERS = """
            Inter-|   Receive                            |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed
                lo:       1       2    0    0    0     0          0         0        3       4    0    0    0     0       0          0
              eth0:5000000000    14    0    0    0     0          0         0       11      13    0    0    0     0       0          0
            """;

    @Test
    void readsWhatLinuxKnowsOfALink(@TempDir Path folder) throws Exception {
        var counters = Files.writeString(folder.resolve("dev"), COUNTERS);
        Files.createDirectory(folder.resolve("eth0"));
        Files.writeString(folder.resolve("eth0/speed"), "2500\n");

        var link = new LinuxWanLink("eth0", counters, folder);

        assertThat(link.traffic()).isEqualTo(new WanLink.Traffic(11, 5_000_000_000L, 13, 14));
        assertThat(link.bitsPerSecond()).isEqualTo(2_500_000_000L);
        Files.writeString(folder.resolve("eth0/speed"), "-1\n");
        assertThat(link.bitsPerSecond()).isZero();
    }

    @Test
    void readsTheLoopbackOfThisMachine() {
        var link = new LinuxWanLink("lo");
        assertThat(link.isUp()).isTrue();
        assertThat(link.traffic().bytesSent()).isEqualTo(link.traffic().bytesReceived());
    }

    @Test
    void callsALinkDownThatIsNotThere(@TempDir Path folder) {
        var link = new LinuxWanLink("ppp0", folder.resolve("dev"), folder);
        assertThat(link.isUp()).isFalse();
        assertThat(link.bitsPerSecond()).isZero();
        assertThat(link.traffic()).isEqualTo(NONE);
    }

    @Test
    void namesTheDefaultConnection() {
        assertThat(new TestGateway()
                        .call(
                                Soap.FORWARDING,
                                "GetDefaultConnectionService",
                                Soap.request(Soap.FORWARDING, "GetDefaultConnectionService"))
                        .xml())
                .contains("<NewDefaultConnectionService>" + CONNECTION + "</NewDefaultConnectionService>");
    }

    private static final String OWN = "uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac11000";

    record Default(String why, String value, String expected) {}

    static Stream<Default> defaults() {
        return Stream.of(
                new Default("the one there is", CONNECTION, "SetDefaultConnectionServiceResponse"),
                new Default("another device", CONNECTION.replace("0003", "0004"), "<errorCode>720</errorCode>"),
                new Default(
                        "another service",
                        CONNECTION.replace("WANIPConn1", "WANPPPConn1"),
                        "<errorCode>721</errorCode>"),
                new Default(
                        "a service id without a device",
                        "urn:upnp-org:serviceId:WANIPConn1",
                        "<errorCode>720</errorCode>"),
                new Default("a device without a service", OWN + "2:WANDevice:1", "<errorCode>721</errorCode>"),
                new Default(
                        "a service of another of its devices",
                        OWN + "2:WANDevice:1,urn:upnp-org:serviceId:WANIPConn1",
                        "<errorCode>721</errorCode>"),
                new Default(
                        "a service that is no connection",
                        OWN + "2:WANDevice:1,urn:upnp-org:serviceId:WANCommonIFC1",
                        "<errorCode>723</errorCode><errorDescription>InvalidConnServiceSelection<"),
                new Default(
                        "this very service",
                        OWN + "1:InternetGatewayDevice:1,urn:upnp-org:serviceId:L3Forwarding1",
                        "<errorCode>723</errorCode>"),
                new Default("more behind it", CONNECTION + ",", "<errorCode>721</errorCode>"),
                new Default("nothing", "", "<errorCode>720</errorCode>"));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    @Proves("igd:I-L3F-01")
    void keepsTheDefaultConnection(Default row) {
        var body = Soap.request(
                Soap.FORWARDING, "SetDefaultConnectionService", "NewDefaultConnectionService", row.value());
        assertThat(new TestGateway()
                        .call(Soap.FORWARDING, "SetDefaultConnectionService", body)
                        .xml())
                .as(row.why())
                .contains(row.expected());
    }
}
