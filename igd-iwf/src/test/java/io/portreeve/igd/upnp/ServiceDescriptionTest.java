package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.Descriptions.byName;
import static io.portreeve.igd.upnp.Descriptions.text;
import static io.portreeve.igd.upnp.Descriptions.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.requirements.Proves;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The service descriptions of WANIPConnection:1 and :2, against the specification's tables. */
class ServiceDescriptionTest {
    private final Map<String, String> documents = new TestGateway().gateway.documents();

    private Document connection(IgdFace face) {
        return Descriptions.parsed(documents.get("/t/igd" + (face == IgdFace.V1 ? 1 : 2) + "/WANIPConn1/desc"));
    }

    /** An action with its arguments in order, each with its variable. */
    record Row(String action, List<String> in, List<String> out) {}

    private static final List<String> KEY =
            List.of("NewRemoteHost RemoteHost", "NewExternalPort ExternalPort", "NewProtocol PortMappingProtocol");
    private static final List<String> VALUE = List.of(
            "NewInternalPort InternalPort",
            "NewInternalClient InternalClient",
            "NewEnabled PortMappingEnabled",
            "NewPortMappingDescription PortMappingDescription",
            "NewLeaseDuration PortMappingLeaseDuration");
    private static final List<String> BOTH =
            Stream.concat(KEY.stream(), VALUE.stream()).toList();
    private static final List<String> RANGE = List.of(
            "NewStartPort ExternalPort",
            "NewEndPort ExternalPort",
            "NewProtocol PortMappingProtocol",
            "NewManage A_ARG_TYPE_Manage");

    static Stream<Row> actionsOfBoth() {
        return Stream.of(
                new Row("SetConnectionType", List.of("NewConnectionType ConnectionType"), List.of()),
                new Row(
                        "GetConnectionTypeInfo",
                        List.of(),
                        List.of(
                                "NewConnectionType ConnectionType",
                                "NewPossibleConnectionTypes PossibleConnectionTypes")),
                new Row("RequestConnection", List.of(), List.of()),
                new Row("ForceTermination", List.of(), List.of()),
                new Row(
                        "GetStatusInfo",
                        List.of(),
                        List.of(
                                "NewConnectionStatus ConnectionStatus",
                                "NewLastConnectionError LastConnectionError",
                                "NewUptime Uptime")),
                new Row(
                        "GetNATRSIPStatus",
                        List.of(),
                        List.of("NewRSIPAvailable RSIPAvailable", "NewNATEnabled NATEnabled")),
                new Row("GetGenericPortMappingEntry", List.of("NewPortMappingIndex PortMappingNumberOfEntries"), BOTH),
                new Row("GetSpecificPortMappingEntry", KEY, VALUE),
                new Row("AddPortMapping", BOTH, List.of()),
                new Row("DeletePortMapping", KEY, List.of()),
                new Row("GetExternalIPAddress", List.of(), List.of("NewExternalIPAddress ExternalIPAddress")));
    }

    static Stream<Row> actionsOfTheSecond() {
        return Stream.of(
                new Row("AddAnyPortMapping", BOTH, List.of("NewReservedPort ExternalPort")),
                new Row("DeletePortMappingRange", RANGE, List.of()),
                new Row(
                        "GetListOfPortMappings",
                        Stream.concat(RANGE.stream(), Stream.of("NewNumberOfPorts PortMappingNumberOfEntries"))
                                .toList(),
                        List.of("NewPortListing A_ARG_TYPE_PortListing")));
    }

    static Stream<Row> actionsOf(IgdFace face) {
        return face == IgdFace.V1 ? actionsOfBoth() : Stream.concat(actionsOfBoth(), actionsOfTheSecond());
    }

    @ParameterizedTest
    @EnumSource
    @Proves({"igd:I-DESC-09", "igd:I-DESC-10", "igd:I-CONN-01", "igd:D-21"})
    void describesItsActionsAndNoOthers(IgdFace face) {
        var actions = byName(connection(face), "action");
        assertThat(actions.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        actionsOf(face).map(Row::action).toList());
        assertThat(actionsOf(face)).allSatisfy(row -> {
            assertThat(arguments(actions.get(row.action())))
                    .as(row.action())
                    .containsExactlyElementsOf(Stream.concat(
                                    row.in().stream().map(in -> "in " + in),
                                    row.out().stream().map(out -> "out " + out))
                            .toList());
        });
    }

    private static List<String> arguments(Element action) {
        return Descriptions.elements(action, "argument").stream()
                .map(argument -> text(argument, "direction") + " " + text(argument, "name") + " "
                        + text(argument, "relatedStateVariable"))
                .toList();
    }

    @Test
    void describesEveryVariableItRefersTo() {
        for (var xml : documents.values()) {
            var scpd = Descriptions.parsed(xml);
            assertThat(texts(scpd, "relatedStateVariable"))
                    .isSubsetOf(byName(scpd, "stateVariable").keySet());
        }
    }

    record Typed(String variable, String type) {}

    static Stream<Typed> types() {
        return Stream.of(
                new Typed("ConnectionType", "string"),
                new Typed("PossibleConnectionTypes", "string"),
                new Typed("ConnectionStatus", "string"),
                new Typed("Uptime", "ui4"),
                new Typed("LastConnectionError", "string"),
                new Typed("RSIPAvailable", "boolean"),
                new Typed("NATEnabled", "boolean"),
                new Typed("ExternalIPAddress", "string"),
                new Typed("PortMappingNumberOfEntries", "ui2"),
                new Typed("PortMappingEnabled", "boolean"),
                new Typed("PortMappingLeaseDuration", "ui4"),
                new Typed("RemoteHost", "string"),
                new Typed("ExternalPort", "ui2"),
                new Typed("InternalPort", "ui2"),
                new Typed("PortMappingProtocol", "string"),
                new Typed("InternalClient", "string"),
                new Typed("PortMappingDescription", "string"));
    }

    @ParameterizedTest
    @MethodSource("types")
    @Proves("igd:I-DESC-09")
    void typesItsVariables(Typed row) {
        for (var face : IgdFace.values()) {
            var variable = byName(connection(face), "stateVariable").get(row.variable());
            assertThat(text(variable, "dataType")).isEqualTo(row.type());
        }
    }

    @Test
    @Proves("igd:I-DESC-09")
    void typesTheVariablesOfTheSecondVersion() {
        var first = byName(connection(IgdFace.V1), "stateVariable").keySet();
        var second = byName(connection(IgdFace.V2), "stateVariable");
        assertThat(text(second.get("SystemUpdateID"), "dataType")).isEqualTo("ui4");
        assertThat(text(second.get("A_ARG_TYPE_Manage"), "dataType")).isEqualTo("boolean");
        assertThat(text(second.get("A_ARG_TYPE_PortListing"), "dataType")).isEqualTo("string");
        assertThat(first)
                .containsExactlyInAnyOrderElementsOf(
                        types().map(Typed::variable).toList());
        assertThat(second).hasSize(first.size() + 3);
    }

    @Test
    @Proves({"igd:I-DESC-09", "igd:I-GENA-01"})
    void marksWhatIsEvented() {
        var ofBoth = List.of(
                "ConnectionStatus", "ExternalIPAddress", "PortMappingNumberOfEntries", "PossibleConnectionTypes");
        assertThat(evented(connection(IgdFace.V1))).isEqualTo(ofBoth);
        assertThat(evented(connection(IgdFace.V2)))
                .containsExactlyElementsOf(Stream.concat(ofBoth.stream(), Stream.of("SystemUpdateID"))
                        .toList());
        for (var face : List.of("/t/igd1", "/t/igd2")) {
            assertThat(evented(Descriptions.parsed(documents.get(face + "/L3Forwarding1/desc"))))
                    .containsExactly("DefaultConnectionService");
            assertThat(evented(Descriptions.parsed(documents.get(face + "/WANCommonIFC1/desc"))))
                    .containsExactly("PhysicalLinkStatus");
        }
    }

    private static List<String> evented(Document scpd) {
        return byName(scpd, "stateVariable").entrySet().stream()
                .filter(variable ->
                        variable.getValue().getAttribute("sendEvents").equals("yes"))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    @Proves("igd:I-DESC-09")
    void boundsItsNumbers() {
        var first = byName(connection(IgdFace.V1), "stateVariable");
        var second = byName(connection(IgdFace.V2), "stateVariable");
        assertThat(range(first.get("InternalPort"))).isEqualTo("1..65535");
        assertThat(range(second.get("InternalPort"))).isEqualTo("1..65535");
        assertThat(range(second.get("PortMappingLeaseDuration"))).isEqualTo("0..604800");
        assertThat(text(second.get("PortMappingLeaseDuration"), "defaultValue")).isEqualTo("3600");
        assertThat(Descriptions.elements(first.get("PortMappingLeaseDuration"), "allowedValueRange"))
                .as("longer leases of the first version are shortened, and not refused")
                .isEmpty();
    }

    private static String range(Element variable) {
        return text(variable, "minimum") + ".." + text(variable, "maximum");
    }
}
