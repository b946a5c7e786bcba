package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.netfilter.MapEntries.Step;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.OwnNetwork;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class MapEntriesTest {
    private static final PcpAddress LOOPBACK = PcpAddress.parse("127.0.0.1");
    private static final NatMap INBOUND = new NatMap(
            "inbound",
            List.of(Field.Kind.PROTOCOL, Field.Kind.ADDRESS, Field.Kind.PORT),
            List.of(Field.Kind.ADDRESS, Field.Kind.PORT),
            20_000);
    private static final Ruleset RULES = new Ruleset(TableFamily.IP, "test", List.of(INBOUND), """
            chain output {
                type nat hook output priority -100;
                dnat ip to meta l4proto . ip daddr . th dport map @inbound
            }
            """);

    private NetlinkSocket socket;
    private MapEntries entries;

    @BeforeEach
    void open() throws Exception {
        Nft.run(RULES.script(List.of()));
        socket = NetlinkSocket.open(NetlinkSocket.NETFILTER);
        entries = new MapEntries(socket, RULES);
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private static Element entry(int port) {
        return new Element("inbound", Tuple.of(IpProtocol.UDP, LOOPBACK, port), Tuple.of(LOOPBACK, 9));
    }

    private static Step add(int port) {
        return new Step.Add(entry(port));
    }

    private static Step delete(int port) {
        return new Step.Delete(entry(port));
    }

    private static void use(int port) throws Exception {
        try (var sender = new DatagramSocket()) {
            sender.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port));
        }
    }

    @Test
    void saysWhichDeletedEntriesNoConnectionEverUsed() throws Exception {
        entries.commit(List.of(add(2001), add(2002)));
        use(2001);
        assertThat(entries.commit(List.of(delete(2001), delete(2002)))).containsExactly(entry(2002));
    }

    @Test
    void anEntryThatWasUsedIsNotIdleBecauseItCameAndWentAgain() throws Exception {
        entries.commit(List.of(add(2001)));
        use(2001);
        assertThat(entries.commit(List.of(delete(2001), add(2001), delete(2001))))
                .isEmpty();
    }

    /** Each step that fails is answered, and one answer is waited for. */
    @Test
    void theAnswersToATransactionThatFailedAreTakenForNoOthers() throws Exception {
        entries.commit(List.of(add(1)));
        int most = MapEntries.MOST_AT_ONCE;
        var nothingThere =
                IntStream.range(0, most).mapToObj(i -> delete(2000 + i)).toList();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> entries.commit(nothingThere)).isInstanceOf(NetlinkException.class);
            assertThat(entries.generation()).isEqualTo(entries.generation());
            assertThat(entries.dump(INBOUND)).contains(List.of(entry(1)));
        }
    }

    @Test
    void whatIsLeftOfARequestThatNobodyWaitedForIsNoAnswerToTheNext() throws Exception {
        entries.commit(List.of(add(1)));
        int request = 1; // MessageWriter.REQUEST
        int acknowledged = 4;
        socket.send(socket.write().netfilter(10 << 8 | 16, request | acknowledged, 77, 0, 0, _ -> {}));
        assertThat(entries.dump(INBOUND)).contains(List.of(entry(1)));
    }
}
