package io.portreeve.server.library;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the library allows and checks. Source: libpcpd, "server flags".
 *
 * <p>The four MAP flags say whose addresses are IPv4. A message has these as IPv4-mapped IPv6 addresses, and one that has
 * anything else there is refused before a method hears of it; {@link io.portreeve.pcp.PcpAddress} is both forms at once, so
 * methods have nothing to convert. They follow from {@link CgnType} and need not be named.
 */
public enum LibraryFlag {

    /** Clients send from IPv4 addresses. */
    MAPSRC,

    /** The hosts that mappings lead to have IPv4 addresses. */
    MAPINT,

    /** External addresses are IPv4. */
    MAPEXT,

    /** Remote peers have IPv4 addresses. A FILTER has 96 bits of prefix or more then (RFC 6887 section 13.3). */
    MAPDST,

    /** Allows mappings of other protocols than TCP and UDP. */
    OTHERPROTO,

    /** Allows mappings of all ports of a protocol: internal port 0. */
    PORT0,

    /** Allows mappings of all protocols and ports: protocol 0, internal port 0. */
    ONEONE,

    /** Nothing is translated: external addresses and ports are the internal ones. */
    FIREWALL,

    /** Allows to ask for another host: the option THIRD_PARTY. */
    THIRD_PARTY,

    /** Allows it to whoever sends from 192.0.0.2 only, the B4 of DS-Lite. */
    THIRD_PARTY_CPE,

    /** Allows it with an address of zeros only, which RFC 6887 does not know: drafts before it did. */
    THIRD_PARTY_AO,

    /** Enables {@link PcpCallbacks#announce}. */
    ANNOUNCE,

    /** Enables {@link PcpCallbacks#update} and {@link PcpCallbacks#updateRecycle}. */
    UPDATE,

    /** Subscribers are asked for once, until {@link PcpCallbacks#uncache}. */
    CACHE;

    static final Set<LibraryFlag> MAPPED = Collections.unmodifiableSet(EnumSet.range(MAPSRC, MAPDST));
}
