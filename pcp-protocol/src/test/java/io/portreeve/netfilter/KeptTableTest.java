package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.netlink.Message;
import io.portreeve.netlink.MessageWriter;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.MonoTime;
import io.portreeve.testing.OwnNetwork;
import io.portreeve.testing.SeizedTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class KeptTableTest {
    private static final int NFTABLES = 10;
    private static final int DELETE_RULE = 8;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final Ruleset RULES = new Ruleset(
            TableFamily.IP,
            "test",
            List.of(new NatMap("ports", List.of(Field.Kind.ADDRESS), List.of(Field.Kind.PORT), 100)),
            "chain output { type filter hook output priority 0; udp dport 1 drop\n}");

    @Test
    void aTableThatCannotBePutRightIsLookedAtAgainUntilItCan() throws Exception {
        try (var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            var kept = KeptTable.install(RULES, socket);
            try (var _ = SeizedTable.of("test")) {
                kept.handle(List.of(new TableEvent.Touched()), MonoTime.START);
                for (int attempt = 0; attempt < 3; attempt++) {
                    assertThat(kept.nextDue()).isNotEqualTo(MonoTime.NEVER);
                    kept.handle(List.of(), kept.nextDue());
                }
            }
            kept.handle(List.of(), kept.nextDue());
            assertThat(Nft.listing("ip test")).contains("udp dport 1 drop");
            assertThat(kept.nextDue()).isEqualTo(MonoTime.NEVER);
        }
    }

    /** By netlink, which is faster than it takes nft to start and to list what is there. */
    private static void flushChain(NetlinkSocket socket) {
        var message = socket.write();
        message.netfilter(BATCH_BEGIN, MessageWriter.REQUEST, 1, 0, NFTABLES, _ -> {});
        message.netfilter(
                NFTABLES << 8 | DELETE_RULE,
                MessageWriter.REQUEST | MessageWriter.ACK,
                2,
                2,
                0,
                into -> into.attribute(1, "test").attribute(2, "output"));
        message.netfilter(BATCH_END, MessageWriter.REQUEST, 3, 0, NFTABLES, _ -> {});
        try {
            socket.send(message);
            assertThat(Message.in(socket.receive()).getFirst().errno()).isZero();
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    /** Its rules are listed after they are written; another program may be faster. */
    @Test
    void whatOthersDoToItWhileItIsInstalledIsNotTakenForItsOwn() throws Exception {
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var flushing = new AtomicBoolean();
        var flushed = new CompletableFuture<Void>();
        try (var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER);
                var another = NetlinkSocket.open(NetlinkSocket.NETFILTER);
                var _ = TableWatch.start(
                        "test",
                        another.port(),
                        () -> {
                            if (flushing.compareAndSet(false, true)) {
                                flushChain(another);
                                flushed.complete(null);
                            }
                        },
                        failures::add)) {
            var kept = KeptTable.install(RULES, socket);
            flushed.get(60, TimeUnit.SECONDS);
            kept.handle(List.of(new TableEvent.Touched()), MonoTime.START);
            assertThat(Nft.listing("ip test")).contains("udp dport 1 drop");
        }
        assertThat(failures).isEmpty();
    }
}
