package io.portreeve.server.library;

import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpMessage;
import java.nio.ByteBuffer;

/** Where THIRD_PARTY is in a request. Source: RFC 6887 section 7.3. */
final class ThirdPartyOffset {
    private static final int OPTION_HEADER = 4;

    private ThirdPartyOffset() {}

    /** {@return where the option begins; 0 if there is none} @param request octets that have been decoded without fault */
    static int in(byte[] request, Opcode opcode) {
        var octets = ByteBuffer.wrap(request);
        int offset = PcpMessage.HEADER_SIZE + opcode.dataSize();
        while (offset < request.length) {
            if (request[offset] == OptionCode.THIRD_PARTY) {
                return offset;
            }
            int length = Short.toUnsignedInt(octets.getShort(offset + 2));
            offset += OPTION_HEADER + length + (-length & 3);
        }
        return 0;
    }
}
