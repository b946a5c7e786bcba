package io.portreeve.pcp.wire;

import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.PcpOption.Prefix64.Ipv4Network;
import java.util.ArrayList;
import java.util.List;

/** The data of PREFIX64. The number of networks stands once, before the first of them. Source: RFC 7225 section 4. */
final class Prefix64Codec {
    private Prefix64Codec() {}

    /** {@return the prefix, or an unknown option if it is for networks of which none is one} It must not seem to be for all. */
    static PcpOption read(WireReader data) {
        int prefixOctets = data.u16();
        long high = data.u32() << 32 | data.u32();
        var prefixAndSuffix = new PcpAddress(high, data.u32() << 32);
        int count = data.remaining() == 0 ? 0 : data.u16(); // some clients leave the number out
        var networks = networks(count, data);
        var prefix = new Prefix64(prefixOctets, prefixAndSuffix, networks);
        return count > 0 && networks.isEmpty() ? new PcpOption.Unknown(OptionCode.PREFIX64) : prefix;
    }

    /** What is no network is skipped: the others can still be used. RFC 7225 section 4.3. */
    private static List<Ipv4Network> networks(int count, WireReader data) {
        var networks = new ArrayList<Ipv4Network>();
        for (int i = 0; i < count; i++) {
            int prefixLength = data.u16();
            var address = PcpAddress.ofIpv4((int) data.u32());
            if (prefixLength <= 32) {
                networks.add(new Ipv4Network(prefixLength, address));
            }
        }
        return networks;
    }

    static void write(Prefix64 prefix, WireWriter out) {
        var octets = prefix.prefixAndSuffix();
        out.u16(prefix.prefixOctets())
                .u32(octets.high() >>> 32)
                .u32(octets.high())
                .u32(octets.low() >>> 32)
                .u16(prefix.destinations().size());
        prefix.destinations()
                .forEach(network ->
                        out.u16(network.prefixLength()).u32(network.address().low()));
    }
}
