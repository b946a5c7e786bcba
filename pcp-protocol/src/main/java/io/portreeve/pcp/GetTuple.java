package io.portreeve.pcp;

import java.util.Comparator;

/**
 * What GET tells mappings apart by, in the order it lists them. As a filter or a locator a zero stands for anything.
 *
 * @param internalFamily 0 any, 1 IPv4, 2 IPv6; 0..255 on the wire
 * @param externalFamily likewise
 */
public record GetTuple(
        IpProtocol protocol,
        int internalFamily,
        int externalFamily,
        PcpAddress internal,
        PcpAddress external,
        int internalPort,
        int externalPort)
        implements Comparable<GetTuple> {

    public static final int ANY_FAMILY = 0;
    public static final int IPV4 = 1;
    public static final int IPV6 = 2;

    /** As a filter everything; as a locator the begin of the list. */
    public static final GetTuple ANY =
            new GetTuple(IpProtocol.ALL, ANY_FAMILY, ANY_FAMILY, PcpAddress.ANY_IPV6, PcpAddress.ANY_IPV6, 0, 0);

    private static final Comparator<GetTuple> ORDER = Comparator.comparingInt(
                    (GetTuple tuple) -> tuple.protocol.number())
            .thenComparingInt(GetTuple::internalFamily)
            .thenComparingInt(GetTuple::externalFamily)
            .thenComparing(GetTuple::internal)
            .thenComparing(GetTuple::external)
            .thenComparingInt(GetTuple::internalPort)
            .thenComparingInt(GetTuple::externalPort);

    public GetTuple {
        checkFamily(internalFamily);
        checkFamily(externalFamily);
        Port.check("internal port", internalPort);
        Port.check("external port", externalPort);
    }

    private static void checkFamily(int family) {
        if (family < 0 || family > 255) {
            throw new IllegalArgumentException("address family: " + family + " (expected: 0..255)");
        }
    }

    /** {@return the tuple of a mapping between these two} */
    public static GetTuple of(
            IpProtocol protocol, PcpAddress internal, int internalPort, PcpAddress external, int externalPort) {
        return new GetTuple(
                protocol, familyOf(internal), familyOf(external), internal, external, internalPort, externalPort);
    }

    private static int familyOf(PcpAddress address) {
        return address.isIpv4() ? IPV4 : IPV6;
    }

    public boolean isAny() {
        return equals(ANY);
    }

    /** {@return false if this filter says something that no mapping can be} */
    public boolean isSound() {
        boolean portsHaveProtocol = internalPort == 0 && externalPort == 0 || !protocol.equals(IpProtocol.ALL);
        return portsHaveProtocol && isSound(internalFamily, internal) && isSound(externalFamily, external);
    }

    private static boolean isSound(int family, PcpAddress address) {
        return switch (family) {
            case ANY_FAMILY -> address.equals(PcpAddress.ANY_IPV6);
            case IPV4 -> address.isIpv4();
            case IPV6 -> !address.isIpv4();
            default -> false;
        };
    }

    /** {@return true if this filter lets {@code mapping} pass} */
    public boolean matches(GetTuple mapping) {
        return (protocol.equals(IpProtocol.ALL) || protocol.equals(mapping.protocol))
                && matches(internalFamily, internal, mapping.internalFamily, mapping.internal)
                && matches(externalFamily, external, mapping.externalFamily, mapping.external)
                && (internalPort == 0 || internalPort == mapping.internalPort)
                && (externalPort == 0 || externalPort == mapping.externalPort);
    }

    private static boolean matches(int family, PcpAddress address, int itsFamily, PcpAddress its) {
        return (family == ANY_FAMILY || family == itsFamily) && (address.isUnspecified() || address.equals(its));
    }

    @Override
    public int compareTo(GetTuple other) {
        return ORDER.compare(this, other);
    }
}
