package io.portreeve.server;

import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.NextRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A GET to vary: everything from the begin on, as much as fits, without options. */
record WantedGet(PcpAddress client, MappingNonce nonce, GetTuple filter, NextRequest next, List<PcpOption> options) {

    static WantedGet get() {
        var next = new NextRequest(GetTuple.ANY, false, List.of());
        return new WantedGet(Bench.CLIENT.address(), new MappingNonce(1, 2, 3), GetTuple.ANY, next, List.of());
    }

    /** {@return what only mappings of this protocol, host and port match; 0 for any of them, "::" for any host} */
    static GetTuple inside(int protocol, String address, int port) {
        var host = PcpAddress.parse(address);
        int family = host.equals(PcpAddress.ANY_IPV6) ? GetTuple.ANY_FAMILY : GetTuple.IPV4;
        return new GetTuple(new IpProtocol(protocol), family, GetTuple.ANY_FAMILY, host, PcpAddress.ANY_IPV6, port, 0);
    }

    WantedGet from(PcpAddress other) {
        return new WantedGet(other, nonce, filter, next, options);
    }

    WantedGet nonce(int word) {
        return new WantedGet(client, new MappingNonce(word, 0, 0), filter, next, options);
    }

    WantedGet filter(GetTuple other) {
        return new WantedGet(client, nonce, other, next, options);
    }

    WantedGet after(GetTuple locator) {
        return next(new NextRequest(locator, next.end(), next.wanted()));
    }

    /** {@return the same, for one mapping} */
    WantedGet end() {
        return next(new NextRequest(next.locator(), true, next.wanted()));
    }

    WantedGet wanting(int... codes) {
        return next(new NextRequest(
                next.locator(), next.end(), IntStream.of(codes).boxed().toList()));
    }

    private WantedGet next(NextRequest other) {
        return new WantedGet(client, nonce, filter, other, options);
    }

    WantedGet with(PcpOption... those) {
        return new WantedGet(client, nonce, filter, next, List.of(those));
    }

    GetRequest build() {
        var all = new ArrayList<>(options);
        all.add(next);
        return new GetRequest(client, nonce, filter, all);
    }

    GetRequest withoutNext() {
        return new GetRequest(client, nonce, filter, options);
    }
}
