package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Prefix64;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the provider allows.
 *
 * @param minimum the shortest lifetime granted (RFC 6887 section 15 recommends 120 s)
 * @param maximum the longest lifetime granted (24 h)
 * @param quota mapped ports of one subscriber at most
 * @param profile what threats it is made for
 */
public record ServerPolicy(
        Lifetime minimum,
        Lifetime maximum,
        int quota,
        Access access,
        Extras extras,
        Reuse reuse,
        Rates rates,
        Versions versions,
        Profile profile) {

    /** Whom the provider trusts with what. */
    public enum Profile {
        /** Subscribers are known and authorised. */
        PROVIDER,

        /**
         * Anybody inside may ask, so nobody gets more than traffic would make by itself: a port of the server's choice, for as
         * long as a CGN keeps what is idle, and nobody takes away what traffic keeps. Source: RFC 6887 section 18.1.
         */
        SIMPLE
    }

    /** How long the CGN keeps a connection that is idle: RFC 5382 REQ-5. */
    public static final Lifetime IDLE_TCP = new Lifetime(7440);

    /** How long it keeps other traffic: RFC 4787 REQ-5. */
    public static final Lifetime IDLE_OTHER = new Lifetime(120);

    /** After this time without an answer of the CGN, whoever waits for it is refused. */
    static final Duration CGN_PATIENCE = Duration.ofSeconds(30);

    /** What is spoken: PCP is version 2, NAT-PMP its version 0. RFC 6887 section 9 and appendix A. */
    public enum Versions {
        PCP,
        PCP_AND_NAT_PMP,
        NAT_PMP,

        /** Version 1 of PCP, of drafts before the RFC: whoever speaks another is told so, and that is all. RFC 6887 section 9. */
        DRAFT;

        boolean hasPcp() {
            return this == PCP || this == PCP_AND_NAT_PMP;
        }

        boolean hasNatPmp() {
            return this == NAT_PMP || this == PCP_AND_NAT_PMP;
        }

        /** {@return true if NAT-PMP is to answer this datagram} Alone it refuses the versions it does not know. */
        public boolean isForNatPmp(byte[] datagram) {
            return this == NAT_PMP || this == PCP_AND_NAT_PMP && datagram.length > 0 && datagram[0] == 0;
        }
    }

    /** Whether a mapping is its nonce's. Source: RFC 6887 section 11.3.1. */
    public enum Nonces {
        CHECKED,

        /** As servers do that were made before there were nonces, or leave the check out: whoever has the address may do all. */
        IGNORED
    }

    /** Whose mappings GET lists. */
    public enum Disclosure {
        /** GET is an unknown opcode. */
        NONE,

        /** Those whose nonce the client knows. */
        NONCE,

        /** Those of the address that the request comes from. */
        ADDRESS,

        /** The same, with their nonces if the client asks for them. */
        ADDRESS_WITH_NONCES
    }

    /**
     * What goes beyond plain mappings.
     *
     * @param descriptionOctets of a description this many are kept; 0 for no descriptions (RFC 7220 section 3)
     * @param largestSet ports of a PORT_SET at most; 1 for no sets
     * @param peers lifetime of an outbound mapping at least, if it is asked for by PEER
     * @param prefixes what is told to a client that asks for the prefix of NAT64, the one for synthesis first
     * @param nonces ignored only to imitate a server that does
     */
    public record Extras(
            boolean preferFailure,
            int descriptionOctets,
            int largestSet,
            Disclosure get,
            Lifetime peers,
            List<Prefix64> prefixes,
            Nonces nonces) {

        public static final Extras DEFAULT = new Extras(true, 128, 64, Disclosure.NONE, new Lifetime(120), List.of());

        public Extras {
            if (descriptionOctets < 0 || descriptionOctets > Description.MAX_OCTETS) {
                throw new IllegalArgumentException("octets of a description: " + descriptionOctets);
            }
            prefixes = List.copyOf(prefixes);
        }

        public Extras(
                boolean preferFailure,
                int descriptionOctets,
                int largestSet,
                Disclosure get,
                Lifetime peers,
                List<Prefix64> prefixes) {
            this(preferFailure, descriptionOctets, largestSet, get, peers, prefixes, Nonces.CHECKED);
        }

        public Extras with(Disclosure disclosure) {
            return new Extras(preferFailure, descriptionOctets, largestSet, disclosure, peers, prefixes, nonces);
        }

        public Extras with(List<Prefix64> others) {
            return new Extras(preferFailure, descriptionOctets, largestSet, get, peers, others, nonces);
        }

        public Extras with(Nonces others) {
            return new Extras(preferFailure, descriptionOctets, largestSet, get, peers, prefixes, others);
        }
    }

    /**
     * How long a port is held back when its mapping has ended.
     *
     * @param tcp what a connection may be idle for, after which both ends know that it is over (RFC 5382 REQ-5)
     * @param other RFC 4787 REQ-5, RFC 6888 REQ-8
     */
    public record Reuse(Duration tcp, Duration other) {
        public static final Reuse DEFAULT = new Reuse(Duration.ofSeconds(7440), Duration.ofSeconds(120));

        Duration of(IpProtocol protocol) {
            return protocol.equals(IpProtocol.TCP) ? tcp : other;
        }
    }

    /**
     * What one client may do in a second; 0 for no limit.
     *
     * @param requests beyond these it meets silence
     * @param probes so many requests for a port or none may fail, beyond these it meets silence too (RFC 6887 section 13.2)
     */
    public record Rates(int requests, int probes) {
        public static final Rates DEFAULT = new Rates(10_000, 10);

        public Rates {
            if (requests < 0 || probes < 0) {
                throw new IllegalArgumentException("rates: " + requests + " and " + probes + " a second");
            }
        }
    }

    public ServerPolicy {
        if (minimum.isDelete() || minimum.seconds() > maximum.seconds()) {
            throw new IllegalArgumentException("lifetimes from " + minimum + " to " + maximum);
        }
        if (quota < 1) {
            throw new IllegalArgumentException("quota: " + quota + " (expected: at least 1)");
        }
        boolean isBeyondTraffic =
                !access.authorized().isEmpty() || extras.largestSet() > 1 || minimum.seconds() > IDLE_OTHER.seconds();
        if (profile == Profile.SIMPLE && isBeyondTraffic) {
            throw new IllegalArgumentException(
                    "third parties, sets of ports or lifetimes from " + minimum + " in the simple profile");
        }
    }

    /** @param thirdParty whether all may ask for the hosts behind them */
    public ServerPolicy(Lifetime minimum, Lifetime maximum, int quota, boolean thirdParty) {
        this(
                minimum,
                maximum,
                quota,
                thirdParty ? Access.THIRD_PARTIES : Access.NO_THIRD_PARTIES,
                Extras.DEFAULT,
                Reuse.DEFAULT,
                Rates.DEFAULT,
                Versions.PCP_AND_NAT_PMP,
                Profile.PROVIDER);
    }

    public ServerPolicy with(Access other) {
        return new ServerPolicy(minimum, maximum, quota, other, extras, reuse, rates, versions, profile);
    }

    public ServerPolicy with(Extras others) {
        return new ServerPolicy(minimum, maximum, quota, access, others, reuse, rates, versions, profile);
    }

    public ServerPolicy with(Reuse other) {
        return new ServerPolicy(minimum, maximum, quota, access, extras, other, rates, versions, profile);
    }

    public ServerPolicy with(Rates others) {
        return new ServerPolicy(minimum, maximum, quota, access, extras, reuse, others, versions, profile);
    }

    public ServerPolicy with(Versions others) {
        return new ServerPolicy(minimum, maximum, quota, access, extras, reuse, rates, others, profile);
    }

    public ServerPolicy with(Profile other) {
        return new ServerPolicy(minimum, maximum, quota, access, extras, reuse, rates, versions, other);
    }

    /** {@return true if who sends {@code sent} may change what was made with {@code made}} */
    boolean accepts(MappingNonce sent, MappingNonce made) {
        return extras.nonces() == Nonces.IGNORED || sent.equals(made);
    }

    boolean isSimple() {
        return profile == Profile.SIMPLE;
    }

    /** {@return the opcodes that this policy has a use for} */
    public Set<Opcode> opcodes() {
        var opcodes = EnumSet.allOf(Opcode.class);
        if (extras.get() == Disclosure.NONE) {
            opcodes.remove(Opcode.GET);
        }
        return opcodes;
    }

    /** {@return the ports of a mapping that ended at {@code end}, as they are held back} */
    public List<HeldPort> heldAfter(MappingRow row, MonoTime end) {
        var until = end.plus(reuse.of(row.key().protocol()));
        var ports = Ports.of(row).all();
        return IntStream.range(0, ports.size())
                .mapToObj(i -> new HeldPort(row.key().plus(i), ports.get(i), until))
                .toList();
    }

    Lifetime grant(Lifetime requested, IpProtocol protocol) {
        var longest = longest(protocol);
        if (requested.seconds() > longest.seconds()) {
            return longest;
        }
        return requested.seconds() < minimum.seconds() ? minimum : requested;
    }

    /** {@return how long an outbound mapping lives that PEER asks for} */
    Lifetime grantPeer(Lifetime requested, IpProtocol protocol) {
        long least = extras.peers().seconds();
        long longest = longest(protocol).seconds();
        long most = isSimple() ? longest : Math.max(least, longest);
        return new Lifetime(Math.clamp(requested.seconds(), Math.min(least, most), most));
    }

    /** {@return the longest lifetime of a mapping} */
    Lifetime longest(IpProtocol protocol) {
        if (!isSimple()) {
            return maximum;
        }
        var idle = protocol.equals(IpProtocol.TCP) ? IDLE_TCP : IDLE_OTHER;
        return new Lifetime(Math.min(maximum.seconds(), idle.seconds()));
    }
}
