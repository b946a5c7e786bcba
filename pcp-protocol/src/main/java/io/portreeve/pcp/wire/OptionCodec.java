package io.portreeve.pcp.wire;

import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.PcpOption.Unknown;
import java.util.ArrayList;
import java.util.List;

/** Options as octets: two switches that mirror each other. Source: RFC 6887 section 7.3. */
final class OptionCodec {
    private OptionCodec() {}

    /** {@return all options left in {@code in}, in order} */
    static List<PcpOption> readAll(WireReader in) {
        var options = new ArrayList<PcpOption>();
        while (in.remaining() > 0) {
            options.add(read(in));
        }
        return options;
    }

    static PcpOption read(WireReader in) {
        int code = in.u8();
        in.skip(1); // reserved: sent as 0, ignored when received
        int length = in.u16();
        var data = in.confined(length);
        in.skip(padding(length));
        PcpOption option = switch (code) {
            case 1 -> new ThirdParty(data.address());
            case 2 -> new PreferFailure();
            default -> unknown(code, data);
        };
        if (data.remaining() != 0) {
            throw new Malformed("option " + code + " is " + data.remaining() + " octets too long");
        }
        return option;
    }

    private static PcpOption unknown(int code, WireReader data) {
        data.skip(data.remaining());
        return new Unknown(code);
    }

    static void write(PcpOption option, WireWriter out) {
        var data = new WireWriter();
        switch (option) {
            case ThirdParty(var internal) -> data.address(internal);
            case PreferFailure() -> {}
            case Unknown(int code) -> throw new IllegalArgumentException("cannot write option " + code);
        }
        byte[] octets = data.toOctets();
        out.u8(option.code()).u8(0).u16(octets.length).octets(octets).zeros(padding(octets.length));
    }

    /** {@return how many zero octets follow {@code length} octets of option data} */
    private static int padding(int length) {
        return -length & 3;
    }
}
