package io.portreeve.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One attribute of a message, and what is in it. */
public record Attribute(int type, ByteBuffer value) {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    /** {@return the attributes that follow each other there} What is cut short is left out. */
    public static List<Attribute> in(ByteBuffer octets) {
        var attributes = new ArrayList<Attribute>();
        int at = octets.position();
        while (octets.limit() - at >= HEADER) {
            int length = Short.toUnsignedInt(octets.getShort(at));
            if (length < HEADER || length > octets.limit() - at) {
                break;
            }
            int type = octets.getShort(at + 2) & TYPE_MASK;
            attributes.add(new Attribute(type, slice(octets, at + HEADER, length - HEADER)));
            at += length + 3 & ~3;
        }
        return attributes;
    }

    static ByteBuffer slice(ByteBuffer octets, int at, int length) {
        return octets.slice(at, length).order(octets.order());
    }

    /** {@return the first of a type} */
    public static Optional<Attribute> first(int type, List<Attribute> attributes) {
        return attributes.stream().filter(it -> it.type == type).findFirst();
    }

    /** {@return the same in memory of its own} What was received lasts only until the next message. */
    public Attribute copy() {
        return new Attribute(type, ByteBuffer.wrap(octets()).order(value.order()));
    }

    /** {@return the attributes in it} */
    public List<Attribute> nested() {
        return in(value);
    }

    /** {@return the first of a type in it} */
    public Optional<Attribute> nested(int type) {
        return first(type, nested());
    }

    public byte[] octets() {
        var octets = new byte[value.remaining()];
        value.get(value.position(), octets);
        return octets;
    }

    /** {@return the text in it, without the zero octet at its end} */
    public String text() {
        var octets = octets();
        int length = octets.length > 0 && octets[octets.length - 1] == 0 ? octets.length - 1 : octets.length;
        return new String(octets, 0, length, StandardCharsets.US_ASCII);
    }
}
