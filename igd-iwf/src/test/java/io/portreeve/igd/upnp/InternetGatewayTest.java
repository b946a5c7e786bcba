package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.Descriptions.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.ssdp.Advertised;
import io.portreeve.requirements.Proves;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class InternetGatewayTest {
    private static final String ROOT = "uuid:" + TestGateway.ID;

    private final TestGateway test = new TestGateway();

    private Document document(String path) {
        return Descriptions.parsed(test.gateway.documents().get(path));
    }

    private Document description(IgdFace face) {
        return document(test.gateway.advertised(face).descriptionPath());
    }

    private static String version(IgdFace face) {
        return face == IgdFace.V1 ? "1" : "2";
    }

    @ParameterizedTest
    @EnumSource
    @Proves({"igd:I-DESC-01", "igd:I-DESC-02", "igd:I-DESC-03"})
    void isAGatewayOfItsVersionAndNothingElse(IgdFace face) {
        var n = version(face);
        assertThat(texts(description(face), "deviceType"))
                .containsExactly(
                        "urn:schemas-upnp-org:device:InternetGatewayDevice:" + n,
                        "urn:schemas-upnp-org:device:WANDevice:" + n,
                        "urn:schemas-upnp-org:device:WANConnectionDevice:" + n);
        assertThat(texts(description(face), "serviceType"))
                .containsExactly(Soap.FORWARDING, Soap.WAN_COMMON, "urn:schemas-upnp-org:service:WANIPConnection:" + n);
        assertThat(test.gateway.documents().values())
                .noneMatch(xml -> xml.contains("IPv6") || xml.contains("DeviceProtection"));
    }

    @ParameterizedTest
    @EnumSource
    @Proves("igd:I-DESC-04")
    void namesItsServicesAsEverybodyDoes(IgdFace face) {
        assertThat(texts(description(face), "serviceId"))
                .containsExactly(
                        "urn:upnp-org:serviceId:L3Forwarding1",
                        "urn:upnp-org:serviceId:WANCommonIFC1",
                        "urn:upnp-org:serviceId:WANIPConn1");
    }

    @ParameterizedTest
    @EnumSource
    @Proves("igd:I-DESC-05")
    void describesTheRootAsUpnpWants(IgdFace face) {
        var description = description(face);
        var root = description.getDocumentElement();
        assertThat(root.getNamespaceURI()).isEqualTo("urn:schemas-upnp-org:device-1-0");
        assertThat(texts(description, "friendlyName")).containsOnly("Home & gateway");
        assertThat(Descriptions.children(
                        (Element) root.getElementsByTagName("device").item(0)))
                .containsExactly(
                        "deviceType",
                        "friendlyName",
                        "manufacturer",
                        "modelDescription",
                        "modelName",
                        "modelNumber",
                        "UDN",
                        "serviceList",
                        "deviceList",
                        "presentationURL");
    }

    /** The first version is as old as UPnP 1.0, which had no configId. */
    @ParameterizedTest
    @EnumSource
    @Proves("igd:I-DESC-05")
    void namesItsArchitectureAndItsConfiguration(IgdFace face) {
        var tree = test.gateway.advertised(face);
        var configId = face == IgdFace.V1 ? "" : Integer.toString(tree.configId());
        var paths = new HashSet<>(texts(description(face), "SCPDURL"));
        paths.add(tree.descriptionPath());
        assertThat(paths).hasSize(4).allSatisfy(path -> {
            var document = document(path);
            assertThat(texts(document, "major")).containsExactly("1");
            assertThat(texts(document, "minor")).containsExactly(face == IgdFace.V1 ? "0" : "1");
            assertThat(document.getDocumentElement().getAttribute("configId")).isEqualTo(configId);
        });
    }

    @Test
    @Proves({"igd:I-DESC-06", "igd:C-17"})
    void keepsItsNamesOverARestartAndInBothFaces() {
        var udns = texts(description(IgdFace.V1), "UDN");
        assertThat(udns).doesNotHaveDuplicates().hasSize(3).first().isEqualTo(ROOT);
        assertThat(texts(description(IgdFace.V2), "UDN")).isEqualTo(udns);
        assertThat(new TestGateway().gateway.documents()).isEqualTo(test.gateway.documents());
    }

    @Test
    void numbersEveryConfiguration() {
        var other = new InternetGateway(
                "/t",
                TestGateway.ID,
                "Another name",
                test.calls,
                TestGateway.link(true, 0, new WanLink.Traffic(0, 0, 0, 0)));
        var numbers = new HashSet<Integer>();
        for (var face : IgdFace.values()) {
            int number = test.gateway.advertised(face).configId();
            assertThat(number).isBetween(0, 0xFF_FFFF);
            assertThat(new TestGateway().gateway.advertised(face).configId())
                    .as("after a restart")
                    .isEqualTo(number);
            numbers.addAll(List.of(number, other.advertised(face).configId()));
        }
        assertThat(numbers).as("of two faces and two names").hasSize(4);
    }

    /** No URLBase, so a control point takes the host it read the description from. */
    @Test
    @Proves("igd:I-DESC-07")
    void servesEveryUrlItNames() {
        var scpds = new HashSet<String>();
        var controls = new HashSet<String>();
        var events = new HashSet<String>();
        for (var face : IgdFace.values()) {
            var description = description(face);
            assertThat(texts(description, "URLBase")).isEmpty();
            scpds.addAll(texts(description, "SCPDURL"));
            controls.addAll(texts(description, "controlURL"));
            events.addAll(texts(description, "eventSubURL"));
        }
        assertThat(test.gateway.documents().keySet()).hasSize(8).containsAll(scpds);
        assertThat(test.gateway.controls().keySet()).isEqualTo(controls).hasSize(5);
        assertThat(test.gateway.eventPaths()).isEqualTo(events).hasSize(6);
        assertThat(List.of(scpds, controls, events))
                .allSatisfy(paths -> assertThat(paths).allMatch(path -> path.startsWith("/t/igd")));
    }

    /** Where a call names its version it may come to either; SUBSCRIBE names none, and two services are the same in both. */
    @Test
    @Proves("igd:I-DESC-07")
    void sharesOneUrlOfItsFacesOnly() {
        var shared = new HashSet<>(texts(description(IgdFace.V1), "controlURL"));
        shared.retainAll(texts(description(IgdFace.V2), "controlURL"));
        assertThat(shared).containsExactly("/t/igd1/WANIPConn1/action");
        for (var url : List.of("SCPDURL", "eventSubURL")) {
            assertThat(texts(description(IgdFace.V1), url))
                    .doesNotContainAnyElementsOf(texts(description(IgdFace.V2), url));
        }
    }

    @Test
    @Proves({"igd:I-DESC-08", "igd:Q-14"})
    void hasAPageForPeople() {
        for (var face : IgdFace.values()) {
            assertThat(texts(description(face), "presentationURL"))
                    .singleElement()
                    .satisfies(path ->
                            assertThat(test.gateway.pages().get(path)).contains("<title>Home &amp; gateway</title>"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Proves({"igd:I-SSDP-02", "igd:I-SSDP-07", "igd:I-SSDP-08", "igd:J-03"})
    void advertisesEachServiceUnderItsOwnDevice(IgdFace face) {
        var n = version(face);
        var udns = texts(description(face), "UDN");
        assertThat(test.gateway.advertised(face).advertised())
                .containsExactly(
                        new Advertised("upnp:rootdevice", ROOT),
                        new Advertised(ROOT, ROOT),
                        new Advertised("urn:schemas-upnp-org:device:InternetGatewayDevice:" + n, ROOT),
                        new Advertised(Soap.FORWARDING, ROOT),
                        new Advertised(udns.get(1), udns.get(1)),
                        new Advertised("urn:schemas-upnp-org:device:WANDevice:" + n, udns.get(1)),
                        new Advertised(Soap.WAN_COMMON, udns.get(1)),
                        new Advertised(udns.get(2), udns.get(2)),
                        new Advertised("urn:schemas-upnp-org:device:WANConnectionDevice:" + n, udns.get(2)),
                        new Advertised("urn:schemas-upnp-org:service:WANIPConnection:" + n, udns.get(2)));
    }
}
