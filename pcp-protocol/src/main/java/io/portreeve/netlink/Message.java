package io.portreeve.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message that came.
 *
 * @param payload what follows the header
 */
public record Message(int type, int flags, int sequence, ByteBuffer payload) {
    private static final int HEADER = 16;
    private static final int NETFILTER_HEADER = 4;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int DUMP_INTERRUPTED = 0x10;

    /** {@return all messages of one datagram} What is cut short is left out. */
    public static List<Message> in(ByteBuffer datagram) {
        var messages = new ArrayList<Message>();
        int at = datagram.position();
        while (datagram.limit() - at >= HEADER) {
            int length = datagram.getInt(at);
            if (length < HEADER || length > datagram.limit() - at) {
                break;
            }
            messages.add(new Message(
                    Short.toUnsignedInt(datagram.getShort(at + 4)),
                    Short.toUnsignedInt(datagram.getShort(at + 6)),
                    datagram.getInt(at + 8),
                    Attribute.slice(datagram, at + HEADER, length - HEADER)));
            at += length + 3 & ~3;
        }
        return messages;
    }

    /** {@return true if this is the kernel's answer to a request, not data} */
    public boolean isAnswer() {
        return type == ERROR || type == DONE;
    }

    /** {@return true if what was dumped changed meanwhile, so that the dump may be wrong} */
    public boolean isInterrupted() {
        return (flags & DUMP_INTERRUPTED) != 0;
    }

    /** {@return 0, or the errno of a refusal} */
    public int errno() {
        return payload.remaining() < 4 ? 0 : -payload.getInt(payload.position());
    }

    /** {@return the attributes of a message of netfilter} */
    public List<Attribute> attributes() {
        return attributesAfter(NETFILTER_HEADER);
    }

    /** {@return the attributes of a message whose subsystem begins with a header of that many octets} */
    public List<Attribute> attributesAfter(int header) {
        return payload.remaining() < header
                ? List.of()
                : Attribute.in(Attribute.slice(payload, payload.position() + header, payload.remaining() - header));
    }
}
