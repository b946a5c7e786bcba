package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class PortListingTest {
    private static final String SPACE = "urn:schemas-upnp-org:gw:WANIPConnection";

    private static IgdReply.Entry entry(String remoteHost, int port, String description) {
        var key = new PortMappingKey(
                Optional.of(remoteHost).filter(h -> !h.isEmpty()).map(PcpAddress::parse), port, IpProtocol.UDP);
        return new IgdReply.Entry(key, 80, TestGateway.CONSOLE, description, 60);
    }

    @Test
    @Proves({"igd:I-LIST-01", "igd:I-LIST-02"})
    void isADocumentOfItsOwn() {
        var list = Descriptions.parsed(PortListing.of(List.of(entry("", 8080, "a"), entry("5.6.7.8", 9090, ""))));

        var root = list.getDocumentElement();
        assertThat(root.getLocalName()).isEqualTo("PortMappingList");
        assertThat(root.getAttributeNS("http://www.w3.org/2001/XMLSchema-instance", "schemaLocation"))
                .isEqualTo(SPACE + " http://www.upnp.org/schemas/gw/WANIPConnection-v2.xsd");
        assertThat(Descriptions.children(root)).containsExactly("PortMappingEntry", "PortMappingEntry");
        var last = (Element) root.getLastChild();
        assertThat(Descriptions.children(last))
                .containsExactly(
                        "NewRemoteHost",
                        "NewExternalPort",
                        "NewProtocol",
                        "NewInternalPort",
                        "NewInternalClient",
                        "NewEnabled",
                        "NewDescription",
                        "NewLeaseTime");
        assertThat(List.of(root, last, (Element) last.getFirstChild()))
                .extracting(Element::getNamespaceURI)
                .containsOnly(SPACE);
        assertThat(Descriptions.texts(list, "NewRemoteHost")).containsExactly("", "5.6.7.8");
        assertThat(Descriptions.texts(list, "NewLeaseTime")).containsExactly("60", "60");
    }

    /** Escaped here and wrapped in the answer, so two parsers have to read it. */
    @Test
    @Proves({"igd:I-LIST-05", "igd:I-SOAP-15"})
    void keepsADescriptionThroughTwoParsers() {
        var hostile = "a<b&\"c\" ]]> &amp;lt; '\r\n\t \u001b[31m \u0000 \u202e \uD83D\uDEAA \uFFFF";
        var answer = new StringBuilder();
        XmlText.document("NewPortListing", PortListing.of(List.of(entry("", 8080, hostile))), answer);

        var listing =
                Descriptions.parsed(answer.toString()).getDocumentElement().getTextContent();
        var list = Descriptions.parsed(listing);

        assertThat(Descriptions.texts(list, "NewDescription"))
                .containsExactly(hostile.replace('\u001b', '\uFFFD')
                        .replace('\u0000', '\uFFFD')
                        .replace('\uFFFF', '\uFFFD'));
    }
}
