package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.jupnp.model.action.ActionException;
import org.xml.sax.InputSource;

class SoapWriterTest {

    /** What goes in as text comes out as the same text, and never as markup; what XML cannot hold is replaced. */
    @Test
    void writesTextThatAnyParserReadsBack() throws Exception {
        var hostile = "]]> <b>&amp; \"'\r\n\t \u001b[31m \u0000 \u202e ${jndi:ldap://x} \uD83D\uDEAA \uFFFF";
        var xml = SoapWriter.fault(new ActionException(501, hostile));
        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        assertThat(document.getElementsByTagName("errorDescription").item(0).getTextContent())
                .isEqualTo(hostile.replace('\u001b', '\uFFFD')
                        .replace('\u0000', '\uFFFD')
                        .replace('\uFFFF', '\uFFFD'));
    }
}
