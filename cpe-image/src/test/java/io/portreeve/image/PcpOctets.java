package io.portreeve.image;

import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * A MAP request to vary, for whoever sends it: TCP for ten minutes, any external IPv4 address. It need not be sound, so it is
 * written octet by octet.
 *
 * @param client empty for the sender's own address
 * @param options what follows, in hex
 * @param size how many octets are sent at most
 */
record PcpOctets(
        int version,
        int opcode,
        long lifetime,
        String client,
        int nonce,
        int protocol,
        int port,
        int suggested,
        String options,
        int size)
        implements Function<PcpAddress, byte[]> {

    static PcpOctets map() {
        return new PcpOctets(2, 1, 600, "", 1, 6, 8080, 0, "", Integer.MAX_VALUE);
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

    PcpOctets version(int other) {
        return new PcpOctets(other, opcode, lifetime, client, nonce, protocol, port, suggested, options, size);
    }

    PcpOctets opcode(int other) {
        return new PcpOctets(version, other, lifetime, client, nonce, protocol, port, suggested, options, size);
    }

    PcpOctets lifetime(long seconds) {
        return new PcpOctets(version, opcode, seconds, client, nonce, protocol, port, suggested, options, size);
    }

    PcpOctets client(String other) {
        return new PcpOctets(version, opcode, lifetime, other, nonce, protocol, port, suggested, options, size);
    }

    PcpOctets otherNonce() {
        return new PcpOctets(version, opcode, lifetime, client, nonce + 1, protocol, port, suggested, options, size);
    }

    PcpOctets protocol(int number) {
        return new PcpOctets(version, opcode, lifetime, client, nonce, number, port, suggested, options, size);
    }

    PcpOctets port(int internal) {
        return new PcpOctets(version, opcode, lifetime, client, nonce, protocol, internal, suggested, options, size);
    }

    PcpOctets suggest(int external) {
        return new PcpOctets(version, opcode, lifetime, client, nonce, protocol, port, external, options, size);
    }

    PcpOctets options(String hex) {
        return new PcpOctets(version, opcode, lifetime, client, nonce, protocol, port, suggested, hex, size);
    }

    PcpOctets cut(int octets) {
        return new PcpOctets(version, opcode, lifetime, client, nonce, protocol, port, suggested, options, octets);
    }

    @Override
    public byte[] apply(PcpAddress sender) {
        var from = client.isEmpty() ? sender : PcpAddress.parse(client);
        var more = octets(options);
        var all = ByteBuffer.allocate(60 + more.length)
                .put((byte) version)
                .put((byte) opcode)
                .putShort((short) 0)
                .putInt((int) lifetime)
                .putLong(from.high())
                .putLong(from.low())
                .putInt(nonce)
                .putLong(0)
                .putInt(protocol << 24)
                .putShort((short) port)
                .putShort((short) suggested)
                .putLong(PcpAddress.ANY_IPV4.high())
                .putLong(PcpAddress.ANY_IPV4.low())
                .put(more)
                .array();
        return Arrays.copyOf(all, Math.min(size, all.length));
    }
}
