package io.portreeve.netfilter;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;

/** One part of a key or a value of an nftables map. */
public sealed interface Field {

    /** Of what type a field is. */
    enum Kind {
        PROTOCOL("inet_proto", 1),

        /** Of IPv4. */
        ADDRESS("ipv4_addr", 4),

        ADDRESS6("ipv6_addr", 16),
        PORT("inet_service", 2);

        final String nftType;
        final int octets;

        Kind(String nftType, int octets) {
            this.nftType = nftType;
            this.octets = octets;
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
        @Override
        public Kind kind() {
            return address.isIpv4() ? Kind.ADDRESS : Kind.ADDRESS6;
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
