package io.portreeve.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes netlink messages one after the other: headers in the machine's order, attributes nested to any depth. */
public final class MessageWriter {
    public static final int REQUEST = 0x1;
    public static final int ACK = 0x4;

    /** What was done is told to the sender as to all who listen. */
    public static final int ECHO = 0x8;

    public static final int DUMP = 0x300;
    public static final int CREATE = 0x400;

    private static final int NESTED = 0x8000;

    private final ByteBuffer buffer;

    /** What an attribute holds if it holds attributes. */
    @FunctionalInterface
    public interface Nest {
        void write(MessageWriter into);
    }

    MessageWriter(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    long length() {
        return buffer.position();
    }

    /**
     * One message to netfilter.
     *
     * @param type subsystem and command
     * @param family 2 for IPv4
     * @param resource 0 but for batches
     */
    public MessageWriter netfilter(int type, int flags, int sequence, int family, int resource, Nest attributes) {
        return message(type, flags, sequence, into -> {
            buffer.put((byte) family).put((byte) 0).put((byte) (resource >> 8)).put((byte) resource);
            attributes.write(into);
        });
    }

    /**
     * Asks for all links, addresses or routes.
     *
     * @param family 2 for IPv4, 10 for IPv6, 0 for all
     */
    public MessageWriter routing(int type, int sequence, int family) {
        return message(type, REQUEST | DUMP, sequence, _ -> buffer.putInt(0).put(buffer.position() - 4, (byte) family));
    }

    private MessageWriter message(int type, int flags, int sequence, Nest payload) {
        int start = buffer.position();
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        payload.write(this);
        buffer.putInt(start, buffer.position() - start);
        return this;
    }

    public MessageWriter attribute(int type, byte... octets) {
        buffer.putShort((short) (4 + octets.length)).putShort((short) type).put(octets);
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }

    /** Ends with a zero octet, as C wants it. */
    public MessageWriter attribute(int type, String text) {
        return attribute(type, (text + '\0').getBytes(StandardCharsets.US_ASCII));
    }

    /** A number in the machine's order. */
    public MessageWriter attribute(int type, int number) {
        buffer.putShort((short) 8).putShort((short) type).putInt(number);
        return this;
    }

    /** Attributes that are written already. */
    public MessageWriter nested(int type, byte[] attributes) {
        return attribute(type | NESTED, attributes);
    }

    public MessageWriter nest(int type, Nest attributes) {
        int start = buffer.position();
        buffer.putShort((short) 0).putShort((short) (type | NESTED));
        attributes.write(this);
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }
}
