package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/** Whose mapping, and of which internal port. */
public record Who(PcpAddress subscriber, IpProtocol protocol, PcpAddress internal, int port) {

    Who port(int other) {
        return new Who(subscriber, protocol, internal, other);
    }

    /** {@return true if both are ports of one host and one protocol} */
    boolean isOnHostOf(Who other) {
        return protocol.equals(other.protocol)
                && internal.equals(other.internal)
                && subscriber.equals(other.subscriber);
    }

    @Override
    public String toString() {
        return subscriber + " " + protocol + " " + internal + ":" + port;
    }
}
