package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.ssdp.Advertised;
import io.portreeve.requirements.Proves;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class InternetGatewayTest {
    private static final String ROOT = "uuid:" + TestGateway.ID;

    private final TestGateway test = new TestGateway();
    private final Document description = document(test.gateway.descriptionPath());

    private Document document(String path) {
        try {
            var xml = test.gateway.documents().get(path);
            return DocumentBuilderFactory.newNSInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)));
        } catch (Exception e) {
            throw new AssertionError(path, e);
        }
    }

    private static List<String> texts(Document document, String name) {
        var nodes = document.getElementsByTagNameNS("*", name);
        var texts = new ArrayList<String>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    @Proves("igd:I-DESC-02")
    void isAVersion1GatewayAndNothingElse() {
        assertThat(texts(description, "deviceType"))
                .containsExactly(
                        "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
                        "urn:schemas-upnp-org:device:WANDevice:1",
                        "urn:schemas-upnp-org:device:WANConnectionDevice:1");
        assertThat(texts(description, "serviceType")).containsExactly(Soap.FORWARDING, Soap.WAN_COMMON, Soap.WAN_IP);
        assertThat(test.gateway.documents().values())
                .noneMatch(xml -> xml.contains("IPv6") || xml.contains("DeviceProtection"));
    }

    @Test
    @Proves("igd:I-DESC-04")
    void namesItsServicesAsEverybodyDoes() {
        assertThat(texts(description, "serviceId"))
                .containsExactly(
                        "urn:upnp-org:serviceId:L3Forwarding1",
                        "urn:upnp-org:serviceId:WANCommonIFC1",
                        "urn:upnp-org:serviceId:WANIPConn1");
    }

    @Test
    void describesTheRootAsUpnpWants() {
        var root = description.getDocumentElement();
        assertThat(root.getNamespaceURI()).isEqualTo("urn:schemas-upnp-org:device-1-0");
        assertThat(texts(description, "major")).containsExactly("1");
        assertThat(texts(description, "minor")).containsExactly("0");
        assertThat(texts(description, "friendlyName")).containsOnly("Home & gateway");
        assertThat(children((Element) root.getElementsByTagName("device").item(0)))
                .containsExactly(
                        "deviceType",
                        "friendlyName",
                        "manufacturer",
                        "modelDescription",
                        "modelName",
                        "modelNumber",
                        "UDN",
                        "serviceList",
                        "deviceList");
    }

    private static List<String> children(Element element) {
        var names = new ArrayList<String>();
        for (var child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            names.add(child.getLocalName());
        }
        return names;
    }

    @Test
    void keepsItsNamesOverARestart() {
        var again = new TestGateway();
        assertThat(again.gateway.documents()).isEqualTo(test.gateway.documents());
        assertThat(again.gateway.configId()).isEqualTo(test.gateway.configId()).isBetween(0, 0xFF_FFFF);
        assertThat(texts(description, "UDN"))
                .doesNotHaveDuplicates()
                .hasSize(3)
                .first()
                .isEqualTo(ROOT);
    }

    @Test
    void numbersEveryConfiguration() {
        var other = new InternetGateway(
                "/t/igd1",
                TestGateway.ID,
                "Another name",
                test.calls,
                TestGateway.link(true, 0, new WanLink.Traffic(0, 0, 0, 0)));
        assertThat(other.configId()).isNotEqualTo(test.gateway.configId());
    }

    /** No URLBase, so a control point takes the host it read the description from. */
    @Test
    void servesEveryUrlItNames() {
        assertThat(texts(description, "URLBase")).isEmpty();
        assertThat(test.gateway.documents().keySet()).containsAll(texts(description, "SCPDURL"));
        assertThat(test.gateway.controls().keySet())
                .containsExactlyInAnyOrderElementsOf(texts(description, "controlURL"));
        assertThat(test.gateway.eventPaths()).containsExactlyInAnyOrderElementsOf(texts(description, "eventSubURL"));
        assertThat(test.gateway.documents().keySet()).allMatch(path -> path.startsWith("/t/igd1/"));
    }

    @Test
    @Proves("igd:I-SSDP-08")
    void advertisesEachServiceUnderItsOwnDevice() {
        var udns = texts(description, "UDN");
        assertThat(test.gateway.advertised())
                .containsExactly(
                        new Advertised("upnp:rootdevice", ROOT),
                        new Advertised(ROOT, ROOT),
                        new Advertised("urn:schemas-upnp-org:device:InternetGatewayDevice:1", ROOT),
                        new Advertised(Soap.FORWARDING, ROOT),
                        new Advertised(udns.get(1), udns.get(1)),
                        new Advertised("urn:schemas-upnp-org:device:WANDevice:1", udns.get(1)),
                        new Advertised(Soap.WAN_COMMON, udns.get(1)),
                        new Advertised(udns.get(2), udns.get(2)),
                        new Advertised("urn:schemas-upnp-org:device:WANConnectionDevice:1", udns.get(2)),
                        new Advertised(Soap.WAN_IP, udns.get(2)));
    }

    record Row(String action, List<String> in, List<String> out) {}

    static Stream<Row> actions() {
        var key = List.of("NewRemoteHost", "NewExternalPort", "NewProtocol");
        var value = List.of(
                "NewInternalPort", "NewInternalClient", "NewEnabled", "NewPortMappingDescription", "NewLeaseDuration");
        var both = Stream.concat(key.stream(), value.stream()).toList();
        return Stream.of(
                new Row("AddPortMapping", both, List.of()),
                new Row("DeletePortMapping", key, List.of()),
                new Row("GetGenericPortMappingEntry", List.of("NewPortMappingIndex"), both),
                new Row("GetSpecificPortMappingEntry", key, value),
                new Row("GetExternalIPAddress", List.of(), List.of("NewExternalIPAddress")),
                new Row("GetConnectionTypeInfo", List.of(), List.of("NewConnectionType", "NewPossibleConnectionTypes")),
                new Row(
                        "GetStatusInfo",
                        List.of(),
                        List.of("NewConnectionStatus", "NewLastConnectionError", "NewUptime")),
                new Row("GetNATRSIPStatus", List.of(), List.of("NewRSIPAvailable", "NewNATEnabled")));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void describesArgumentsInTheirOrder(Row row) {
        var action = elements(document("/t/igd1/WANIPConn1/desc"), "action").get(row.action());
        assertThat(arguments(action, "in")).isEqualTo(row.in());
        assertThat(arguments(action, "out")).isEqualTo(row.out());
    }

    @Test
    void describesNoOtherActions() {
        assertThat(elements(document("/t/igd1/WANIPConn1/desc"), "action").keySet())
                .containsExactlyInAnyOrderElementsOf(actions().map(Row::action).toList());
    }

    @Test
    void describesEveryVariableItRefersTo() {
        for (var path : texts(description, "SCPDURL")) {
            var scpd = document(path);
            assertThat(texts(scpd, "relatedStateVariable"))
                    .isSubsetOf(elements(scpd, "stateVariable").keySet());
        }
    }

    @Test
    void typesItsVariables() {
        var variables = elements(document("/t/igd1/WANIPConn1/desc"), "stateVariable");
        assertThat(typeOf(variables, "ExternalPort")).isEqualTo("ui2");
        assertThat(typeOf(variables, "PortMappingNumberOfEntries")).isEqualTo("ui2");
        assertThat(typeOf(variables, "PortMappingLeaseDuration")).isEqualTo("ui4");
        assertThat(typeOf(variables, "PortMappingEnabled")).isEqualTo("boolean");
        assertThat(typeOf(variables, "RemoteHost")).isEqualTo("string");
        assertThat(variables.entrySet().stream()
                        .filter(variable ->
                                variable.getValue().getAttribute("sendEvents").equals("yes"))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "PossibleConnectionTypes",
                        "ConnectionStatus",
                        "ExternalIPAddress",
                        "PortMappingNumberOfEntries");
    }

    private static String typeOf(Map<String, Element> variables, String name) {
        return variables.get(name).getElementsByTagName("dataType").item(0).getTextContent();
    }

    private static Map<String, Element> elements(Document scpd, String kind) {
        var byName = new TreeMap<String, Element>();
        var nodes = scpd.getElementsByTagName(kind);
        for (int i = 0; i < nodes.getLength(); i++) {
            var element = (Element) nodes.item(i);
            byName.put(element.getElementsByTagName("name").item(0).getTextContent(), element);
        }
        return byName;
    }

    private static List<String> arguments(Element action, String direction) {
        var names = new ArrayList<String>();
        var nodes = action.getElementsByTagName("argument");
        for (int i = 0; i < nodes.getLength(); i++) {
            var argument = (Element) nodes.item(i);
            if (argument.getElementsByTagName("direction")
                    .item(0)
                    .getTextContent()
                    .equals(direction)) {
                names.add(argument.getElementsByTagName("name").item(0).getTextContent());
            }
        }
        return names;
    }
}
