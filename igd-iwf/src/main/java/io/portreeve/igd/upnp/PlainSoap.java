package io.portreeve.igd.upnp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads a SOAP request as nearly all control points write it, without an XML parser, which would take a quarter of a call's time.
 * UPnP Device Architecture 1.1 section 3.2.1.
 *
 * <p>It knows of XML what those need: elements, namespaces and printable ASCII. Whatever else it meets it leaves to the parser, so
 * nothing is understood here that the parser would refuse, or understand otherwise.
 */
final class PlainSoap {
    private static final String DECLARATION = "<?xml version=\"1.0\"";
    private static final String ENCODING = " encoding=\"utf-8\"";
    private static final String ENCODING_STYLE = ":encodingStyle";
    private static final String XMLNS = "xmlns";
    private static final String XMLNS_PREFIX = "xmlns:";
    private static final int MAX_ATTRIBUTES = 8;
    private static final int MAX_ARGUMENTS = 60;
    private static final char NONE = 0;

    private final String text;
    private final Map<String, String> namespaces = new TreeMap<>();
    private int at;

    private PlainSoap(String text) {
        this.text = text;
    }

    /** {@return the call, or empty if only a parser can say what {@code xml} is} */
    static Optional<SoapCall> read(String xml) {
        try {
            return Optional.of(new PlainSoap(xml).call());
        } catch (NotPlain e) {
            return Optional.empty();
        }
    }

    /** What follows needs a parser. */
    private static final class NotPlain extends Exception {
        private static final long serialVersionUID = 1;
        private static final NotPlain IT = new NotPlain();

        private NotPlain() {
            super("not plain", null, false, false); // it says nothing but that, so it takes no time
        }
    }

    private static void require(boolean plain) throws NotPlain {
        if (!plain) {
            throw NotPlain.IT;
        }
    }

    private SoapCall call() throws NotPlain {
        declaration();
        var envelope = begin("Envelope");
        var body = begin("Body");
        var action = begin();
        var arguments = arguments();
        end(action);
        end(body);
        end(envelope);
        space();
        require(at == text.length());
        return new SoapCall(namespaces.getOrDefault(prefix(action), ""), local(action), arguments);
    }

    private void declaration() throws NotPlain {
        if (!follows(DECLARATION)) {
            return;
        }
        if (text.regionMatches(true, at, ENCODING, 0, ENCODING.length()) && text.startsWith(" encoding=", at)) {
            at += ENCODING.length();
        }
        require(follows("?>"));
    }

    private boolean follows(String token) {
        boolean does = text.startsWith(token, at);
        at += does ? token.length() : 0;
        return does;
    }

    private char next() {
        return at < text.length() ? text.charAt(at) : NONE;
    }

    /** {@return true if there is any} */
    private boolean space() {
        int before = at;
        while (isSpace(next())) {
            at++;
        }
        return at > before;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private String begin(String local) throws NotPlain {
        var name = begin();
        require(local(name).equals(local));
        return name;
    }

    private String begin() throws NotPlain {
        space();
        require(follows("<"));
        var name = name();
        attributes();
        require(follows(">") && isBound(prefix(name)));
        return name;
    }

    private void end(String begun) throws NotPlain {
        space();
        close(begun);
    }

    private void close(String begun) throws NotPlain {
        require(follows("</") && follows(begun));
        space();
        require(follows(">"));
    }

    /** {@return a name, with its prefix and a colon if it has one} */
    private String name() throws NotPlain {
        int begin = at;
        word();
        if (follows(":")) {
            word();
        }
        return text.substring(begin, at);
    }

    private static String prefix(String name) {
        return name.substring(0, Math.max(0, name.indexOf(':')));
    }

    private static String local(String name) {
        return name.substring(name.indexOf(':') + 1);
    }

    private void word() throws NotPlain {
        require(isLetter(next()));
        for (char c = next(); isLetter(c) || c >= '0' && c <= '9' || c == '.' || c == '-'; c = next()) {
            at++;
        }
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    /** Binds the prefixes first, because the other attributes may stand in front. */
    private void attributes() throws NotPlain {
        List<String> names = new ArrayList<>(0);
        List<String> styled = new ArrayList<>(0);
        while (space() && next() != '>') {
            var name = name();
            require(follows("=") && !names.contains(name) && names.size() < MAX_ATTRIBUTES);
            names.add(name);
            var value = value();
            if (name.equals(XMLNS)) {
                bind("", value);
            } else if (name.startsWith(XMLNS_PREFIX)) {
                bind(local(name), value);
            } else {
                require(name.endsWith(ENCODING_STYLE) && styled.isEmpty());
                styled.add(prefix(name));
            }
        }
        require(styled.isEmpty() || isBound(styled.getFirst()));
    }

    private String value() throws NotPlain {
        require(follows("\""));
        int begin = at;
        at = text.indexOf('"', begin);
        require(at > begin);
        var value = text.substring(begin, at++);
        for (int i = 0; i < value.length(); i++) {
            require(isPlain(value.charAt(i)));
        }
        return value;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~' && c != '<' && c != '&';
    }

    /** XML's own prefixes and namespaces have rules of their own. */
    private void bind(String prefix, String namespace) throws NotPlain {
        require(!prefix.startsWith("xml") && !namespace.startsWith("http://www.w3.org/"));
        namespaces.put(prefix, namespace);
    }

    private boolean isBound(String prefix) {
        return prefix.isEmpty() || namespaces.containsKey(prefix);
    }

    private List<SoapCall.Argument> arguments() throws NotPlain {
        var arguments = new ArrayList<SoapCall.Argument>();
        space();
        while (!text.startsWith("</", at)) {
            require(follows("<") && arguments.size() < MAX_ARGUMENTS);
            arguments.add(argument());
            space();
        }
        return arguments;
    }

    private SoapCall.Argument argument() throws NotPlain {
        var name = name();
        require(prefix(name).isEmpty());
        if (follows("/>")) {
            return new SoapCall.Argument(name, "");
        }
        require(follows(">"));
        int begin = at;
        for (char c = next(); isPlain(c) && c != '>'; c = next()) {
            at++;
        }
        var value = text.substring(begin, at);
        close(name); // space before it would be text
        return new SoapCall.Argument(name, value);
    }
}
