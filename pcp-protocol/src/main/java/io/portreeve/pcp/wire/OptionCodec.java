package io.portreeve.pcp.wire;

import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.DisclosedNonce;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.PcpOption.ThirdPartyId;
import io.portreeve.pcp.PcpOption.Unknown;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** Options as octets: two switches that mirror each other. Source: RFC 6887 section 7.3. */
final class OptionCodec {
    private OptionCodec() {}

    /** {@return all options left in {@code in}, in order} An error's options are those of its request. */
    static List<PcpOption> readOfRequest(WireReader in) {
        return readAll(in, NextCodec::readRequest);
    }

    /** {@return all options left in {@code in}, in order} */
    static List<PcpOption> readOfResponse(WireReader in) {
        return readAll(in, NextCodec::readMapping);
    }

    private static List<PcpOption> readAll(WireReader in, Function<WireReader, PcpOption> next) {
        var options = new ArrayList<PcpOption>();
        while (in.remaining() > 0) {
            options.add(read(in, next));
        }
        return options;
    }

    private static PcpOption read(WireReader in, Function<WireReader, PcpOption> next) {
        int code = in.u8();
        in.skip(1); // reserved: sent as 0, ignored when received
        int length = in.u16();
        var data = in.confined(length);
        in.skip(padding(length));
        var option = read(code, data, next);
        if (data.remaining() != 0) {
            throw new Malformed("option " + code + " is " + data.remaining() + " octets too long");
        }
        return option;
    }

    private static PcpOption read(int code, WireReader data, Function<WireReader, PcpOption> next) {
        try {
            return switch (code) {
                case OptionCode.THIRD_PARTY -> new ThirdParty(data.address());
                case OptionCode.PREFER_FAILURE -> new PreferFailure();
                case OptionCode.FILTER -> filter(data);
                case OptionCode.THIRD_PARTY_ID ->
                    new ThirdPartyId(HexFormat.of().formatHex(data.octets(data.remaining())));
                case OptionCode.NEXT -> next.apply(data);
                case OptionCode.DESCRIPTION -> TextCodec.readDescription(data);
                case OptionCode.PREFIX64 -> Prefix64Codec.read(data);
                case OptionCode.PORT_SET -> new PortSet(data.u16(), data.u16(), (data.u8() & 1) != 0);
                case OptionCode.PORT_RESERVATION -> new PortReservation();
                case OptionCode.MAPPING_NONCE -> new DisclosedNonce(data.nonce());
                default -> unknown(code, data);
            };
        } catch (IllegalArgumentException e) {
            throw new Malformed(e.getMessage());
        }
    }

    private static Filter filter(WireReader data) {
        data.skip(1);
        return new Filter(data.u8(), data.u16(), data.address());
    }

    static Unknown unknown(int code, WireReader data) {
        data.skip(data.remaining());
        return new Unknown(code);
    }

    static void write(List<PcpOption> options, WireWriter out) {
        options.forEach(option -> write(option, out));
    }

    private static void write(PcpOption option, WireWriter out) {
        var data = new WireWriter();
        switch (option) {
            case ThirdParty(var internal) -> data.address(internal);
            case PreferFailure(), PortReservation() -> {}
            case Filter(int prefixLength, int remotePort, var remote) ->
                data.u8(0).u8(prefixLength).u16(remotePort).address(remote);
            case ThirdPartyId(var id) -> data.octets(HexFormat.of().parseHex(id));
            case NextRequest request -> NextCodec.write(request, data);
            case NextMapping mapping -> NextCodec.write(mapping, data);
            case Description(var text) -> TextCodec.write(text, data);
            case Prefix64 prefix -> Prefix64Codec.write(prefix, data);
            case PortSet(int size, int firstInternalPort, boolean parity) ->
                data.u16(size).u16(firstInternalPort).u8(parity ? 1 : 0);
            case DisclosedNonce(var nonce) -> data.nonce(nonce);
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
