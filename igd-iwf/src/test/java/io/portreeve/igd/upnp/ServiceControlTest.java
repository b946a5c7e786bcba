package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceControlTest {
    private static final String INVALID_ARGS = Soap.fault(402, "Invalid Args");

    private final TestGateway gateway = new TestGateway();

    private ControlAnswer wanIp(String action, String body) {
        return gateway.call(Soap.WAN_IP, action, body);
    }

    private static PortMappingKey key(String remoteHost, int port, IpProtocol protocol) {
        return new PortMappingKey(
                Optional.of(remoteHost).filter(h -> !h.isEmpty()).map(PcpAddress::parse), port, protocol);
    }

    @Test
    void addsAPortMapping() {
        var answer = wanIp("AddPortMapping", Soap.add("", "8080", "TCP", "80", "192.168.1.33", "1", "web cam", "0"));

        assertThat(answer).isEqualTo(new ControlAnswer(200, Soap.response(Soap.WAN_IP, "AddPortMapping", "")));
        assertThat(Soap.octets(answer.xml())).hasSize(289);
        assertThat(gateway.calls.asked())
                .containsExactly(new ScriptedIgdCalls.Asked(
                        TestGateway.CONSOLE,
                        IgdFace.V1,
                        new IgdAction.AddPortMapping(
                                key("", 8080, IpProtocol.TCP), 80, TestGateway.CONSOLE, true, "web cam", 0)));
    }

    @Test
    @Proves({"igd:I-SOAP-10", "igd:Q-11", "igd:J-11"})
    void saysWhyItRefuses() {
        gateway.calls.refuseWith(IgdError.CONFLICT);
        var answer = wanIp("AddPortMapping", Soap.add("", "6881", "UDP", "6881", "192.168.1.40", "1", "bt", "3600"));

        assertThat(answer).isEqualTo(new ControlAnswer(500, Soap.fault(718, "ConflictInMappingEntry")));
        assertThat(Soap.octets(answer.xml())).hasSize(431);
    }

    /** As weupnp writes it: prefixes of its own, no charset, no line end. */
    @Test
    @Proves("igd:I-SOAP-05")
    void tellsTheExternalAddress() {
        var body =
                "<?xml version=\"1.0\"?>\r\n<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\""
                        + " SOAP-ENV:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><SOAP-ENV:Body>"
                        + "<m:GetExternalIPAddress xmlns:m=\"urn:schemas-upnp-org:service:WANIPConnection:1\"></m:GetExternalIPAddress>"
                        + "</SOAP-ENV:Body></SOAP-ENV:Envelope>";
        assertThat(wanIp("GetExternalIPAddress", body))
                .isEqualTo(new ControlAnswer(
                        200,
                        Soap.response(
                                Soap.WAN_IP,
                                "GetExternalIPAddress",
                                "<NewExternalIPAddress>203.0.114.1</NewExternalIPAddress>")));
    }

    @Test
    void tellsWhereTheListEnds() {
        var answer = wanIp(
                "GetGenericPortMappingEntry",
                Soap.request(Soap.WAN_IP, "GetGenericPortMappingEntry", "NewPortMappingIndex", "2"));
        assertThat(answer).isEqualTo(new ControlAnswer(500, Soap.fault(713, "SpecifiedArrayIndexInvalid")));
        assertThat(Soap.octets(answer.xml())).hasSize(435);
    }

    /** Header without quotes, arguments in another order, no XML declaration. */
    @Test
    @Proves({"igd:I-SOAP-01", "igd:I-SOAP-05"})
    void forgivesASloppyControlPoint() {
        wanIp("AddPortMapping", Soap.add("", "8080", "TCP", "80", "192.168.1.33", "1", "", "0"));
        var body = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                + "<u:DeletePortMapping xmlns:u=\"urn:schemas-upnp-org:service:WANIPConnection:1\">"
                + "<NewProtocol>TCP</NewProtocol><NewExternalPort>8080</NewExternalPort><NewRemoteHost/>"
                + "</u:DeletePortMapping></s:Body></s:Envelope>";

        var answer = gateway.post(Soap.WAN_IP, Soap.WAN_IP + "#DeletePortMapping", body);

        assertThat(answer).isEqualTo(new ControlAnswer(200, Soap.response(Soap.WAN_IP, "DeletePortMapping", "")));
        assertThat(Soap.octets(answer.xml())).hasSize(295);
    }

    @Test
    @Proves("igd:I-SOAP-11")
    void writesOutputsInTheirOrder() {
        wanIp(
                "AddPortMapping",
                Soap.add("5.6.7.8", "8080", "udp", "80", "192.168.1.33", "yes", "cam &lt;1&gt; &amp; door", "60"));
        var entry = "<NewInternalPort>80</NewInternalPort><NewInternalClient>192.168.1.33</NewInternalClient>"
                + "<NewEnabled>1</NewEnabled><NewPortMappingDescription>cam &lt;1&gt; &amp; door</NewPortMappingDescription>"
                + "<NewLeaseDuration>60</NewLeaseDuration>";

        assertThat(wanIp(
                                "GetGenericPortMappingEntry",
                                Soap.request(Soap.WAN_IP, "GetGenericPortMappingEntry", "NewPortMappingIndex", "0"))
                        .xml())
                .isEqualTo(Soap.response(
                        Soap.WAN_IP,
                        "GetGenericPortMappingEntry",
                        "<NewRemoteHost>5.6.7.8</NewRemoteHost><NewExternalPort>8080</NewExternalPort>"
                                + "<NewProtocol>UDP</NewProtocol>" + entry));
        assertThat(wanIp(
                                "GetSpecificPortMappingEntry",
                                Soap.request(
                                        Soap.WAN_IP,
                                        "GetSpecificPortMappingEntry",
                                        "NewRemoteHost",
                                        "5.6.7.8",
                                        "NewExternalPort",
                                        "8080",
                                        "NewProtocol",
                                        "UDP"))
                        .xml())
                .isEqualTo(Soap.response(Soap.WAN_IP, "GetSpecificPortMappingEntry", entry));
    }

    record Status(String action, String outputs) {}

    static Stream<Status> statuses() {
        return Stream.of(
                new Status(
                        "GetStatusInfo",
                        "<NewConnectionStatus>Connected</NewConnectionStatus>"
                                + "<NewLastConnectionError>ERROR_NONE</NewLastConnectionError><NewUptime>4711</NewUptime>"),
                new Status(
                        "GetConnectionTypeInfo",
                        "<NewConnectionType>IP_Routed</NewConnectionType>"
                                + "<NewPossibleConnectionTypes>IP_Routed</NewPossibleConnectionTypes>"),
                new Status(
                        "GetNATRSIPStatus", "<NewRSIPAvailable>0</NewRSIPAvailable><NewNATEnabled>1</NewNATEnabled>"));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void tellsTheStateOfTheConnection(Status status) {
        assertThat(wanIp(status.action(), Soap.request(Soap.WAN_IP, status.action())))
                .isEqualTo(new ControlAnswer(200, Soap.response(Soap.WAN_IP, status.action(), status.outputs())));
    }

    record Disagreement(String why, String header, String body) {}

    static Stream<Disagreement> disagreements() {
        var v3 = Soap.WAN_IP.replace(":1", ":3");
        var status = Soap.request(Soap.WAN_IP, "GetStatusInfo");
        return Stream.of(
                new Disagreement(
                        "an action that is not built",
                        "RequestTermination",
                        Soap.request(Soap.WAN_IP, "RequestTermination")),
                new Disagreement("an action nobody knows", "Reboot", Soap.request(Soap.WAN_IP, "Reboot")),
                new Disagreement(
                        "an action of the second version on the first",
                        "GetListOfPortMappings",
                        Soap.request(Soap.WAN_IP, "GetListOfPortMappings")),
                new Disagreement("another case", "getstatusinfo", Soap.request(Soap.WAN_IP, "getstatusinfo")),
                new Disagreement(
                        "a newer version of the service", v3 + "#GetStatusInfo", Soap.request(v3, "GetStatusInfo")),
                new Disagreement(
                        "another service",
                        Soap.WAN_COMMON + "#GetStatusInfo",
                        Soap.request(Soap.WAN_COMMON, "GetStatusInfo")),
                new Disagreement("header and body name different actions", "GetExternalIPAddress", status),
                new Disagreement("header and body name different versions", Soap.WAN_IP_2 + "#GetStatusInfo", status),
                new Disagreement("a single quote", "'", status),
                new Disagreement("two quotes", "\"\"", status),
                new Disagreement("quotes that do not match", "\"" + Soap.WAN_IP + "#GetStatusInfo'", status),
                new Disagreement("no action", Soap.WAN_IP, status),
                new Disagreement(
                        "no namespace",
                        "#GetStatusInfo",
                        Soap.request("", "GetStatusInfo")
                                .replace(" xmlns:u=\"\"", "")
                                .replace("u:", "")));
    }

    @ParameterizedTest
    @MethodSource("disagreements")
    @Proves({"igd:I-SOAP-04", "igd:I-DESC-10", "igd:Q-11"})
    void doesNotKnow(Disagreement row) {
        var header = row.header().matches("[A-Za-z]+") ? Soap.WAN_IP + "#" + row.header() : row.header();
        assertThat(gateway.post(Soap.WAN_IP, header, row.body()))
                .as(row.why())
                .isEqualTo(new ControlAnswer(500, Soap.fault(401, "Invalid Action")));
        assertThat(gateway.calls.asked()).isEmpty();
    }

    @Test
    @Proves({"igd:I-SOAP-01", "igd:J-05"})
    void takesTheHeaderInEitherQuotesOrNone() {
        var header = Soap.WAN_IP + "#GetStatusInfo";
        for (var soapAction : new String[] {header, "\"" + header + "\"", "'" + header + "'"}) {
            assertThat(gateway.post(Soap.WAN_IP, soapAction, Soap.request(Soap.WAN_IP, "GetStatusInfo"))
                            .status())
                    .as(soapAction)
                    .isEqualTo(200);
        }
    }

    record Bad(String why, String argument, String text, int code) {}

    static Stream<Bad> badValues() {
        return Stream.of(
                new Bad("one above 16 bits", "NewExternalPort", "65536", 402),
                new Bad("a star is no number", "NewExternalPort", "*", 402),
                new Bad("nothing", "NewExternalPort", "", 402),
                new Bad("a sign", "NewExternalPort", "+80", 402),
                new Bad("negative", "NewExternalPort", "-1", 402),
                new Bad("hexadecimal", "NewExternalPort", "0x50", 402),
                new Bad("a blank before", "NewExternalPort", " 80", 402),
                new Bad("a line end behind", "NewExternalPort", "80\n", 402),
                new Bad("Arabic digits", "NewExternalPort", "\u0668\u0660", 402),
                new Bad("full-width digits", "NewExternalPort", "\uff18\uff10", 402),
                new Bad("2^64 + 80", "NewExternalPort", "18446744073709551696", 402),
                new Bad("a fraction", "NewExternalPort", "80.0", 402),
                new Bad("no internal port", "NewInternalPort", "0", 402),
                new Bad("one above 16 bits", "NewInternalPort", "65536", 402),
                new Bad("no client", "NewInternalClient", "", 402),
                new Bad("a lease below zero is not for ever", "NewLeaseDuration", "-1", 402),
                new Bad("letters", "NewLeaseDuration", "abc", 402),
                new Bad("2^32", "NewLeaseDuration", "4294967296", 402),
                new Bad("neither yes nor no", "NewEnabled", "2", 402),
                new Bad("nothing", "NewEnabled", "", 402),
                new Bad("a protocol without ports", "NewProtocol", "SCTP", 601),
                new Bad("another", "NewProtocol", "ICMP", 601),
                new Bad("no protocol", "NewProtocol", "", 601),
                new Bad("a blank in a host", "NewRemoteHost", "a b", 600),
                new Bad("a name, which nobody looks up", "NewRemoteHost", "host.example", 600),
                new Bad("IPv6", "NewRemoteHost", "2001:db8::1", 600),
                new Bad("a name, which nobody looks up", "NewInternalClient", "console.lan", 600),
                new Bad("leading zeros may be octal", "NewInternalClient", "192.168.1.010", 600),
                new Bad("three parts", "NewInternalClient", "192.168.266", 600),
                new Bad("one number", "NewInternalClient", "3232235786", 600),
                new Bad("IPv6 that holds IPv4", "NewInternalClient", "::ffff:192.168.1.33", 600));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    @Proves({"igd:J-06", "igd:Q-11", "igd:I-SOAP-06", "igd:I-SOAP-07", "igd:I-ARG-02", "rel:T-11"})
    void refuses(Bad bad) {
        var body = Soap.add("", "8080", "TCP", "80", "192.168.1.33", "1", "", "0")
                .replaceFirst(
                        "<%1$s>.*</%1$s>".formatted(bad.argument()),
                        "<%1$s>%2$s</%1$s>".formatted(bad.argument(), bad.text()));
        var answer = wanIp("AddPortMapping", body);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.xml())
                .as(bad.argument() + ": " + bad.why())
                .contains("<errorCode>" + bad.code() + "</errorCode>");
        assertThat(gateway.calls.asked()).as("nobody was asked").isEmpty();
    }

    record Shape(String why, String body) {}

    static Stream<Shape> badShapes() {
        var good = Soap.add("", "5000", "UDP", "5000", "192.168.1.33", "1", "no lease", "0");
        var lease = "<NewLeaseDuration>0</NewLeaseDuration>";
        return Stream.of(
                new Shape("an argument is missing", good.replace(lease, "")),
                new Shape("one is there twice", good.replace(lease, lease + lease)),
                new Shape("one is too many", good.replace(lease, lease + "<NewManage>1</NewManage>")),
                new Shape("one has another name", good.replace("NewLeaseDuration", "NewLease")),
                new Shape("one has another case", good.replace("NewLeaseDuration", "newleaseduration")),
                new Shape("none is there", Soap.request(Soap.WAN_IP, "AddPortMapping")),
                new Shape("an ampersand is not escaped", good.replace("no lease", "a&b")),
                new Shape("it is no XML", "AddPortMapping"));
    }

    @ParameterizedTest
    @MethodSource("badShapes")
    @Proves({"igd:J-06", "igd:Q-11", "igd:I-SOAP-06", "igd:I-SOAP-15"})
    void refuses(Shape shape) {
        var answer = wanIp("AddPortMapping", shape.body());
        assertThat(answer).as(shape.why()).isEqualTo(new ControlAnswer(500, INVALID_ARGS));
        assertThat(Soap.octets(answer.xml())).hasSize(421);
        assertThat(gateway.calls.asked()).isEmpty();
    }

    record Good(
            String why,
            String remoteHost,
            String port,
            String protocol,
            String lease,
            PortMappingKey key,
            long seconds) {}

    static Stream<Good> goodValues() {
        return Stream.of(
                new Good("any host", "", "1", "TCP", "0", key("", 1, IpProtocol.TCP), 0),
                new Good("any host as 0.0.0.0", "0.0.0.0", "80", "TCP", "1", key("", 80, IpProtocol.TCP), 1),
                new Good("any host as a star", "*", "80", "UDP", "604800", key("", 80, IpProtocol.UDP), 604_800),
                new Good("one host", "5.6.7.8", "80", "tcp", "604801", key("5.6.7.8", 80, IpProtocol.TCP), 604_801),
                new Good(
                        "all ports, which the engine judges",
                        "",
                        "0",
                        "udp",
                        "4294967295",
                        key("", 0, IpProtocol.UDP),
                        4_294_967_295L),
                new Good("the last port", "", "65535", "Udp", "0", key("", 65_535, IpProtocol.UDP), 0));
    }

    @ParameterizedTest
    @MethodSource("goodValues")
    @Proves({"igd:I-ARG-01", "igd:I-ARG-02", "igd:I-ARG-03", "igd:I-ARG-07"})
    void takes(Good good) {
        wanIp(
                "AddPortMapping",
                Soap.add(good.remoteHost(), good.port(), good.protocol(), "80", "192.168.1.33", "1", "", good.lease()));
        assertThat(gateway.calls.asked())
                .as(good.why())
                .extracting(ScriptedIgdCalls.Asked::action)
                .containsExactly(
                        new IgdAction.AddPortMapping(good.key(), 80, TestGateway.CONSOLE, true, "", good.seconds()));
    }

    @Test
    @Proves("igd:I-SOAP-08")
    void takesBooleansInAllTheirForms() {
        for (var text : new String[] {"1", "true", "yes", "YES", "True", "0", "false", "no", "NO", "False"}) {
            gateway.calls.asked().clear();
            wanIp("AddPortMapping", Soap.add("", "80", "TCP", "80", "192.168.1.33", text, "", "0"));
            assertThat(gateway.calls.asked())
                    .as(text)
                    .extracting(asked -> ((IgdAction.AddPortMapping) asked.action()).enabled())
                    .containsExactly("1trueyes".contains(text.toLowerCase()));
        }
    }

    @Test
    @Proves("igd:I-ARG-06")
    void keepsWholeCharactersOfALongDescription() {
        var emoji = "\uD83D\uDEAA".repeat(1_000);
        wanIp("AddPortMapping", Soap.add("", "80", "TCP", "80", "192.168.1.33", "1", "a" + emoji, "0"));
        var kept = ((IgdAction.AddPortMapping) gateway.calls.asked().get(0).action()).description();
        assertThat(kept).isEqualTo("a" + "\uD83D\uDEAA".repeat(63));
        assertThat(kept.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(256);
        assertThat(wanIp(
                                "GetGenericPortMappingEntry",
                                Soap.request(Soap.WAN_IP, "GetGenericPortMappingEntry", "NewPortMappingIndex", "0"))
                        .xml())
                .contains("<NewPortMappingDescription>" + kept + "</NewPortMappingDescription>");
    }

    @Test
    void failsAloneWhenTheInterworkingBreaks() {
        gateway.calls.breakDown();
        assertThat(wanIp("GetStatusInfo", Soap.request(Soap.WAN_IP, "GetStatusInfo")))
                .isEqualTo(new ControlAnswer(500, Soap.fault(501, "Action Failed")));
    }
}
