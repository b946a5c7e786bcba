package io.portreeve.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.testing.Seeds;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An ANNOUNCE of 192.168.1.10 to 192.0.0.1, out of the tunnel of 2001:db8::b4. */
final class EncapsulatedPacketTest {
    private static final String ID = "20010db80000000000000000000000b4";
    private static final String IP = "450000341c4640003f119dbfc0a8010ac0000001";
    private static final String UDP = "c00014e70020e55f";
    private static final String ANNOUNCE = "020000000000000000000000000000000000ffffc0a8010a";
    private static final String REQUEST = ID + IP + UDP + ANNOUNCE;
    private static final String ANSWERED = "028000000000000000000007000000000000000000000000";
    private static final String ANSWER =
            ID + "45000034000040004011b905c0000001c0a8010a" + "14e7c0000020a68b" + ANSWERED;

    private static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String change(int at, String hex) {
        return REQUEST.substring(0, 2 * at) + hex + REQUEST.substring(2 * at + hex.length());
    }

    @Test
    void aRequestIsReadAndItsAnswerGoesBackTheSameWay() {
        var request = EncapsulatedPacket.request(octets(REQUEST)).orElseThrow();
        assertThat(request.subscriber()).isEqualTo(new SubscriberId(PcpAddress.parse("2001:db8::b4")));
        assertThat(request.source()).isEqualTo(new Endpoint(PcpAddress.parse("192.168.1.10"), 49152));
        assertThat(request.destination()).isEqualTo(new Endpoint(PcpAddress.parse("192.0.0.1"), 5351));
        assertThat(request.payload()).isEqualTo(octets(ANNOUNCE));
        assertThat(request.answer(octets(ANSWERED)).octets()).isEqualTo(octets(ANSWER));
    }

    @Test
    void aUdpPacketNeedsNoChecksum() {
        assertThat(EncapsulatedPacket.request(octets(change(42, "0000")))).isPresent();
    }

    @Test
    void anIpHeaderMayHaveOptions() {
        var longer = "46000038000040004011b600c0a8010ac000000101010100";
        assertThat(EncapsulatedPacket.request(octets(ID + longer + UDP + ANNOUNCE)))
                .hasValueSatisfying(request -> assertThat(request.payload()).isEqualTo(octets(ANNOUNCE)));
    }

    /** A sum of all ones is written so, because zero would say that there is none. */
    @Test
    void aChecksumIsNeverZero() {
        var from = new Endpoint(PcpAddress.parse("0.0.0.0"), 0);
        var packet =
                new EncapsulatedPacket(new SubscriberId(PcpAddress.parse("2001:db8::b4")), from, from, octets("ffda"));
        assertThat(HexFormat.of().formatHex(packet.octets())).endsWith("00000000000affffffda");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            0,  00000000000000000000ffff0a000001, an id that is an IPv4 address
            0,  00000000000000000000000000000000, no id
            0,  ff020000000000000000000000000001, an id of many
            0,  00000000000000000000000000000001, an id of this machine
            16, 65000034,                         IP version 6
            16, 44000034,                         a header of 16 octets
            16, 4f000034,                         a header that its checksum does not cover
            16, 45000035,                         one octet is missing
            16, 45000033,                         one octet too many
            20, 1c462000,                         more fragments follow
            20, 1c460001,                         the middle of a packet
            20, 1c468000,                         a reserved flag
            25, 06,                               TCP
            26, 9dbe,                             the checksum of the header is wrong
            42, e55e,                             the UDP checksum is wrong
            44, 03,                               what it covers is wrong
            """)
    void whatIsNoSoundPacketToThePortOfPcpIsRefused(int at, String hex, String why) {
        assertThat(EncapsulatedPacket.request(octets(change(at, hex)))).as(why).isEmpty();
    }

    /** Each with a header checksum that is right, so that it is not refused for that. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            450000341c4620003f11bdbfc0a8010ac0000001, more fragments follow
            450000341c4600013f11ddbec0a8010ac0000001, the middle of a packet
            450000341c4640003f069dcac0a8010ac0000001, TCP
            450000351c4640003f119dbec0a8010ac0000001, one octet is missing
            450000341c4640003f115f7200000000c0000001, from nobody
            650000341c4640003f117dbfc0a8010ac0000001, IP version 6
            450000341c4640003f117f70e0000001c0000001, from a group
            450000341c4640003f11e0707f000001c0000001, from this machine
            450000341c4640003f117dbfc0a8010ae0000001, to a group
            """)
    void norIsAnyWithARightHeaderChecksum(String ip, String why) {
        var udpWithoutChecksum = "c00014e700200000";
        assertThat(EncapsulatedPacket.request(octets(ID + IP + udpWithoutChecksum + ANNOUNCE)))
                .as("otherwise it is sound")
                .isPresent();
        assertThat(EncapsulatedPacket.request(octets(ID + ip + udpWithoutChecksum + ANNOUNCE)))
                .as(why)
                .isEmpty();
    }

    /** What stands where an address should be is the UDP header of a packet that is sound otherwise. */
    @Test
    void anIpHeaderHasTwentyOctets() {
        var shorter = "440000300000400040117a0bc0a8010a";
        assertThat(EncapsulatedPacket.request(octets(ID + shorter + "c00014e700200000" + ANNOUNCE)))
                .isEmpty();
    }

    /** Each without a checksum, so that it is not refused for that. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            c00014e600200000, another port than PCP's
            c00014e700210000, the length is too large
            c00014e7001f0000, the length is too small
            000014e700200000, from a port that nothing can be sent to
            """)
    void norIsAnyWithoutAUdpChecksum(String udp, String why) {
        assertThat(EncapsulatedPacket.request(octets(ID + IP + udp + ANNOUNCE)))
                .as(why)
                .isEmpty();
    }

    @Test
    void noPartOfARequestIsOne() {
        var whole = octets(REQUEST);
        for (int length = 0; length < whole.length; length++) {
            var part = HexFormat.of().parseHex(REQUEST.substring(0, 2 * length));
            assertThat(EncapsulatedPacket.request(part)).as("%d octets", length).isEmpty();
        }
    }

    /** Whatever comes, it is answered, never by an exception. */
    @Test
    void survivesAnyOctets() {
        Seeds.each(20_000, random -> {
            var octets = octets(REQUEST);
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            var cut = Arrays.copyOf(octets, random.nextInt(octets.length + 8));
            assertThat(EncapsulatedPacket.request(cut)).isNotNull();
        });
    }
}
