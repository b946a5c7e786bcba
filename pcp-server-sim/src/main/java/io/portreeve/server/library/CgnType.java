package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryFlag.MAPDST;
import static io.portreeve.server.library.LibraryFlag.MAPEXT;
import static io.portreeve.server.library.LibraryFlag.MAPINT;
import static io.portreeve.server.library.LibraryFlag.MAPSRC;

import java.util.Set;

/** What kind of box the library is part of, which says where it has IPv4 and where IPv6. Source: libpcpd, "server CGN types". */
public enum CgnType {

    /** A plain mode AFTR: requests come from the IPv6 address of a B4, and THIRD_PARTY names the IPv4 host behind it. */
    DSLITE(MAPINT, MAPEXT, MAPDST),

    /** The provider's part of a NAT444. */
    NAT444(MAPSRC, MAPINT, MAPEXT, MAPDST),

    /** IPv6 inside, IPv4 outside. Clients name remote peers by the IPv6 addresses that they see. */
    NAT64(MAPEXT),

    /** IPv4 inside, IPv6 outside. Clients name remote peers by the IPv4 addresses that they see. */
    NAT46(MAPSRC, MAPINT, MAPDST),

    /** One IPv6 prefix for another. */
    NPTV6,

    /** An IPv4 firewall. */
    FW4(MAPSRC, MAPINT, MAPEXT, MAPDST),

    /** An IPv6 firewall. */
    FW6,

    /** A DS-Lite NAT extended to layer 2. */
    L2NAT(MAPSRC, MAPINT, MAPEXT, MAPDST);

    private final Set<LibraryFlag> mapped;

    CgnType(LibraryFlag... mapped) {
        this.mapped = Set.of(mapped);
    }

    /** {@return where the addresses are IPv4, in messages IPv4-mapped IPv6}; elsewhere they are IPv6. */
    Set<LibraryFlag> mapped() {
        return mapped;
    }

    boolean isFirewall() {
        return this == FW4 || this == FW6;
    }
}
