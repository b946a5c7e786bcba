package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryFlag.CACHE;
import static io.portreeve.server.library.LibraryFlag.MAPDST;
import static io.portreeve.server.library.LibraryFlag.MAPEXT;
import static io.portreeve.server.library.LibraryFlag.MAPINT;
import static io.portreeve.server.library.LibraryFlag.MAPSRC;
import static io.portreeve.server.library.LibraryFlag.OTHERPROTO;
import static io.portreeve.server.library.LibraryFlag.PORT0;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY;
import static io.portreeve.server.library.LibraryFlag.THIRD_PARTY_CPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.Opcode;
import io.portreeve.server.library.LibrarySettings.Conformance;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LibrarySettingsTest {

    private static LibrarySettings read(String... words) throws SettingsException {
        return LibrarySettings.of(new Settings("command line", List.of(words)));
    }

    @Test
    void everythingCanBeNamed() throws Exception {
        var settings = read(
                "type=l2nat",
                "opcodes=announce,map",
                "flags=otherproto, port0, third-party, third-party-cpe, cache",
                "conformance=legacy");
        assertThat(settings.type()).isEqualTo(CgnType.L2NAT);
        assertThat(settings.opcodes()).containsExactly(Opcode.ANNOUNCE, Opcode.MAP);
        assertThat(settings.flags())
                .containsExactlyInAnyOrder(
                        OTHERPROTO, PORT0, THIRD_PARTY, THIRD_PARTY_CPE, CACHE, MAPSRC, MAPINT, MAPEXT, MAPDST);
        assertThat(settings.conformance()).isEqualTo(Conformance.LEGACY);
    }

    @Test
    void theTypeIsEnough() throws Exception {
        assertThat(read("type=nat64"))
                .isEqualTo(
                        new LibrarySettings(CgnType.NAT64, LibraryBench.ALL_OPCODES, Set.of(MAPEXT), Conformance.RFC));
        assertThat(read("type=fw6").opcodes()).isEqualTo(LibraryBench.NO_PEER);
    }

    @Test
    void whatIsGivenCanBeChangedWithoutHarm() {
        var opcodes = EnumSet.of(Opcode.MAP);
        var flags = EnumSet.of(CACHE);
        var settings = new LibrarySettings(CgnType.FW6, opcodes, flags);
        opcodes.add(Opcode.PEER);
        flags.add(OTHERPROTO);
        assertThat(settings.opcodes()).containsExactly(Opcode.MAP);
        assertThat(settings.flags()).containsExactly(CACHE);
        assertThatThrownBy(() -> settings.flags().add(OTHERPROTO)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> settings.opcodes().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type=nat45                    | command line:1: type = 'nat45' is not one of dslite, nat444,
            type=nat444 opcodes=map,get   | command line:2: opcodes = 'map,get' is not made of announce, map, peer,
            type=nat444 flags=port-0      | command line:2: flags = 'port-0' is not made of mapsrc,
            type=nat444 conformance=draft | command line:2: conformance = 'draft' is not one of rfc, legacy
            type=nat444 flags=port0       | command line:2: flags = 'port0' is not possible: port0 needs otherproto: add it
            type=dslite                   | command line:1: type = 'dslite' is not possible: dslite knows the hosts
            flags=cache                   | command line: 'type' is missing
            """)
    void saysWhatIsWrongWithTheWords(String words, String message) {
        assertThatThrownBy(() -> read(words.split(" ")))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void thereIsSomethingToServe() {
        assertThatThrownBy(() -> new LibrarySettings(CgnType.NAT444, Set.of(), Set.of()))
                .hasMessage("the opcodes can be announce, map and peer: name one or more of these");
        assertThatThrownBy(() -> new LibrarySettings(CgnType.NAT444, Set.of(Opcode.GET), Set.of()))
                .hasMessage("the opcodes can be announce, map and peer: name one or more of these");
    }
}
