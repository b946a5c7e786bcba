package io.portreeve.server.channel;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PoolRange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The words of one line, read one after the other. */
final class Words {
    private final Iterator<String> words;

    private Words(List<String> words) {
        this.words = words.iterator();
    }

    static Words of(String line) {
        return new Words(List.of(line.strip().split(" ")));
    }

    /** What is there is not what is written on this channel. */
    static final class Misspelt extends Exception {
        private static final long serialVersionUID = 1;

        Misspelt(String what) {
            super(what);
        }
    }

    boolean hasNext() {
        return words.hasNext();
    }

    String next() throws Misspelt {
        if (!words.hasNext()) {
            throw new Misspelt("a word is missing");
        }
        return words.next();
    }

    void end() throws Misspelt {
        if (words.hasNext()) {
            throw new Misspelt("unexpected: " + words.next());
        }
    }

    long number(long least, long most) throws Misspelt {
        var word = next();
        boolean isNumber =
                word.length() <= 18 && !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = isNumber ? Long.parseLong(word) : -1;
        if (number < least || number > most) {
            throw new Misspelt(word + " (expected: " + least + ".." + most + ")");
        }
        return number;
    }

    PcpAddress address() throws Misspelt {
        var word = next();
        try {
            return PcpAddress.parse(word);
        } catch (IllegalArgumentException e) {
            throw new Misspelt(word + " (expected: an IP address)");
        }
    }

    IpProtocol protocol() throws Misspelt {
        return IpProtocol.of((int) number(0, 255));
    }

    Endpoint endpoint() throws Misspelt {
        return new Endpoint(address(), (int) number(0, 65_535));
    }

    Lifetime lifetime() throws Misspelt {
        return new Lifetime(number(0, Lifetime.INFINITE.seconds()));
    }

    CgnFilter filter() throws Misspelt {
        int prefix = (int) number(1, 128);
        var remote = endpoint();
        try {
            return new CgnFilter(prefix, remote.address(), remote.port());
        } catch (IllegalArgumentException e) {
            throw new Misspelt(e.getMessage());
        }
    }

    List<PoolRange> pool() throws Misspelt {
        var pool = new ArrayList<PoolRange>();
        while (hasNext()) {
            var external = address();
            var protocol = protocol();
            int first = (int) number(1, 65_535);
            pool.add(new PoolRange(external, protocol, first, (int) number(first, 65_535)));
        }
        return pool;
    }

    /** {@return the rest of the words} */
    List<String> rest() {
        var rest = new ArrayList<String>();
        words.forEachRemaining(rest::add);
        return rest;
    }

    static String of(Endpoint endpoint, Lifetime lifetime) {
        return of(endpoint) + " " + lifetime.seconds();
    }

    static String of(Endpoint endpoint) {
        return endpoint.address() + " " + endpoint.port();
    }

    static String of(CgnFilter filter) {
        return filter.prefixLength() + " " + filter.remote() + " " + filter.remotePort();
    }

    static String of(IpProtocol protocol) {
        return Integer.toString(protocol.number());
    }

    static String of(PoolRange range) {
        return range.external() + " " + of(range.protocol()) + " " + range.firstPort() + " " + range.lastPort();
    }
}
