package io.portreeve.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.netfilter.MapEntries.Step;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Await;
import io.portreeve.testing.OwnNetwork;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnNetwork.class)
class TableWatchTest {
    private static final int NOBODYS = 1;
    private static final long HUNG_SECONDS = 60;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private TableWatch watch;

    @AfterEach
    void close() {
        watch.close();
    }

    private void watch(int own, Runnable touched) throws NetlinkException {
        watch = TableWatch.start("test", own, touched, failures::add);
    }

    @Test
    void tellsOfWhatOthersDoToItsTable() throws Exception {
        var touched = new Semaphore(0);
        watch(NOBODYS, touched::release);
        Nft.run("add table ip test");
        assertThat(touched.tryAcquire(HUNG_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tellsNothingOfItsOwnersDoings() throws Exception {
        var ownerIsDone = new AtomicBoolean();
        var others = new CompletableFuture<Boolean>();
        var witness = new Semaphore(0);
        Nft.run(rules("test").script(List.of()));
        try (var own = NetlinkSocket.open(NetlinkSocket.NETFILTER);
                var _ = TableWatch.start("test", NOBODYS, witness::release, failures::add)) {
            watch(own.port(), () -> others.complete(ownerIsDone.get()));
            new MapEntries(own, rules("test")).commit(List.of(new Step.Add(element(1))));
            assertThat(witness.tryAcquire(HUNG_SECONDS, TimeUnit.SECONDS)).isTrue();
            ownerIsDone.set(true);
            Nft.run("add chain ip test another");
            assertThat(others.get(HUNG_SECONDS, TimeUnit.SECONDS))
                    .as("the first it tells of is not the owner's")
                    .isTrue();
        }
    }

    /** While it is busy, more happens elsewhere than the kernel keeps for it, so that it may have missed what matters. */
    @Test
    void takesItForTouchedWhenItMissedSomething() throws Exception {
        var first = new CompletableFuture<Void>();
        var missed = new CountDownLatch(1);
        var again = new CompletableFuture<Void>();
        watch(NOBODYS, () -> {
            if (first.complete(null)) {
                uninterruptibly(missed);
            } else {
                again.complete(null);
            }
        });
        Nft.run("add table ip test");
        try {
            first.get(HUNG_SECONDS, TimeUnit.SECONDS);
            changeMuchIn("other");
        } finally {
            missed.countDown();
        }
        again.get(HUNG_SECONDS, TimeUnit.SECONDS);
        assertThat(failures).isEmpty();
    }

    private static Ruleset rules(String table) {
        var map = new NatMap("ports", List.of(Field.Kind.ADDRESS), List.of(Field.Kind.PORT), 10_000);
        return new Ruleset(TableFamily.IP, table, List.of(map), "");
    }

    private static Element element(int number) {
        return new Element("ports", Tuple.of(PcpAddress.ofIpv4(number)), Tuple.of(1));
    }

    /** More than the two megabytes that are kept for a socket. */
    private static void changeMuchIn(String table) throws Exception {
        var numbers = IntStream.range(0, MapEntries.MOST_AT_ONCE);
        var elements = numbers.mapToObj(TableWatchTest::element).toList();
        var coming = elements.stream().<Step>map(Step.Add::new).toList();
        var going = elements.stream().<Step>map(Step.Delete::new).toList();
        Nft.run(rules(table).script(List.of()));
        try (var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            var entries = new MapEntries(socket, rules(table));
            for (int i = 0; i < 20; i++) {
                entries.commit(coming);
                entries.commit(going);
            }
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoeverWaitsForItHearsThatItCanTellNothingAnyMore() throws Exception {
        watch(NOBODYS, () -> {
            throw new IllegalStateException("the end");
        });
        Nft.run("add table ip test");
        Await.until("the failure is told", () -> !failures.isEmpty());
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    }
}
