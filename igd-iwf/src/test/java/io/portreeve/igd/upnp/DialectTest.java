package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.iwf.PortRange;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.requirements.Proves;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One control URL, two versions of WANIPConnection: each call is answered in the version it names. */
class DialectTest {
    private static final PortMappingKey KEY = new PortMappingKey(Optional.empty(), 8080, IpProtocol.TCP);

    private final TestGateway gateway = new TestGateway();

    private ControlAnswer call(String urn, String action, String... arguments) {
        return gateway.call(urn, action, Soap.request(urn, action, arguments));
    }

    private static int code(ControlAnswer answer) {
        var xml = answer.xml();
        int begin = xml.indexOf("<errorCode>");
        return begin < 0 ? 0 : Integer.parseInt(xml.substring(begin + 11, begin + 14));
    }

    @Test
    @Proves({"igd:I-SOAP-02", "igd:I-SOAP-03", "igd:I-DESC-07", "igd:J-01"})
    void answersInTheVersionThatTheCallNames() {
        for (var urn : List.of(Soap.WAN_IP, Soap.WAN_IP_2)) {
            assertThat(call(urn, "RequestConnection"))
                    .isEqualTo(new ControlAnswer(200, Soap.response(urn, "RequestConnection", "")));
        }
        assertThat(gateway.calls.asked())
                .extracting(ScriptedIgdCalls.Asked::face)
                .containsExactly(IgdFace.V1, IgdFace.V2);
    }

    /** Their URN is the same in both faces, so the URL has to tell. */
    @Test
    @Proves({"igd:I-SOAP-03", "igd:I-L3F-01"})
    void answersWhereTheVersionIsNotNamedByTheUrl() {
        var body = Soap.octets(Soap.request(Soap.FORWARDING, "GetDefaultConnectionService"));
        for (var n : List.of("1", "2")) {
            assertThat(gateway.gateway
                            .controls()
                            .get("/t/igd" + n + "/L3Forwarding1/action")
                            .answer(TestGateway.CONSOLE, Soap.FORWARDING + "#GetDefaultConnectionService", body)
                            .xml())
                    .contains(":WANConnectionDevice:" + n + ",urn:upnp-org:serviceId:WANIPConn1<");
        }
    }

    record Row(String why, String[] changed, int onV1, int onV2) {
        Row(String why, int onV1, int onV2, String... changed) {
            this(why, changed, onV1, onV2);
        }
    }

    /** A good request with two things wrong: what is checked first is what is told. */
    static Stream<Row> checks() {
        return Stream.of(
                new Row("nothing", 0, 0),
                new Row("402 before 601", 402, 402, "NewExternalPort", "x", "NewProtocol", "SCTP"),
                new Row("402 before 600", 402, 402, "NewLeaseDuration", "-1", "NewRemoteHost", "a b"),
                new Row("402 before a wildcard", 402, 402, "NewEnabled", "2", "NewInternalPort", "0"),
                new Row("601 before 600", 601, 601, "NewProtocol", "ICMP", "NewInternalClient", "a b"),
                new Row("601 before a wildcard on v2", 402, 601, "NewProtocol", "ICMP", "NewInternalPort", "0"),
                new Row("600 before a wildcard on v2", 402, 600, "NewRemoteHost", "a b", "NewInternalClient", ""),
                new Row("600 before a wildcard on v2", 402, 600, "NewInternalClient", "a b", "NewInternalPort", "0"),
                new Row("no client is no bad address", 402, 715, "NewInternalClient", ""),
                new Row("no port is not out of range", 402, 732, "NewInternalPort", "0"),
                new Row("zeros are zero", 402, 732, "NewInternalPort", "000"),
                new Row("a week", 0, 0, "NewLeaseDuration", "604800"),
                new Row("more than a week", 0, 601, "NewLeaseDuration", "604801"),
                new Row("the longest there is", 0, 601, "NewLeaseDuration", "4294967295"),
                new Row("no number of 32 bits", 402, 402, "NewLeaseDuration", "4294967296"),
                new Row("no lease named", 0, 0, "NewLeaseDuration", "0"),
                new Row("a disabled mapping is judged later", 0, 0, "NewEnabled", "0"),
                new Row("all ports are judged later", 0, 0, "NewExternalPort", "0"));
    }

    @ParameterizedTest
    @MethodSource("checks")
    @Proves({"igd:I-SOAP-07", "igd:I-ARG-04", "igd:I-ARG-05", "igd:I-ARG-07", "igd:I-LEASE-03", "igd:C-18"})
    void checksInOrder(Row row) {
        for (var action : List.of("AddPortMapping", "AddAnyPortMapping")) {
            var answer = call(Soap.WAN_IP_2, action, mapping(row.changed()));
            assertThat(code(answer)).as(action + ": " + row.why()).isEqualTo(row.onV2());
        }
        assertThat(gateway.calls.asked()).hasSize(row.onV2() == 0 ? 2 : 0);
        assertThat(code(call(Soap.WAN_IP, "AddPortMapping", mapping(row.changed()))))
                .as(row.why())
                .isEqualTo(row.onV1());
    }

    /** @param changed name, text, name, text, ... */
    private static String[] mapping(String... changed) {
        var arguments = new String[] {
            "NewRemoteHost",
            "",
            "NewExternalPort",
            "8080",
            "NewProtocol",
            "TCP",
            "NewInternalPort",
            "80",
            "NewInternalClient",
            "192.168.1.33",
            "NewEnabled",
            "1",
            "NewPortMappingDescription",
            "cam",
            "NewLeaseDuration",
            "3600"
        };
        for (int i = 0; i < changed.length; i += 2) {
            arguments[List.of(arguments).indexOf(changed[i]) + 1] = changed[i + 1];
        }
        return arguments;
    }

    @Test
    void asksForAnyPort() {
        var answer = call(Soap.WAN_IP_2, "AddAnyPortMapping", mapping());
        assertThat(answer)
                .isEqualTo(new ControlAnswer(
                        200,
                        Soap.response(Soap.WAN_IP_2, "AddAnyPortMapping", "<NewReservedPort>8080</NewReservedPort>")));
        assertThat(gateway.calls.asked())
                .containsExactly(new ScriptedIgdCalls.Asked(
                        TestGateway.CONSOLE,
                        IgdFace.V2,
                        new IgdAction.AddAnyPortMapping(KEY, 80, TestGateway.CONSOLE, true, "cam", 3600)));
    }

    private ControlAnswer range(String action, String first, String last, String protocol, String... more) {
        var arguments = Stream.concat(
                Stream.of("NewStartPort", first, "NewEndPort", last, "NewProtocol", protocol), Stream.of(more));
        return call(Soap.WAN_IP_2, action, arguments.toArray(String[]::new));
    }

    @Test
    void asksForRanges() {
        assertThat(range("DeletePortMappingRange", "1024", "65535", "udp", "NewManage", "yes"))
                .isEqualTo(new ControlAnswer(200, Soap.response(Soap.WAN_IP_2, "DeletePortMappingRange", "")));
        range("GetListOfPortMappings", "0", "9", "TCP", "NewManage", "0", "NewNumberOfPorts", "65535");
        assertThat(gateway.calls.asked())
                .extracting(ScriptedIgdCalls.Asked::action)
                .containsExactly(
                        new IgdAction.DeletePortMappingRange(new PortRange(1024, 65_535, IpProtocol.UDP), true),
                        new IgdAction.GetListOfPortMappings(new PortRange(0, 9, IpProtocol.TCP), false, 65_535));
    }

    @Test
    void knowsTwoProtocolsInRanges() {
        assertThat(code(range("DeletePortMappingRange", "1", "2", "SCTP", "NewManage", "0")))
                .isEqualTo(601);
        assertThat(code(range("GetListOfPortMappings", "1", "2", "", "NewManage", "0", "NewNumberOfPorts", "0")))
                .isEqualTo(601);
        assertThat(gateway.calls.asked()).isEmpty();
    }

    record Type(String type, int code) {}

    static Stream<Type> types() {
        return Stream.of(
                new Type("IP_Routed", 731),
                new Type("IP_Bridged", 731),
                new Type("Unconfigured", 731),
                new Type("PPPoE_Bridged", 601),
                new Type("ip_routed", 601),
                new Type("", 601));
    }

    @ParameterizedTest
    @MethodSource("types")
    @Proves("igd:I-CONN-03")
    void keepsTheConnectionType(Type row) {
        for (var urn : List.of(Soap.WAN_IP, Soap.WAN_IP_2)) {
            assertThat(code(call(urn, "SetConnectionType", "NewConnectionType", row.type())))
                    .as(row.type())
                    .isEqualTo(row.code());
        }
    }

    @Test
    @Proves("igd:I-CONN-05")
    void keepsTheConnection() {
        assertThat(call(Soap.WAN_IP, "ForceTermination"))
                .isEqualTo(new ControlAnswer(500, Soap.fault(606, "Action not authorized")));
    }

    record Variable(String name, String text) {}

    static Stream<Variable> variables() {
        return Stream.of(
                new Variable("ConnectionStatus", "Connected"),
                new Variable("ExternalIPAddress", "203.0.114.1"),
                new Variable("PortMappingNumberOfEntries", "1"));
    }

    @ParameterizedTest
    @MethodSource("variables")
    @Proves({"igd:I-SOAP-18", "igd:Q-14"})
    void tellsAVariableToWindowsXp(Variable row) {
        call(Soap.WAN_IP, "AddPortMapping", mapping());
        assertThat(call(VariableQuery.URN, "QueryStateVariable", "varName", row.name()))
                .isEqualTo(new ControlAnswer(
                        200,
                        Soap.response(VariableQuery.URN, "QueryStateVariable", "<return>" + row.text() + "</return>")));
    }

    @Test
    @Proves("igd:I-SOAP-18")
    void knowsNoOtherVariables() {
        assertThat(call(VariableQuery.URN, "QueryStateVariable", "varName", "InternalClient"))
                .isEqualTo(new ControlAnswer(500, Soap.fault(404, "Invalid Var")));
        assertThat(call(VariableQuery.URN, "QueryStateVariable", "name", "ConnectionStatus"))
                .isEqualTo(new ControlAnswer(500, Soap.fault(402, "Invalid Args")));
        gateway.calls.refuseWith(IgdError.ACTION_FAILED);
        assertThat(call(VariableQuery.URN, "QueryStateVariable", "varName", "ConnectionStatus"))
                .isEqualTo(new ControlAnswer(500, Soap.fault(501, "Action Failed")));
    }
}
