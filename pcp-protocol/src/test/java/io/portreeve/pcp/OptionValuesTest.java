package io.portreeve.pcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.PcpOption.Prefix64.Ipv4Network;
import io.portreeve.pcp.PcpOption.ThirdPartyId;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an option can hold, and what it answers. */
class OptionValuesTest {
    private static final PcpAddress PREFIX = PcpAddress.parse("64:ff9b::");

    /** Two, three and four octets. */
    private static final String U_UMLAUT = "\u00fc";

    private static final String EURO = "\u20ac";
    private static final String SMILE = "\ud83d\ude00";

    private record Refused(String message, ThrowingCallable constructor) {}

    static Stream<Refused> refused() {
        var id = "THIRD_PARTY_ID: 1 to 1016 octets in lower-case hex digits";
        var description = "DESCRIPTION: 1016 octets without NUL at most";
        return Stream.of(
                new Refused(id, () -> new ThirdPartyId("")),
                new Refused(id, () -> new ThirdPartyId("a")),
                new Refused(id, () -> new ThirdPartyId("AB")),
                new Refused(id, () -> new ThirdPartyId("0g")),
                new Refused(id, () -> new ThirdPartyId("ab".repeat(1017))),
                new Refused(description, () -> new Description("x".repeat(1017))),
                new Refused(description, () -> new Description(SMILE.repeat(254) + "x")),
                new Refused(description, () -> new Description("a\0b")),
                new Refused("PORT_SET of no port", () -> new PortSet(0, 1, false)),
                new Refused("PORT_SET size: -1 (expected: 0..65535)", () -> new PortSet(-1, 1, false)),
                new Refused("PORT_SET size: 65536 (expected: 0..65535)", () -> new PortSet(65_536, 1, false)),
                new Refused("wanted option: 0 (expected: 1..255)", () -> wanting(3, 0)),
                new Refused("wanted option: 256 (expected: 1..255)", () -> wanting(256)),
                new Refused("prefix and suffix have 96 bits", () -> prefix(12, PcpAddress.parse("64:ff9b::1"))),
                new Refused("IPv4 network: 192.0.2.0/33", () -> network(33, "192.0.2.0")),
                new Refused("IPv4 network: 192.0.2.0/-1", () -> network(-1, "192.0.2.0")),
                new Refused("IPv4 network: ::/0", () -> network(0, "::")));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(Refused row) {
        assertThatIllegalArgumentException().isThrownBy(row.constructor()).withMessage(row.message());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3, 9, 10, 11, 13, 16})
    void aPrefixHasOneOfSixLengths(int octets) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> prefix(octets, PREFIX))
                .withMessage("prefix of " + octets + " octets (expected: 4 to 8, or 12)");
    }

    @Test
    void takesTheLargest() {
        assertThat(new ThirdPartyId("0f".repeat(1016)).id()).hasSize(2032);
        assertThat(new Description(SMILE.repeat(254)).text()).hasSize(508);
        assertThat(new PortSet(65_535, 65_535, true).size()).isEqualTo(65_535);
        assertThat(wanting(1, 255).wanted()).containsExactly(1, 255);
        assertThat(network(32, "192.0.2.0").prefixLength()).isEqualTo(32);
        for (int octets : new int[] {4, 5, 6, 7, 8, 12}) {
            assertThat(prefix(octets, PREFIX).prefixOctets()).isEqualTo(octets);
        }
    }

    private record Cut(String text, int octets, String expected) {}

    static Stream<Cut> cuts() {
        return Stream.of(
                new Cut("", 0, ""),
                new Cut("abc", 0, ""),
                new Cut("abc", 2, "ab"),
                new Cut("abc", 3, "abc"),
                new Cut("abc", 1016, "abc"),
                new Cut("a" + U_UMLAUT, 2, "a"),
                new Cut("a" + U_UMLAUT, 3, "a" + U_UMLAUT),
                new Cut(EURO + EURO, 5, EURO),
                new Cut(EURO + EURO, 2, ""),
                new Cut("a" + SMILE + "b", 4, "a"),
                new Cut("a" + SMILE + "b", 5, "a" + SMILE),
                new Cut("a" + SMILE + "b", 6, "a" + SMILE + "b"),
                new Cut(SMILE + "b", 3, ""));
    }

    /** What comes later must not slip in where a longer character did not fit. */
    @ParameterizedTest
    @MethodSource("cuts")
    void aDescriptionIsCutBetweenCharacters(Cut row) {
        assertThat(new Description(row.text()).cutTo(row.octets())).isEqualTo(new Description(row.expected()));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false", "96, false", "128, false"})
    void aFilterOfNoPrefixTakesAllAway(int prefixLength, boolean clears) {
        assertThat(new Filter(prefixLength, 80, PcpAddress.parse("198.51.100.7")).isClear())
                .isEqualTo(clears);
    }

    private static NextRequest wanting(Integer... codes) {
        return new NextRequest(GetTuple.ANY, false, List.of(codes));
    }

    private static Prefix64 prefix(int octets, PcpAddress address) {
        return new Prefix64(octets, address, List.of());
    }

    private static Ipv4Network network(int prefixLength, String address) {
        return new Ipv4Network(prefixLength, PcpAddress.parse(address));
    }
}
