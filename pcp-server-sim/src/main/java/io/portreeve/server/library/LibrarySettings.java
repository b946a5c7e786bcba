package io.portreeve.server.library;

import io.portreeve.pcp.Opcode;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a library is told once, when it is made.
 *
 * @param opcodes ANNOUNCE, MAP and PEER, or some of them; any other is answered UNSUPP_OPCODE
 * @param flags with those that follow from the type, named or not
 */
public record LibrarySettings(CgnType type, Set<Opcode> opcodes, Set<LibraryFlag> flags, Conformance conformance) {

    /** Which texts decide where RFC 6887 and the drafts before it differ. */
    public enum Conformance {
        RFC,
        LEGACY
    }

    /** @throws IllegalArgumentException if these do not go together; the message says what to change */
    public LibrarySettings {
        SettingsRules.check(type, opcodes, flags, conformance);
        opcodes = Collections.unmodifiableSet(EnumSet.copyOf(opcodes));
        var all = EnumSet.noneOf(LibraryFlag.class);
        all.addAll(flags);
        all.addAll(type.mapped());
        flags = Collections.unmodifiableSet(all);
    }

    /** As RFC 6887 says. */
    public LibrarySettings(CgnType type, Set<Opcode> opcodes, Set<LibraryFlag> flags) {
        this(type, opcodes, flags, Conformance.RFC);
    }

    /**
     * Reads {@code type = nat444}, {@code opcodes = announce, map}, {@code flags = otherproto, port0} and
     * {@code conformance = rfc}. Only the type is required; without opcodes all three are served, firewalls have no PEER.
     */
    public static LibrarySettings of(Settings settings) throws SettingsException {
        return new LibrarySettingsReader(settings).read();
    }

    boolean has(LibraryFlag flag) {
        return flags.contains(flag);
    }
}
