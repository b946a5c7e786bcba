package io.portreeve.pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Prefix64.Ipv4Network;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The data of each option: what can be read, and what refuses the whole request. */
class OptionDecodingTest {
    private static final String V04 = Vectors.of("V04").hex();
    private static final String ADDRESS = "00000000000000000000ffffc6336401";
    private static final String PREFIX = "0064ff9b0000000000000000";
    private static final PcpOption PREFER_FAILURE = new PcpOption.PreferFailure();

    private record Malformed(String why, String option) {}

    static Stream<Malformed> malformed() {
        return Stream.of(
                new Malformed("THIRD_PARTY of no octet", "01000000"),
                new Malformed("THIRD_PARTY one octet short", option(1, ADDRESS.substring(2))),
                new Malformed("THIRD_PARTY one octet long", option(1, ADDRESS + "00")),
                new Malformed("PREFER_FAILURE of one octet", option(2, "00")),
                new Malformed("FILTER prefix 129", option(3, "00810000" + ADDRESS)),
                new Malformed("FILTER prefix 255", option(3, "00ff0000" + ADDRESS)),
                new Malformed("FILTER without the address", option(3, "00780000")),
                new Malformed("FILTER one octet short", option(3, "00780000" + ADDRESS.substring(2))),
                new Malformed("FILTER one octet long", option(3, "00780000" + ADDRESS + "00")),
                new Malformed("THIRD_PARTY_ID of no octet", "0d000000"),
                new Malformed("THIRD_PARTY_ID of 1017 octets", option(13, "ab".repeat(1017))),
                new Malformed("NEXT of no octet", "71000000"),
                new Malformed("NEXT of 43 octets", option(113, "00".repeat(43))),
                new Malformed("NEXT of 11 octets", option(113, "00".repeat(11))),
                new Malformed("PREFIX64 of no octet", "81000000"),
                new Malformed("PREFIX64 one octet short", option(129, "000c" + PREFIX.substring(2))),
                new Malformed("PREFIX64 of /24", option(129, "0003" + PREFIX + "0000")),
                new Malformed("PREFIX64 of /72", option(129, "0009" + PREFIX + "0000")),
                new Malformed("PREFIX64 of /88", option(129, "000b" + PREFIX + "0000")),
                new Malformed("PREFIX64 of /104", option(129, "000d" + PREFIX + "0000")),
                new Malformed(
                        "PREFIX64 of /104 for no network", option(129, "000d" + PREFIX + "0001" + "ffffc0000200")),
                new Malformed("PREFIX64 with half a count", option(129, "000c" + PREFIX + "00")),
                new Malformed("PREFIX64 that counts too many", option(129, "000c" + PREFIX + "0001")),
                new Malformed("PREFIX64 that counts too few", option(129, "000c" + PREFIX + "00000018c0000200")),
                new Malformed("PREFIX64 with a cut network", option(129, "000c" + PREFIX + "00010018c00002")),
                new Malformed("PREFIX64 with 65535 networks", option(129, "000c" + PREFIX + "ffff0018c0000200")),
                new Malformed("PORT_SET of no port", option(130, "0000c35000")),
                new Malformed("PORT_SET of no octet", "82000000"),
                new Malformed("PORT_SET one octet short", option(130, "0064c350")),
                new Malformed("PORT_SET one octet long", option(130, "0064c3500000")),
                new Malformed("PORT_RESERVATION of one octet", option(225, "00")),
                new Malformed("MAPPING_NONCE one octet short", option(226, "00".repeat(11))),
                new Malformed("MAPPING_NONCE one octet long", option(226, "00".repeat(13))));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refuses(Malformed row) {
        var refused = new DecodedRequest.Refuse(ResultCode.MALFORMED_OPTION);
        assertThat(decode(V04 + row.option())).as(row.why()).isEqualTo(refused);
        assertThat(decode(V04 + "02000000" + row.option()))
                .as(row.why() + ", as the second one")
                .isEqualTo(refused);
    }

    private record Legal(String why, String option, PcpOption expected) {}

    static Stream<Legal> legal() {
        var network = new Ipv4Network(24, PcpAddress.parse("192.0.2.0"));
        var everything = new Ipv4Network(0, PcpAddress.ANY_IPV4);
        var filtered = PcpAddress.parse("198.51.100.1");
        var description = new PcpOption.Unknown(128);
        return Stream.of(
                new Legal(
                        "FILTER prefix 128",
                        option(3, "0080ffff" + ADDRESS),
                        new PcpOption.Filter(128, 65_535, filtered)),
                new Legal(
                        "FILTER with noise", option(3, "ff780050" + ADDRESS), new PcpOption.Filter(120, 80, filtered)),
                new Legal(
                        "FILTER IPv4/24 is the engine's",
                        option(3, "00180000" + ADDRESS),
                        new PcpOption.Filter(24, 0, filtered)),
                new Legal("THIRD_PARTY_ID of one octet", option(13, "00"), new PcpOption.ThirdPartyId("00")),
                new Legal("THIRD_PARTY_ID of any octets", option(13, "00ffab"), new PcpOption.ThirdPartyId("00ffab")),
                new Legal(
                        "PREFIX64 without a count", option(129, "000c" + "00".repeat(12)), PcpOption.Prefix64.QUESTION),
                new Legal("PREFIX64 of /32 with a suffix", option(129, "0004" + PREFIX + "0000"), prefix(4)),
                new Legal("PREFIX64 of /64", option(129, "0008" + PREFIX + "0000"), prefix(8)),
                new Legal(
                        "PREFIX64 for one network",
                        option(129, "000c" + PREFIX + "00010018c0000200"),
                        prefix(12, network)),
                new Legal(
                        "PREFIX64 for one host",
                        option(129, "000c" + PREFIX + "00010020c0000207"),
                        prefix(12, new Ipv4Network(32, PcpAddress.parse("192.0.2.7")))),
                new Legal(
                        "PREFIX64 whose second network is none",
                        option(129, "000c" + PREFIX + "0003" + "0018c0000200" + "0021c0000200" + "000000000000"),
                        prefix(12, network, everything)),
                new Legal(
                        "PREFIX64 whose only network is none",
                        option(129, "000c" + PREFIX + "0001" + "ffffc0000200"),
                        new PcpOption.Unknown(129)),
                new Legal("PORT_SET of one port", option(130, "00010000fe"), new PcpOption.PortSet(1, 0, false)),
                new Legal("PORT_SET of all", option(130, "ffffffffff"), new PcpOption.PortSet(65_535, 65_535, true)),
                new Legal("DESCRIPTION of no octet", "80000000", new PcpOption.Description("")),
                new Legal(
                        "DESCRIPTION in any script",
                        option(128, "e282acf09f9880"),
                        new PcpOption.Description("\u20ac\ud83d\ude00")),
                new Legal("DESCRIPTION with NUL", option(128, "610062"), description),
                new Legal("DESCRIPTION with an overlong NUL", option(128, "c080"), description),
                new Legal("DESCRIPTION cut in a character", option(128, "61e282"), description),
                new Legal("DESCRIPTION with a surrogate", option(128, "eda080"), description),
                new Legal("DESCRIPTION in Latin-1", option(128, "4bfc636865"), description),
                new Legal("DESCRIPTION of 1017 octets", option(128, "61".repeat(1017)), description),
                new Legal("DESCRIPTION of 1020 octets", option(128, "61".repeat(1020)), description));
    }

    @ParameterizedTest
    @MethodSource("legal")
    void readsItAndWhatFollows(Legal row) {
        var ok = (DecodedRequest.Ok) decode(V04 + row.option() + "02000000");
        var request = (MapRequest) ok.request();
        assertThat(request.options()).as(row.why()).containsExactly(row.expected(), PREFER_FAILURE);
        assertThat(request.internalPort()).as(row.why()).isEqualTo(8080);
    }

    private record Padded(String vector, int length, String tail) {}

    static Stream<Padded> padded() {
        return Stream.of(
                new Padded("V14", 6, "43616d657261" + "0000"),
                new Padded("V15", 5, "0064c35000" + "000000"),
                new Padded("V34", 3, "123450" + "00"),
                new Padded("V35", 0, ""));
    }

    @ParameterizedTest
    @MethodSource("padded")
    @Proves("pcp:B-WIRE-06")
    void theLengthLeavesThePaddingOut(Padded row) {
        var golden = Golden.requests()
                .filter(it -> it.vector().equals(row.vector()))
                .findFirst()
                .orElseThrow();
        var hex = HexFormat.of().formatHex(PcpEncoder.encode(golden.message()));
        assertThat(hex).endsWith("%04x".formatted(row.length()) + row.tail());
        var noisy = hex.substring(0, hex.length() - row.tail().length() + 2 * row.length())
                + "ff".repeat(row.tail().length() / 2 - row.length());
        assertThat(PcpDecoder.decodeRequest(octets(noisy), golden.message().client(), Golden.ALL_OPCODES))
                .isEqualTo(new DecodedRequest.Ok(golden.message()));
    }

    /** {@return the option of {@code code} as octets, padding included} */
    private static String option(int code, String data) {
        int length = data.length() / 2;
        return "%02x00%04x".formatted(code, length) + data + "00".repeat(-length & 3);
    }

    private static PcpOption.Prefix64 prefix(int prefixOctets, Ipv4Network... networks) {
        return new PcpOption.Prefix64(prefixOctets, PcpAddress.parse("64:ff9b::"), List.of(networks));
    }

    private static DecodedRequest decode(String hex) {
        return PcpDecoder.decodeRequest(octets(hex), Golden.CLIENT, Golden.ALL_OPCODES);
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
