package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;

/** Whose mapping, and of which internal port. */
public record Who(PcpAddress subscriber, IpProtocol protocol, PcpAddress internal, int port) {

    static Who of(PcpAddress subscriber, MapRequest map) {
        return new Who(subscriber, map.protocol(), map.internalAddress(), map.internalPort());
    }

    @Override
    public String toString() {
        return subscriber + " " + protocol + " " + internal + ":" + port;
    }
}
