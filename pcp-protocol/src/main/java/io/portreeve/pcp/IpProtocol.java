package io.portreeve.pcp;

/**
 * An upper-layer protocol by its IANA number; 0 stands for all protocols. Source: RFC 6887 section 11.1.
 *
 * @param number 0..255
 */
public record IpProtocol(int number) {
    public static final IpProtocol ALL = new IpProtocol(0);
    public static final IpProtocol TCP = new IpProtocol(6);
    public static final IpProtocol UDP = new IpProtocol(17);
    public static final IpProtocol SCTP = new IpProtocol(132);

    public IpProtocol {
        if (number < 0 || number > 255) {
            throw new IllegalArgumentException("protocol number: " + number + " (expected: 0..255)");
        }
    }

    /** {@return the protocol of this number} Those that most mappings have are the same objects each time. */
    public static IpProtocol of(int number) {
        return switch (number) {
            case 6 -> TCP;
            case 17 -> UDP;
            default -> new IpProtocol(number);
        };
    }

    /** {@return true if it has ports}: TCP, UDP, DCCP, SCTP, UDP-Lite. */
    public boolean hasPorts() {
        return switch (number) {
            case 6, 17, 33, 132, 136 -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return switch (number) {
            case 6 -> "TCP";
            case 17 -> "UDP";
            default -> "protocol " + number;
        };
    }
}
