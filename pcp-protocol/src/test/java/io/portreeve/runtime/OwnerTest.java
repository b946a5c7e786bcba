package io.portreeve.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnerTest {
    private static final long GENEROUS_SECONDS = 60;

    private static final class Recorder implements Owned<Integer> {
        final LinkedBlockingQueue<List<Integer>> batches = new LinkedBlockingQueue<>();
        final AtomicReference<Thread> thread = new AtomicReference<>();
        private final Consumer<List<Integer>> before;
        private volatile MonoTime due = MonoTime.NEVER;

        Recorder(Consumer<List<Integer>> before) {
            this.before = before;
        }

        @Override
        public MonoTime nextDue() {
            return due;
        }

        @Override
        public void handle(List<Integer> events, MonoTime now) {
            thread.set(Thread.currentThread());
            due = MonoTime.NEVER;
            before.accept(events);
            batches.add(List.copyOf(events));
        }

        List<Integer> nextBatch() {
            try {
                var batch = batches.poll(GENEROUS_SECONDS, TimeUnit.SECONDS);
                assertThat(batch).as("a batch").isNotNull();
                return batch;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Owner<Integer> owner(Recorder recorder, Consumer<Throwable> onFailure) {
        return new Owner<>("owner-under-test", recorder, () -> MonoTime.START, onFailure);
    }

    private static Owner<Integer> owner(Recorder recorder) {
        return owner(recorder, failure -> {
            throw new AssertionError(failure);
        });
    }

    @Test
    void handlesEventsInTheirOrder() {
        var recorder = new Recorder(events -> {});
        try (var owner = owner(recorder)) {
            owner.start();
            IntStream.range(0, 10_000).forEach(owner::put);
            var handled = new ArrayList<Integer>();
            while (handled.size() < 10_000) {
                handled.addAll(recorder.nextBatch());
            }
            assertThat(handled).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
        }
    }

    @Test
    void takesWhatHasGatheredInBatches() {
        var recorder = new Recorder(events -> {});
        try (var owner = owner(recorder)) {
            IntStream.range(0, 600).forEach(owner::put);
            owner.start();
            assertThat(recorder.nextBatch()).hasSize(256).startsWith(0).endsWith(255);
            assertThat(recorder.nextBatch()).hasSize(256).startsWith(256);
            assertThat(recorder.nextBatch()).hasSize(88).endsWith(599);
        }
    }

    @Test
    void callsWithoutEventsWhenTimeHasCome() {
        var recorder = new Recorder(events -> {});
        recorder.due = MonoTime.START;
        try (var owner = owner(recorder)) {
            owner.start();
            assertThat(recorder.nextBatch()).isEmpty();
            owner.put(1);
            assertThat(recorder.nextBatch()).containsExactly(1);
        }
    }

    @Test
    void reportsAFailureOnceAndNeverCallsAgain() throws InterruptedException {
        var failures = Collections.synchronizedList(new ArrayList<Throwable>());
        var reported = new CountDownLatch(1);
        var bug = new IllegalStateException("a bug in what is owned");
        var calls = Collections.synchronizedList(new ArrayList<Integer>());
        var recorder = new Recorder(events -> {
            calls.addAll(events);
            throw bug;
        });
        try (var owner = owner(recorder, failure -> {
            failures.add(failure);
            reported.countDown();
        })) {
            owner.start();
            owner.put(1);
            assertThat(reported.await(GENEROUS_SECONDS, TimeUnit.SECONDS)).isTrue();
            owner.put(2);
            recorder.thread.get().join();
        }
        assertThat(failures).containsExactly(bug);
        assertThat(calls).containsExactly(1);
    }

    @Test
    void closingEndsTheThread() {
        var recorder = new Recorder(events -> {});
        var owner = owner(recorder);
        owner.start();
        owner.put(1);
        recorder.nextBatch();
        owner.close();
        assertThat(recorder.thread.get().isAlive()).isFalse();
        owner.put(2);
        owner.close();
        assertThat(recorder.batches).isEmpty();
    }

    @Test
    void closingWaitsForWhatIsBeingDoneAndDoesNotInterruptIt() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var recorder = new Recorder(events -> {
            begun.countDown();
            await(goOn);
        });
        var owner = owner(recorder);
        owner.start();
        owner.put(1);
        await(begun);
        var closing = CompletableFuture.runAsync(owner::close);
        goOn.countDown();
        closing.get(GENEROUS_SECONDS, TimeUnit.SECONDS);
        assertThat(recorder.nextBatch()).containsExactly(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(GENEROUS_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void closingWhatNeverStartedReturns() {
        owner(new Recorder(events -> {})).close();
    }
}
