package io.portreeve.igd.upnp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a SOAP request as nearly all control points write it, without an XML parser, which would take a quarter of a call's time.
 * UPnP Device Architecture 1.1 section 3.2.1.
 *
 * <p>It knows of XML what those need: elements, namespaces and printable ASCII. Whatever else it meets it leaves to the parser, so
 * nothing is understood here that the parser would refuse, or understand otherwise.
 */
final class PlainSoap {
    private static final String SPACE = "[ \\t\\r\\n]";
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_.-]*+";
    private static final String ATTRIBUTE =
            SPACE + "++(xmlns|xmlns:" + NAME + "|" + NAME + ":encodingStyle)=\"([ -~&&[^<&\"]]++)\"";

    private static final Pattern DECLARATION =
            Pattern.compile("<\\?xml version=\"1\\.0\"(?: encoding=\"[Uu][Tt][Ff]-8\")?+\\?>");
    private static final Pattern BEGIN = Pattern.compile(
            SPACE + "*+<(?:(" + NAME + "):)?+(" + NAME + ")((?:" + ATTRIBUTE + "){0,8}+)" + SPACE + "*+>");
    private static final Pattern ONE_ATTRIBUTE = Pattern.compile(ATTRIBUTE);
    private static final Pattern ARGUMENT =
            Pattern.compile(SPACE + "*+<(" + NAME + ")(?:/>|>([ -~&&[^<>&]]*+)</(" + NAME + ")" + SPACE + "*+>)");
    private static final Pattern END =
            Pattern.compile(SPACE + "*+</(?:(" + NAME + "):)?+(" + NAME + ")" + SPACE + "*+>");
    private static final Pattern REST = Pattern.compile(SPACE + "*+");
    private static final int MAX_ARGUMENTS = 60;

    private final Matcher text;
    private final Map<String, String> namespaces = new HashMap<>();
    private final List<SoapCall.Argument> arguments = new ArrayList<>();
    private int at;

    private PlainSoap(String xml) {
        text = END.matcher(xml);
    }

    /** {@return the call, or empty if only a parser can say what {@code xml} is} */
    static Optional<SoapCall> read(String xml) {
        return new PlainSoap(xml).call();
    }

    private record Element(String prefix, String name) {}

    private Optional<SoapCall> call() {
        follows(DECLARATION);
        return element("Envelope")
                .flatMap(envelope ->
                        element("Body").flatMap(body -> action().filter(_ -> ends(body) && ends(envelope))))
                .filter(_ -> follows(REST) && at == text.regionEnd());
    }

    private Optional<Element> element(String name) {
        return begin().filter(it -> it.name().equals(name));
    }

    private Optional<SoapCall> action() {
        return begin().filter(it -> areArguments() && ends(it))
                .map(it -> new SoapCall(namespaces.getOrDefault(it.prefix(), ""), it.name(), arguments));
    }

    private boolean follows(Pattern pattern) {
        text.usePattern(pattern).region(at, text.regionEnd());
        if (!text.lookingAt()) {
            return false;
        }
        at = text.end();
        return true;
    }

    private Optional<Element> begin() {
        if (!follows(BEGIN)) {
            return Optional.empty();
        }
        var element = named();
        return areAttributes(text.group(3)) && isBound(element.prefix()) ? Optional.of(element) : Optional.empty();
    }

    /** {@return what the last match names} An element without a prefix has the empty one. */
    private Element named() {
        return new Element(Optional.ofNullable(text.group(1)).orElse(""), text.group(2));
    }

    private boolean isBound(String prefix) {
        return prefix.isEmpty() || namespaces.containsKey(prefix);
    }

    /** Binds the prefixes first, because the other attributes may stand in front. */
    private boolean areAttributes(String attributes) {
        var names = new HashSet<String>();
        var qualified = new ArrayList<String>();
        var attribute = ONE_ATTRIBUTE.matcher(attributes);
        while (attribute.find()) {
            var name = attribute.group(1);
            if (!names.add(name)) {
                return false;
            }
            if (name.endsWith(":encodingStyle") && !name.startsWith("xmlns:")) {
                qualified.add(name.substring(0, name.indexOf(':')));
            } else if (!binds(name, attribute.group(2))) {
                return false;
            }
        }
        return qualified.size() <= 1 && qualified.stream().allMatch(this::isBound);
    }

    /** {@return false if it is about XML's own prefixes or namespaces, for which there are rules} */
    private boolean binds(String name, String namespace) {
        var prefix = name.equals("xmlns") ? "" : name.substring("xmlns:".length());
        namespaces.put(prefix, namespace);
        return !prefix.startsWith("xml") && !namespace.startsWith("http://www.w3.org/");
    }

    private boolean areArguments() {
        while (follows(ARGUMENT)) {
            boolean isShort = text.group(2) == null;
            if (arguments.size() == MAX_ARGUMENTS || !isShort && !text.group(1).equals(text.group(3))) {
                return false;
            }
            arguments.add(new SoapCall.Argument(text.group(1), isShort ? "" : text.group(2)));
        }
        return true;
    }

    private boolean ends(Element element) {
        return follows(END) && named().equals(element);
    }
}
