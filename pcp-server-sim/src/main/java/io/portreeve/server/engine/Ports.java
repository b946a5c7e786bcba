package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.cgn.Endpoint;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Contiguous external ports.
 *
 * @param count 1 or more
 */
record Ports(IpProtocol protocol, Endpoint first, int count) {

    static Ports of(MappingRow row) {
        return new Ports(row.key().protocol(), row.external(), row.terms().ports());
    }

    List<Endpoint> all() {
        return count == 1
                ? List.of(first)
                : IntStream.range(0, count).mapToObj(this::at).toList();
    }

    Endpoint at(int position) {
        return new Endpoint(first.address(), first.port() + position);
    }
}
