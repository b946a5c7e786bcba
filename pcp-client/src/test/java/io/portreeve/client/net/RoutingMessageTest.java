package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.portreeve.netlink.Message;
import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What the kernel says is believed, but not that it fits: a later kernel may say more, or something else. */
class RoutingMessageTest {
    private static final int MULTIPATH = 9;

    private static Message message(RandomGenerator random) {
        var octets = new byte[random.nextInt(60)];
        random.nextBytes(octets);
        var payload = ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder());
        int type = random.nextInt(16, 28);
        if (octets.length > 20) {
            plausible(payload, random);
        }
        return new Message(type, 0, 0, payload);
    }

    /** Of a family that is read, a default route of the main table, with an attribute that may fit. */
    private static void plausible(ByteBuffer payload, RandomGenerator random) {
        payload.put(0, (byte) (random.nextBoolean() ? 2 : 10)).put(1, (byte) 0);
        payload.put(4, (byte) 254).put(7, (byte) 1);
        payload.putShort(12, (short) random.nextInt(payload.limit() - 11))
                .putShort(14, (short) random.nextInt(1, MULTIPATH + 1));
        payload.putShort(16, (short) random.nextInt(12));
    }

    @Test
    void survivesAnyOctets() {
        Seeds.each(100_000, random -> {
            var message = message(random);
            assertThatCode(() -> {
                        RoutingMessage.matters(message);
                        RoutingMessage.link(message).toList();
                        RoutingMessage.address(message).toList();
                        RoutingMessage.defaultRoutes(message).toList();
                    })
                    .doesNotThrowAnyException();
        });
    }
}
