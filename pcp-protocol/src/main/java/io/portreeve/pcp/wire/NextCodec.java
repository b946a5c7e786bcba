package io.portreeve.pcp.wire;

import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import java.util.ArrayList;

/** The data of NEXT: 44 octets in both directions, then codes in a request and options in an answer. */
final class NextCodec {
    private NextCodec() {}

    /** The fixed part. */
    private record Fixed(GetTuple tuple, boolean end, Lifetime remaining) {}

    static NextRequest readRequest(WireReader data) {
        var fixed = readFixed(data);
        var wanted = new ArrayList<Integer>();
        while (data.remaining() > 0) {
            int code = data.u8();
            if (code != 0) { // fills up
                wanted.add(code);
            }
        }
        return new NextRequest(fixed.tuple(), fixed.end(), wanted);
    }

    static NextMapping readMapping(WireReader data) {
        var fixed = readFixed(data);
        return new NextMapping(fixed.tuple(), fixed.end(), fixed.remaining(), OptionCodec.readOfResponse(data));
    }

    private static Fixed readFixed(WireReader data) {
        var protocol = new IpProtocol(data.u8());
        int internalFamily = data.u8();
        int externalFamily = data.u8();
        boolean end = data.u8() != 0;
        var internal = data.address();
        var external = data.address();
        var remaining = new Lifetime(data.u32());
        var tuple = new GetTuple(protocol, internalFamily, externalFamily, internal, external, data.u16(), data.u16());
        return new Fixed(tuple, end, remaining);
    }

    static void write(NextRequest request, WireWriter out) {
        writeFixed(new Fixed(request.locator(), request.end(), Lifetime.DELETE), out);
        request.wanted().forEach(out::u8);
    }

    static void write(NextMapping mapping, WireWriter out) {
        writeFixed(new Fixed(mapping.tuple(), mapping.end(), mapping.remaining()), out);
        OptionCodec.write(mapping.embedded(), out);
    }

    private static void writeFixed(Fixed fixed, WireWriter out) {
        var tuple = fixed.tuple();
        out.u8(tuple.protocol().number())
                .u8(tuple.internalFamily())
                .u8(tuple.externalFamily())
                .u8(fixed.end() ? 1 : 0)
                .address(tuple.internal())
                .address(tuple.external())
                .u32(fixed.remaining().seconds())
                .u16(tuple.internalPort())
                .u16(tuple.externalPort());
    }
}
