package io.portreeve.server.softwire;

import static io.portreeve.server.softwire.Ipv4Octets.ESP;
import static io.portreeve.server.softwire.Ipv4Octets.ICMP;
import static io.portreeve.server.softwire.Ipv4Octets.TCP;
import static io.portreeve.server.softwire.Ipv4Octets.UDP;
import static io.portreeve.server.softwire.Ipv4Octets.icmp;
import static io.portreeve.server.softwire.Ipv4Octets.packet;
import static io.portreeve.server.softwire.Ipv4Octets.tcp;
import static io.portreeve.server.softwire.Ipv4Octets.udp;
import static io.portreeve.server.softwire.Ipv4Octets.whole;
import static io.portreeve.server.softwire.Ipv4Octets.withoutSum;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A packet whose address is replaced is the one that would have been sent with the other address. */
final class Ipv4PacketTest {
    private static final int INNER = 0xc0a8010a;
    private static final int INSIDE = 0x64600001;
    private static final int REMOTE = 0xc633640a;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final byte[] TEXT = "odd".getBytes();

    /** The same packet, of a host that has this address. */
    private interface Shape {
        byte[] of(int host);
    }

    private static void assertSourceReplaced(Shape shape, int before, int after) {
        var octets = shape.of(before);
        var packet = Ipv4Packet.in(ByteBuffer.wrap(octets)).orElseThrow();
        assertThat(packet.source()).isEqualTo(before);
        packet.replaceSource(after);
        assertThat(octets).isEqualTo(shape.of(after));
    }

    private static void assertDestinationReplaced(Shape shape, int before, int after) {
        var octets = shape.of(before);
        var packet = Ipv4Packet.in(ByteBuffer.wrap(octets)).orElseThrow();
        assertThat(packet.destination()).isEqualTo(before);
        packet.replaceDestination(after);
        assertThat(octets).isEqualTo(shape.of(after));
    }

    @Test
    void checksumsStayRightWhateverIsReplaced() {
        Seeds.each(10_000, random -> {
            int remote = random.nextInt();
            int before = random.nextInt();
            int after = random.nextInt();
            long contents = random.nextLong();
            assertSourceReplaced(host -> transport(Seeds.of(contents), host, remote), before, after);
            assertDestinationReplaced(host -> transport(Seeds.of(contents), remote, host), before, after);
        });
    }

    private static byte[] transport(RandomGenerator random, int source, int destination) {
        int protocol = new int[] {TCP, UDP, ICMP, ESP}[random.nextInt(4)];
        int options = 4 * random.nextInt(3);
        var payload = Ipv4Octets.random(random, 30);
        var transport = switch (protocol) {
            case TCP -> tcp(source, destination, payload);
            case UDP -> random.nextBoolean() ? udp(source, destination, payload) : withoutSum(payload);
            case ICMP -> icmp(8, payload);
            default -> payload;
        };
        return packet(source, destination, protocol, options, random.nextBoolean() ? MORE_FRAGMENTS : 0, transport);
    }

    /** What a host sends back quotes what it was sent, and what it is told quotes what it has sent. RFC 5508 section 4.2. */
    @Test
    void soDoTheChecksumsOfErrorsAndOfWhatTheyQuote() {
        Seeds.each(10_000, random -> {
            int remote = random.nextInt();
            int before = random.nextInt();
            int after = random.nextInt();
            long contents = random.nextLong();
            assertSourceReplaced(
                    host -> error(Seeds.of(contents), host, remote, transport(Seeds.of(contents), remote, host)),
                    before,
                    after);
            assertDestinationReplaced(
                    host -> error(Seeds.of(contents), remote, host, transport(Seeds.of(contents), host, remote)),
                    before,
                    after);
        });
    }

    /** Routers quote the header and 8 octets, or as much as they like. */
    private static byte[] error(RandomGenerator random, int source, int destination, byte[] quoted) {
        int type = new int[] {3, 4, 5, 11, 12}[random.nextInt(5)];
        int length = random.nextBoolean() ? Math.min(quoted.length, 28) : quoted.length;
        return whole(source, destination, ICMP, icmp(type, Arrays.copyOf(quoted, length)));
    }

    /** All ones is what a checksum of zero is written as: RFC 768. */
    @Test
    void aUdpChecksumThatBecomesZeroIsNotLeftOut() {
        int zeros = 0;
        for (int host = 0; host < 1 << 16; host++) {
            var octets = whole(INNER, REMOTE, UDP, udp(INNER, REMOTE, TEXT));
            Ipv4Packet.in(ByteBuffer.wrap(octets)).orElseThrow().replaceSource(host);
            int checksum = ByteBuffer.wrap(octets).getShort(26);
            assertThat(checksum).as("from " + host).isNotZero();
            zeros += checksum == -1 ? 1 : 0;
        }
        assertThat(zeros).isPositive();
    }

    @Test
    void whatIsQuotedOfAnotherHostStaysAsItIs() {
        var quoted = whole(REMOTE, REMOTE, UDP, udp(REMOTE, REMOTE, TEXT));
        assertSourceReplaced(host -> whole(host, REMOTE, ICMP, icmp(3, quoted)), INNER, INSIDE);
    }

    /** The checksum is in the first fragment; what stands there in a later one is data. */
    @Test
    void ofALaterFragmentTheHeaderAloneChanges() {
        var data = tcp(0, 0, TEXT);
        assertSourceReplaced(host -> packet(host, REMOTE, TCP, 0, 185, data), INNER, INSIDE);
    }

    /** What was broken on its way must be found out by the receiver. */
    @Test
    void aBrokenChecksumIsNotRepaired() {
        var octets = whole(INNER, REMOTE, TCP, tcp(INNER, REMOTE, TEXT));
        octets[36] ^= 1;
        Ipv4Packet.in(ByteBuffer.wrap(octets)).orElseThrow().replaceSource(INSIDE);
        var right = whole(INSIDE, REMOTE, TCP, tcp(INSIDE, REMOTE, TEXT));
        assertThat(octets).isNotEqualTo(right);
    }

    @Test
    void whatFollowsThePacketIsNotPartOfIt() {
        var udp = whole(INNER, REMOTE, UDP, udp(INNER, REMOTE, TEXT));
        var packet = Ipv4Packet.in(ByteBuffer.wrap(Arrays.copyOf(udp, udp.length + 9)));
        assertThat(packet).map(Ipv4Packet::length).contains(udp.length);
    }

    private static ByteBuffer octets(String hex) {
        var octets = ByteBuffer.allocate(hex.length() / 2);
        for (int i = 0; i < hex.length(); i += 2) {
            octets.put((byte) Integer.parseInt(hex.substring(i, i + 2), 16));
        }
        return octets.flip();
    }

    @ParameterizedTest
    @CsvSource({
        "'', nothing",
        "45, one octet",
        "4500001300000000401100000a0000010a0000, a header one octet short",
        "6500001c00000000401100000a0000010a0000020000000000080000, version 6",
        "4400001c00000000401100000a0000010a0000020000000000080000, a header of 16 octets",
        "4600001700000000403200000a0000010a000002000000, a header that is longer than the packet",
        "4500001d00000000401100000a0000010a0000020000000000080000, longer than what came",
        "4500001300000000403200000a0000010a000002, shorter than its header",
        "4500001b00000000401100000a0000010a00000200000000000800, UDP without all of its header",
        "4500001c00002000400600000a0000010a0000020000000000000000, TCP whose checksum is in the next fragment",
        "4500001b00000000400100000a0000010a00000200000000000800, ICMP without all of its header"
    })
    void refuses(String hex, String why) {
        assertThat(Ipv4Packet.in(octets(hex))).as(why).isEmpty();
    }

    /** Whatever comes, it is no packet, or one whose address can be replaced. */
    @Test
    void survivesAnyOctets() {
        Seeds.each(50_000, random -> {
            var octets = Ipv4Octets.random(random, 90);
            if (octets.length > 20) {
                octets[0] = (byte) (0x40 | octets[0] & 0xf);
                octets[2] = 0;
                octets[9] = (byte) new int[] {TCP, UDP, ICMP, ICMP}[random.nextInt(4)];
                octets[6] = 0;
                octets[7] = 0;
            }
            Ipv4Packet.in(ByteBuffer.wrap(octets)).ifPresent(packet -> {
                int destination = packet.destination();
                packet.replaceSource(INSIDE);
                assertThat(packet.source()).isEqualTo(INSIDE);
                assertThat(packet.destination()).isEqualTo(destination);
                assertThat(packet.length()).isLessThanOrEqualTo(octets.length);
            });
        });
    }
}
