package io.portreeve.netfilter;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keys and values as the kernel has them: each field in network order, and in a row of fields each in words of four octets. */
final class TupleCodec {
    private static final int WORD = 4;

    private TupleCodec() {}

    static byte[] octets(Tuple tuple) {
        var fields = tuple.fields();
        if (fields.size() == 1) {
            return octets(fields.getFirst());
        }
        var all = ByteBuffer.allocate(
                fields.stream().map(Field::kind).mapToInt(TupleCodec::room).sum());
        int at = 0;
        for (var field : fields) {
            all.position(at).put(octets(field));
            at += room(field.kind());
        }
        return all.array();
    }

    /** {@return how many octets a field of this kind takes in a row of fields} */
    private static int room(Field.Kind kind) {
        return (kind.octets + WORD - 1) / WORD * WORD;
    }

    private static byte[] octets(Field field) {
        return switch (field) {
            case Field.Protocol(var protocol) -> new byte[] {(byte) protocol.number()};
            case Field.Address(var address) -> address.toInetAddress().getAddress();
            case Field.Port(int port) -> new byte[] {(byte) (port >> 8), (byte) port};
        };
    }

    /** {@return what {@link #octets} was made of} What is missing at the end is read as zero. */
    static Tuple tuple(byte[] octets, List<Field.Kind> kinds) {
        int room = kinds.stream().mapToInt(TupleCodec::room).sum();
        var all = ByteBuffer.allocate(Math.max(octets.length, room)).put(octets);
        var fields = new ArrayList<Field>();
        int at = 0;
        for (var kind : kinds) {
            fields.add(field(all, at, kind));
            at += room(kind);
        }
        return new Tuple(fields);
    }

    private static Field field(ByteBuffer all, int at, Field.Kind kind) {
        return switch (kind) {
            case PROTOCOL -> new Field.Protocol(new IpProtocol(Byte.toUnsignedInt(all.get(at))));
            case ADDRESS -> new Field.Address(PcpAddress.ofIpv4(all.getInt(at)));
            case ADDRESS6 -> new Field.Address(new PcpAddress(all.getLong(at), all.getLong(at + Long.BYTES)));
            case PORT -> new Field.Port(Short.toUnsignedInt(all.getShort(at)));
        };
    }
}
