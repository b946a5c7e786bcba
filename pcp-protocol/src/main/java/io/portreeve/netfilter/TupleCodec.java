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
        var all = ByteBuffer.allocate(WORD * fields.size());
        for (int i = 0; i < fields.size(); i++) {
            all.position(WORD * i).put(octets(fields.get(i)));
        }
        return all.array();
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
        var all = ByteBuffer.allocate(Math.max(octets.length, WORD * kinds.size()))
                .put(octets);
        var fields = new ArrayList<Field>();
        for (int i = 0; i < kinds.size(); i++) {
            fields.add(field(all, WORD * i, kinds.get(i)));
        }
        return new Tuple(fields);
    }

    private static Field field(ByteBuffer all, int at, Field.Kind kind) {
        return switch (kind) {
            case PROTOCOL -> new Field.Protocol(new IpProtocol(Byte.toUnsignedInt(all.get(at))));
            case ADDRESS -> new Field.Address(PcpAddress.ofIpv4(all.getInt(at)));
            case PORT -> new Field.Port(Short.toUnsignedInt(all.getShort(at)));
        };
    }
}
