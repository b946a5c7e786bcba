package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Ports of one external address and protocol, given out by chance alone: each free one is as likely as the others. */
final class RandomPorts {
    /** Those below belong to servers: RFC 4787 REQ-3. */
    private static final int FIRST_USER_PORT = 1024;

    private final BitSet free;

    private RandomPorts(BitSet free) {
        this.free = free;
    }

    /** {@return all of {@code span} but what is PCP's own: a host whose traffic had one could have no mapping} */
    static RandomPorts of(IpProtocol protocol, PortSpan span) {
        var ports = new BitSet();
        ports.set(span.first(), span.last() + 1);
        PcpPorts.of(protocol).forEach(ports::clear);
        return new RandomPorts(ports);
    }

    /** {@return the ports that {@code pool} leaves; those of servers only if it leaves no others} */
    static RandomPorts besides(PoolRange pool) {
        var rest = of(pool.protocol(), new PortSpan(1, 65_535)).free;
        rest.clear(pool.firstPort(), pool.lastPort() + 1);
        if (rest.nextSetBit(FIRST_USER_PORT) >= 0) {
            rest.clear(0, FIRST_USER_PORT);
        }
        return new RandomPorts(rest);
    }

    /** {@return empty if none is free} */
    OptionalInt take(RandomGenerator random) {
        if (free.isEmpty()) {
            return OptionalInt.empty();
        }
        int port = nth(random.nextInt(free.cardinality()));
        free.clear(port);
        return OptionalInt.of(port);
    }

    /** {@return the free port that has {@code before} others before it} */
    private int nth(int before) {
        long[] words = free.toLongArray();
        int left = before;
        int i = 0;
        while (left >= Long.bitCount(words[i])) {
            left -= Long.bitCount(words[i++]);
        }
        long word = words[i];
        while (left-- > 0) {
            word &= word - 1;
        }
        return Long.SIZE * i + Long.numberOfTrailingZeros(word);
    }

    boolean isFree(int port) {
        return free.get(port);
    }

    /** Has {@code port} be given to nobody else. */
    void take(int port) {
        free.clear(port);
    }

    void giveBack(int port) {
        free.set(port);
    }
}
