package io.portreeve.pcp;

import java.util.List;

/** One option of a PCP message. Source: RFC 6887 section 7.3. */
public sealed interface PcpOption {

    /** Code, reserved octet and length. */
    int HEADER_SIZE = 4;

    /** Octets of a NEXT without what is in it. */
    int NEXT_SIZE = 44;

    /** The request is made for another host than its sender. RFC 6887 section 13.1. */
    record ThirdParty(PcpAddress internal) implements PcpOption {}

    /** Rather no mapping than one with another external address or port. RFC 6887 section 13.2. */
    record PreferFailure() implements PcpOption {}

    /**
     * Only these remote peers get through; prefix length 0 takes all filters away. RFC 6887 section 13.3.
     *
     * @param prefixLength 0..128, where IPv4 counts from 96
     * @param remotePort 0..65535; 0 stands for all ports
     */
    record Filter(int prefixLength, int remotePort, PcpAddress remote) implements PcpOption {
        public Filter {
            if (prefixLength < 0 || prefixLength > 128) {
                throw new IllegalArgumentException("prefix length: " + prefixLength + " (expected: 0..128)");
            }
            Port.check("remote port", remotePort);
        }

        public boolean isClear() {
            return prefixLength == 0;
        }
    }

    /**
     * Which of several hosts of one address is meant: the label of its tunnel or the like. RFC 7843 section 4.
     *
     * @param id in hex digits; 1..1016 octets
     */
    record ThirdPartyId(String id) implements PcpOption {
        public ThirdPartyId {
            if (!id.matches("(?:[0-9a-f]{2}){1,1016}")) {
                throw new IllegalArgumentException("THIRD_PARTY_ID: 1 to 1016 octets in lower-case hex digits");
            }
        }
    }

    /**
     * What the mapping is for, in words for people. RFC 7220 section 3.
     *
     * @param text 1016 octets of UTF-8 at most; empty erases an earlier one
     */
    record Description(String text) implements PcpOption {
        public static final int MAX_OCTETS = 1016;

        public Description {
            if (Utf8.size(text) > MAX_OCTETS || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("DESCRIPTION: 1016 octets without NUL at most");
            }
        }

        /** {@return this description, cut between two characters to {@code octets} at most} */
        public Description cutTo(int octets) {
            return new Description(Utf8.cut(text, octets));
        }
    }

    /**
     * A prefix from which IPv6 addresses of IPv4 hosts are made, or in a request the question for it. RFC 7225 section 4.
     *
     * @param prefixOctets 4, 5, 6, 7, 8 or 12 (RFC 6052 section 2.2)
     * @param prefixAndSuffix the 12 octets of both, then four of zero
     * @param destinations the IPv4 networks it is for; none stands for all
     */
    record Prefix64(int prefixOctets, PcpAddress prefixAndSuffix, List<Ipv4Network> destinations) implements PcpOption {

        /** An IPv4 network. @param prefixLength 0..32 */
        public record Ipv4Network(int prefixLength, PcpAddress address) {
            public Ipv4Network {
                if (prefixLength < 0 || prefixLength > 32 || !address.isIpv4()) {
                    throw new IllegalArgumentException("IPv4 network: " + address + "/" + prefixLength);
                }
            }
        }

        /** What a client asks with: any prefix. */
        public static final Prefix64 QUESTION = new Prefix64(12, PcpAddress.ANY_IPV6, List.of());

        public Prefix64 {
            if (prefixOctets != 12 && (prefixOctets < 4 || prefixOctets > 8)) {
                throw new IllegalArgumentException("prefix of " + prefixOctets + " octets (expected: 4 to 8, or 12)");
            }
            if ((int) prefixAndSuffix.low() != 0) {
                throw new IllegalArgumentException("prefix and suffix have 96 bits");
            }
            destinations = List.copyOf(destinations);
        }
    }

    /**
     * Several contiguous ports as one mapping. RFC 7753 section 4.
     *
     * @param size 1..65535; 65535 in a request asks for as many as possible
     * @param firstInternalPort 0..65535
     * @param parity the external ports begin as even or odd as the internal ones
     */
    record PortSet(int size, int firstInternalPort, boolean parity) implements PcpOption {
        public PortSet {
            Port.check("PORT_SET size", size);
            Port.check("first internal port", firstInternalPort);
            if (size == 0) {
                throw new IllegalArgumentException("PORT_SET of no port");
            }
        }
    }

    /** The next port too, parity kept: a port for RTP and one for RTCP. Private code; PORT_SET of 2 with parity is its successor. */
    record PortReservation() implements PcpOption {}

    /**
     * From where on a GET wants to read, and what of each mapping. Private code.
     *
     * @param end true for one mapping, false for as many as fit
     * @param wanted codes of the options to be told with each mapping, 1..255
     */
    record NextRequest(GetTuple locator, boolean end, List<Integer> wanted) implements PcpOption {
        public NextRequest {
            wanted = List.copyOf(wanted);
            for (int code : wanted) {
                if (code < 1 || code > 255) {
                    throw new IllegalArgumentException("wanted option: " + code + " (expected: 1..255)");
                }
            }
        }
    }

    /**
     * One mapping of a GET's answer. Private code.
     *
     * @param end true if no greater one matches
     * @param remaining what is left of its lifetime
     * @param embedded those of the wanted options that it has
     */
    record NextMapping(GetTuple tuple, boolean end, Lifetime remaining, List<PcpOption> embedded) implements PcpOption {
        public NextMapping {
            embedded = List.copyOf(embedded);
        }
    }

    /** A mapping's nonce, told within a NEXT by a server that is set to. Private code. */
    record DisclosedNonce(MappingNonce nonce) implements PcpOption {}

    /** An option this release does not know: a client skips it, a server names it in UNSUPP_OPTION. */
    record Unknown(int code) implements PcpOption {}

    /** {@return true if a server that does not know this option must refuse the request} */
    default boolean isMandatoryToProcess() {
        return code() < 128;
    }

    /** {@return the code on the wire, 0..255} */
    default int code() {
        return switch (this) {
            case ThirdParty _ -> OptionCode.THIRD_PARTY;
            case PreferFailure _ -> OptionCode.PREFER_FAILURE;
            case Filter _ -> OptionCode.FILTER;
            case ThirdPartyId _ -> OptionCode.THIRD_PARTY_ID;
            case NextRequest _, NextMapping _ -> OptionCode.NEXT;
            case Description _ -> OptionCode.DESCRIPTION;
            case Prefix64 _ -> OptionCode.PREFIX64;
            case PortSet _ -> OptionCode.PORT_SET;
            case PortReservation _ -> OptionCode.PORT_RESERVATION;
            case DisclosedNonce _ -> OptionCode.MAPPING_NONCE;
            case Unknown(int code) -> code;
        };
    }

    /** {@return how many octets this option takes in a message, header and padding included} */
    default int octets() {
        int data = dataSize();
        return HEADER_SIZE + data + (-data & 3);
    }

    private int dataSize() {
        return switch (this) {
            case ThirdParty _ -> 16;
            case PreferFailure _, PortReservation _, Unknown _ -> 0;
            case Filter _ -> 20;
            case ThirdPartyId(var id) -> id.length() / 2;
            case NextRequest(var _, var _, var wanted) -> NEXT_SIZE + wanted.size();
            case NextMapping(var _, var _, var _, var embedded) ->
                NEXT_SIZE + embedded.stream().mapToInt(PcpOption::octets).sum();
            case Description(var text) -> Utf8.size(text);
            case Prefix64 prefix -> 16 + 6 * prefix.destinations().size();
            case PortSet _ -> 5;
            case DisclosedNonce _ -> 12;
        };
    }
}
