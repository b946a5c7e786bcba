package io.portreeve.netfilter;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/** One part of a key or a value of an nftables map. */
public sealed interface Field {

    /** Of what type a field is. */
    enum Kind {
        PROTOCOL("inet_proto"),
        ADDRESS("ipv4_addr"),
        PORT("inet_service");

        final String nftType;

        Kind(String nftType) {
            this.nftType = nftType;
        }
    }

    Kind kind();

    record Protocol(IpProtocol protocol) implements Field {
        @Override
        public Kind kind() {
            return Kind.PROTOCOL;
        }

        @Override
        public String toString() {
            return Integer.toString(protocol.number());
        }
    }

    record Address(PcpAddress address) implements Field {
        public Address {
            if (!address.isIpv4()) {
                throw new IllegalArgumentException(address + " is no IPv4 address");
            }
        }

        @Override
        public Kind kind() {
            return Kind.ADDRESS;
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** @param port 0..65535 */
    record Port(int port) implements Field {
        @Override
        public Kind kind() {
            return Kind.PORT;
        }

        @Override
        public String toString() {
            return Integer.toString(port);
        }
    }
}
