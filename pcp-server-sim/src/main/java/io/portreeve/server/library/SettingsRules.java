package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryFlag.FIREWALL;
import static io.portreeve.server.library.LibraryFlag.MAPSRC;
import static io.portreeve.server.library.LibraryFlag.ONEONE;
import static io.portreeve.server.library.LibraryFlag.OTHERPROTO;
import static io.portreeve.server.library.LibraryFlag.PORT0;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY_AO;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY_CPE;
import static io.portreeve.server.library.LibraryFlag.UPDATE;

import io.portreeve.pcp.Opcode;
import io.portreeve.server.library.LibrarySettings.Conformance;
import java.util.EnumSet;
import java.util.Set;

/** What goes together. Source: libpcpd, "server flags". */
final class SettingsRules {
    private static final Set<Opcode> SERVED = EnumSet.of(Opcode.ANNOUNCE, Opcode.MAP, Opcode.PEER);

    private SettingsRules() {}

    static void check(CgnType type, Set<Opcode> opcodes, Set<LibraryFlag> flags, Conformance conformance) {
        ofOpcodes(opcodes, flags);
        ofMapped(type, flags);
        ofProtocols(flags);
        if (flags.contains(FIREWALL)) {
            ofFirewall(type, opcodes, flags);
        }
        ofThirdParty(type, flags, conformance);
    }

    private static void ofOpcodes(Set<Opcode> opcodes, Set<LibraryFlag> flags) {
        require(
                !opcodes.isEmpty() && SERVED.containsAll(opcodes),
                "the opcodes can be announce, map and peer: name one or more of these");
        require(
                !flags.contains(UPDATE) || opcodes.contains(Opcode.MAP),
                "update tells what became of MAP's mappings: add the opcode map, or remove update");
    }

    private static void ofMapped(CgnType type, Set<LibraryFlag> flags) {
        for (var flag : flags) {
            require(
                    !LibraryFlag.MAPPED.contains(flag) || type.mapped().contains(flag),
                    Names.of(flag) + " is for IPv4, and " + Names.of(type) + " has IPv6 there: remove it");
        }
    }

    private static void ofProtocols(Set<LibraryFlag> flags) {
        needs(flags, PORT0, OTHERPROTO);
        needs(flags, ONEONE, OTHERPROTO);
        needs(flags, ONEONE, PORT0);
    }

    private static void ofFirewall(CgnType type, Set<Opcode> opcodes, Set<LibraryFlag> flags) {
        require(type.isFirewall(), "firewall goes with fw4 and fw6, for " + Names.of(type) + " translates: remove it");
        require(
                !opcodes.contains(Opcode.PEER),
                "firewall has no PEER, for nothing is translated: remove the opcode peer, or firewall");
        long mapped = flags.stream().filter(LibraryFlag.MAPPED::contains).count();
        require(
                mapped == 0 || mapped == LibraryFlag.MAPPED.size(),
                "firewall translates nothing: name all of mapsrc, mapint, mapext and mapdst, or none");
    }

    private static void ofThirdParty(CgnType type, Set<LibraryFlag> flags, Conformance conformance) {
        needs(flags, THIRD_PARTY_CPE, THIRD_PARTY);
        needs(flags, THIRD_PARTY_AO, THIRD_PARTY);
        require(
                !flags.contains(THIRD_PARTY_CPE) || type.mapped().contains(MAPSRC),
                "third-party-cpe is for requests from 192.0.0.2, and those of " + Names.of(type)
                        + " come from IPv6: remove it");
        require(
                !flags.contains(THIRD_PARTY_AO) || conformance == Conformance.LEGACY,
                "third-party-ao is not of RFC 6887: remove it, or say conformance = legacy");
        require(
                type != CgnType.DSLITE || flags.contains(THIRD_PARTY),
                "dslite knows the hosts behind a B4 by THIRD_PARTY: add third-party to the flags");
    }

    private static void needs(Set<LibraryFlag> flags, LibraryFlag flag, LibraryFlag other) {
        require(
                !flags.contains(flag) || flags.contains(other),
                Names.of(flag) + " needs " + Names.of(other) + ": add it, or remove " + Names.of(flag));
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
