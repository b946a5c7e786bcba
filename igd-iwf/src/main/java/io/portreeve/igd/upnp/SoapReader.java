package io.portreeve.igd.upnp;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a SOAP request without trusting it: UTF-8 only, no DTD and so no entities but XML's own five, bounded depth and number.
 *
 * <p>Forgives what control points differ in: prefixes, order, XML declaration, encodingStyle. Source: UPnP Device Architecture 1.1
 * section 3.2.1.
 */
final class SoapReader {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_ELEMENTS = 64;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final char REPLACEMENT = '\uFFFD';

    private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();

    SoapReader() {
        factory.setProperty("jdk.xml.dtd.support", "deny");
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    }

    /** {@return what {@code body} says, or empty if it is not UTF-8} */
    static Optional<String> text(byte[] body) {
        try {
            var text = new String(body, StandardCharsets.UTF_8);
            if (text.indexOf(REPLACEMENT) >= 0) { // of a wrong octet, unless it is written so
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            }
            return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** {@return the call, or empty if {@code body} is not a SOAP request} */
    Optional<SoapCall> read(byte[] body) {
        return text(body).flatMap(xml -> PlainSoap.read(xml).or(() -> parse(xml)));
    }

    /** The same, by the parser alone. */
    Optional<SoapCall> parse(String xml) {
        try {
            return Optional.of(new Document(parser(xml)).call());
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    /** The factory does not promise to serve several threads at once. */
    private synchronized XMLStreamReader parser(String xml) throws XMLStreamException {
        return factory.createXMLStreamReader(new StringReader(xml));
    }

    /** One document being read, from its first element to its last. */
    private static final class Document {
        private final XMLStreamReader in;
        private int depth;
        private int elements;

        Document(XMLStreamReader in) {
            this.in = in;
        }

        SoapCall call() throws XMLStreamException {
            var encoding = in.getCharacterEncodingScheme();
            require(encoding == null || encoding.equalsIgnoreCase("utf-8"));
            require(!"1.1".equals(in.getVersion())); // it allows control characters
            require(nextElement() && in.getLocalName().equals("Envelope"));
            require(nextElement());
            if (in.getLocalName().equals("Header")) {
                skip();
                require(nextElement());
            }
            require(in.getLocalName().equals("Body"));
            require(nextElement());
            var call = action();
            require(!nextElement());
            require(!nextElement());
            while (in.hasNext()) {
                in.next();
            }
            return call;
        }

        private SoapCall action() throws XMLStreamException {
            var urn = Optional.ofNullable(in.getNamespaceURI()).orElse("");
            var name = in.getLocalName();
            var arguments = new ArrayList<SoapCall.Argument>();
            while (nextElement()) {
                arguments.add(new SoapCall.Argument(in.getLocalName(), text()));
            }
            return new SoapCall(urn, name, arguments);
        }

        /** {@return the text of the element just begun}; moves to its end. */
        private String text() throws XMLStreamException {
            depth--;
            return in.getElementText();
        }

        /** {@return true at the begin of an element, false at the end of the one around it} */
        private boolean nextElement() throws XMLStreamException {
            boolean begins = in.nextTag() == XMLStreamReader.START_ELEMENT;
            depth += begins ? 1 : -1;
            elements += begins ? 1 : 0;
            require(depth <= MAX_DEPTH && elements <= MAX_ELEMENTS);
            return begins;
        }

        private void skip() throws XMLStreamException {
            int around = depth - 1;
            while (depth > around) {
                switch (in.next()) {
                    case XMLStreamReader.START_ELEMENT -> depth++;
                    case XMLStreamReader.END_ELEMENT -> depth--;
                    default -> {}
                }
                require(depth <= MAX_DEPTH);
            }
        }

        private static void require(boolean met) throws XMLStreamException {
            if (!met) {
                throw new XMLStreamException("not a SOAP request");
            }
        }
    }
}
