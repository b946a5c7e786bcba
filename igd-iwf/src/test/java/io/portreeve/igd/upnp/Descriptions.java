package io.portreeve.igd.upnp;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What a control point reads of the gateway. */
final class Descriptions {
    private Descriptions() {}

    static Document parsed(String xml) {
        try {
            return DocumentBuilderFactory.newNSInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)));
        } catch (Exception e) {
            throw new AssertionError(xml, e);
        }
    }

    static List<Element> elements(Document document, String name) {
        return elements(document.getDocumentElement(), name);
    }

    static List<Element> elements(Element around, String name) {
        var nodes = around.getElementsByTagNameNS("*", name);
        var elements = new ArrayList<Element>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    static List<String> texts(Document document, String name) {
        return elements(document, name).stream().map(Element::getTextContent).toList();
    }

    /** {@return the elements of {@code kind} by the name that each holds} */
    static Map<String, Element> byName(Document scpd, String kind) {
        var byName = new TreeMap<String, Element>();
        elements(scpd, kind).forEach(element -> byName.put(text(element, "name"), element));
        return byName;
    }

    /** {@return the text of the first {@code name} in {@code element}} */
    static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent();
    }

    static List<String> children(Element element) {
        var names = new ArrayList<String>();
        for (var child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            names.add(child.getLocalName());
        }
        return names;
    }
}
