package io.portreeve.igd.upnp;

/** Writes elements that hold text, whatever the text is. */
public final class XmlText {
    private XmlText() {}

    public static void element(String name, String text, StringBuilder out) {
        out.append('<').append(name).append('>');
        if (isPlain(text)) {
            out.append(text);
        } else {
            text.codePoints().forEach(c -> character(c, out));
        }
        out.append("</").append(name).append('>');
    }

    /**
     * Writes an element whose text is a document. It stands in a CDATA section, as miniupnpc undoes no escapes.
     *
     * @param document one whose texts this class wrote, so that no "]]>" is in it
     */
    static void document(String name, String document, StringBuilder out) {
        out.append('<').append(name).append("><![CDATA[").append(document);
        out.append("]]></").append(name).append('>');
    }

    /** Nearly all texts are. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '&' || c == '<' || c == '>') {
                return false;
            }
        }
        return true;
    }

    private static void character(int c, StringBuilder out) {
        switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '\r' -> out.append("&#13;"); // else the reader's parser makes a line feed of it
            default -> out.appendCodePoint(isXml(c) ? c : 0xFFFD);
        }
    }

    private static boolean isXml(int c) {
        return c == '\t' || c == '\n' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
    }
}
