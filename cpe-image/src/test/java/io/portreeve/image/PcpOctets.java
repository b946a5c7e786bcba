package io.portreeve.image;

import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A MAP request to vary, for whoever sends it: TCP for ten minutes, any external IPv4 address. It need not be sound, so it is
 * written octet by octet.
 */
final class PcpOctets implements Function<PcpAddress, byte[]> {
    private static final String HEADER = "02 01 0000 00000258 00000000 00000000 00000000 00000000";
    private static final String NONCE = "00000001 00000000 00000000";
    private static final String PROTOCOL_AND_PORTS = "06 000000 1f90 0000";
    private static final String ANY_IPV4 = "00000000 00000000 0000ffff 00000000";

    private final byte[] octets;

    private PcpOctets(byte[] octets) {
        this.octets = octets;
    }

    static PcpOctets map() {
        return new PcpOctets(octets(HEADER + NONCE + PROTOCOL_AND_PORTS + ANY_IPV4));
    }

    static Function<PcpAddress, byte[]> announce() {
        return map().opcode(0).lifetime(0).cut(24);
    }

    static Function<PcpAddress, byte[]> of(String hex) {
        return _ -> octets(hex);
    }

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private PcpOctets with(Consumer<ByteBuffer> change) {
        var copy = octets.clone();
        change.accept(ByteBuffer.wrap(copy));
        return new PcpOctets(copy);
    }

    PcpOctets version(int other) {
        return with(all -> all.put(0, (byte) other));
    }

    PcpOctets opcode(int other) {
        return with(all -> all.put(1, (byte) other));
    }

    PcpOctets lifetime(long seconds) {
        return with(all -> all.putInt(4, (int) seconds));
    }

    PcpOctets otherNonce() {
        return with(all -> all.putInt(24, 2));
    }

    PcpOctets protocol(int number) {
        return with(all -> all.put(36, (byte) number));
    }

    PcpOctets port(int internal) {
        return with(all -> all.putShort(40, (short) internal));
    }

    PcpOctets suggest(int external) {
        return with(all -> all.putShort(42, (short) external));
    }

    /** {@return the same with options, or whatever it is, after the rest} */
    PcpOctets options(String hex) {
        var more = octets(hex);
        return new PcpOctets(ByteBuffer.allocate(octets.length + more.length)
                .put(octets)
                .put(more)
                .array());
    }

    /** {@return the same from a client that has another address} */
    Function<PcpAddress, byte[]> client(String other) {
        return _ -> apply(PcpAddress.parse(other));
    }

    /** {@return only the first {@code count} octets} */
    Function<PcpAddress, byte[]> cut(int count) {
        return client -> Arrays.copyOf(apply(client), count);
    }

    @Override
    public byte[] apply(PcpAddress client) {
        return with(all -> all.putLong(8, client.high()).putLong(16, client.low())).octets;
    }
}
