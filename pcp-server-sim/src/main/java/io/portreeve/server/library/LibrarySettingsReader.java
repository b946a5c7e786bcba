package io.portreeve.server.library;

import io.portreeve.pcp.Opcode;
import io.portreeve.server.library.LibrarySettings.Conformance;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.EnumSet;
import java.util.Set;

/** Reads {@link LibrarySettings} from lines of a file or words of a command line. */
final class LibrarySettingsReader {
    private static final Set<Opcode> OF_NAT = EnumSet.of(Opcode.ANNOUNCE, Opcode.MAP, Opcode.PEER);
    private static final Set<Opcode> OF_FIREWALL = EnumSet.of(Opcode.ANNOUNCE, Opcode.MAP);

    private final Settings settings;

    LibrarySettingsReader(Settings settings) {
        this.settings = settings;
    }

    LibrarySettings read() throws SettingsException {
        settings.required("type");
        var type = one("type", EnumSet.allOf(CgnType.class), CgnType.NAT444);
        var opcodes = some("opcodes", OF_NAT, type.isFirewall() ? OF_FIREWALL : OF_NAT);
        var flags = some("flags", EnumSet.allOf(LibraryFlag.class), EnumSet.noneOf(LibraryFlag.class));
        var conformance = one("conformance", EnumSet.allOf(Conformance.class), Conformance.RFC);
        try {
            return new LibrarySettings(type, opcodes, flags, conformance);
        } catch (IllegalArgumentException e) {
            throw settings.wrong(settings.text("flags").isPresent() ? "flags" : "type", "possible: " + e.getMessage());
        }
    }

    private <E extends Enum<E>> E one(String key, Set<E> known, E fallback) throws SettingsException {
        return Names.find(known, settings.text(key, Names.of(fallback)))
                .orElseThrow(() -> settings.wrong(key, "one of " + Names.list(known)));
    }

    private <E extends Enum<E>> Set<E> some(String key, Set<E> known, Set<E> fallback) throws SettingsException {
        var text = settings.text(key);
        if (text.isEmpty()) {
            return fallback;
        }
        return Names.findAll(known, text.get())
                .orElseThrow(() -> settings.wrong(key, "made of " + Names.list(known) + ", with commas between"));
    }
}
