package io.portreeve.pcp.wire;

import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that came over the network. */
final class TextCodec {
    private TextCodec() {}

    /** {@return the description, or an unknown option if it is none} The rest of the message is as good as ever. RFC 7220 section 3. */
    static PcpOption readDescription(WireReader data) {
        var octets = ByteBuffer.wrap(data.octets(data.remaining()));
        try {
            return new Description(
                    StandardCharsets.UTF_8.newDecoder().decode(octets).toString());
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return new PcpOption.Unknown(OptionCode.DESCRIPTION);
        }
    }

    static void write(String text, WireWriter out) {
        out.octets(text.getBytes(StandardCharsets.UTF_8));
    }
}
