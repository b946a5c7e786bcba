package io.portreeve.server.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.Owned;
import io.portreeve.runtime.Owner;
import io.portreeve.testing.Failures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class VirtualClockTest {
    private static final long GENEROUS_SECONDS = 60;

    private final VirtualClock clock = new VirtualClock(MonoTime.START, Duration.ofSeconds(GENEROUS_SECONDS));
    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());

    /** Is due when it says, and notes what happens when. */
    private final class Diary implements Owned<String> {
        private final String name;
        private final Deque<MonoTime> due = new ArrayDeque<>();
        private Consumer<List<String>> then = _ -> {};

        Diary(String name, int... dueSeconds) {
            this.name = name;
            for (int second : dueSeconds) {
                due.add(second(second));
            }
        }

        @Override
        public MonoTime nextDue() {
            return due.isEmpty() ? MonoTime.NEVER : due.peek();
        }

        @Override
        public void handle(List<String> events, MonoTime now) {
            while (!nextDue().isAfter(now)) {
                due.remove();
            }
            happened.add(name + " at " + now.seconds() + " s: " + events);
            then.accept(events);
        }

        Owner<String> owner(Consumer<Throwable> onFailure) {
            return new Owner<>(name, this, clock, onFailure);
        }
    }

    private static MonoTime second(int number) {
        return MonoTime.START.plus(Duration.ofSeconds(number));
    }

    private void advance(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void eachThingHappensAtItsOwnTime() {
        try (var owner = new Diary("it", 1, 3, 10).owner(Failures::unexpected)) {
            owner.start();
            advance(5);
            assertThat(clock.now()).isEqualTo(second(5));
            advance(4);
            assertThat(happened).containsExactly("it at 1 s: []", "it at 3 s: []");
            advance(1);
            assertThat(happened).hasSize(3).endsWith("it at 10 s: []");
        }
    }

    @Test
    void whatOneThreadHasAnotherDoIsDoneAtTheSameTime() {
        var second = new Diary("second");
        var first = new Diary("first", 1);
        try (var ofSecond = second.owner(Failures::unexpected);
                var ofFirst = first.owner(Failures::unexpected)) {
            first.then = events -> {
                if (events.isEmpty()) {
                    ofSecond.put("asked");
                }
            };
            second.then = _ -> ofFirst.put("answered");
            ofSecond.start();
            ofFirst.start();
            advance(100);
            assertThat(happened)
                    .containsExactly("first at 1 s: []", "second at 1 s: [asked]", "first at 1 s: [answered]");
        }
    }

    @Test
    void whatCameBeforeIsDoneBeforeTimePasses() {
        try (var owner = new Diary("it", 1).owner(Failures::unexpected)) {
            owner.start();
            owner.put("early");
            advance(1);
        }
        assertThat(happened).containsExactly("it at 0 s: [early]", "it at 1 s: []");
    }

    @Test
    void whoHasEndedIsNotWaitedFor() {
        var failing = new Diary("it", 1);
        failing.then = _ -> {
            throw new IllegalStateException("a bug");
        };
        new Diary("closed before its start").owner(Failures::unexpected).close();
        var closed = new Diary("closed").owner(Failures::unexpected);
        closed.start();
        closed.close();
        try (var owner = failing.owner(_ -> {})) {
            owner.start();
            advance(2);
            assertThat(clock.now()).isEqualTo(second(2));
        }
    }

    @Test
    void aThreadThatHangsIsTold() throws Exception {
        var goOn = new CountDownLatch(1);
        var impatient = new VirtualClock(MonoTime.START, Duration.ZERO);
        var hanging = new Diary("it");
        hanging.then = _ -> await(goOn);
        try (var owner = new Owner<>("hanging", hanging, impatient, Failures::unexpected)) {
            owner.start();
            owner.put("hang");
            assertThatThrownBy(() -> impatient.advance(Duration.ofSeconds(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("the server hangs: it is still at work at 0 s of its time");
            goOn.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(GENEROUS_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        var goOn = new CountDownLatch(1);
        var hanging = new Diary("it");
        hanging.then = _ -> await(goOn);
        try (var owner = hanging.owner(Failures::unexpected)) {
            owner.start();
            owner.put("hang");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> advance(1)).hasMessage("interrupted while time passed");
            assertThat(Thread.interrupted()).isTrue();
            goOn.countDown();
        }
    }

    @Test
    void goesNeitherBackNorToTheEndOfTime() {
        for (var time : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> clock.advance(time))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(time + ": this clock goes neither back nor 292 years ahead");
        }
        assertThat(clock.now()).isEqualTo(MonoTime.START);
    }

    @Test
    void atMostSoManyAreTakenAtOnce() throws Exception {
        var inbox = clock.<Integer>inbox();
        List.of(1, 2, 3).forEach(inbox::add);
        assertThat(inbox.take(MonoTime.NEVER, 2)).containsExactly(1, 2);
        assertThat(inbox.take(MonoTime.NEVER, 2)).containsExactly(3);
    }
}
