package io.portreeve.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    /** A table that refuses what a gateway may take amiss. */
    private static final class Table implements PortMappings {
        final Set<Integer> open = ConcurrentHashMap.newKeySet();
        final AtomicInteger creates = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();

        @Override
        public void create(int port) throws IOException {
            creates.incrementAndGet();
            if (port > 65_535 || !open.add(port)) {
                throw new IOException("cannot open " + port);
            }
            most.accumulateAndGet(open.size(), Math::max);
        }

        @Override
        public void delete(int port) throws IOException {
            if (!open.remove(port)) {
                throw new IOException(port + " is not open");
            }
        }
    }

    private static final class Refusing implements PortMappings {
        @Override
        public void create(int port) throws IOException {
            throw new IOException("refused");
        }

        @Override
        public void delete(int port) {
            throw new AssertionError("nothing was opened");
        }
    }

    @Test
    void eachCallerOpensAPortOfItsOwnAndClosesIt() throws Exception {
        var table = new Table();
        var found = new Load(table).run(new Subject("table", 0, 8), SHORT);

        assertThat(found.failed()).isZero();
        assertThat(found.requests()).isPositive();
        assertThat(table.open).isEmpty();
        assertThat(table.most.get()).isBetween(1, 8);
    }

    @Test
    void failedCallsAreCountedAndNoRequests() throws Exception {
        var found = new Load(new Refusing()).run(new Subject("refusing", 0, 2), SHORT);

        assertThat(found.failed()).isPositive();
        assertThat(found.requests()).isZero();
    }

    @Test
    void fillsToTheSizeAskedForAndNoFurther() {
        var table = new Table();
        var filling = new Filling(table);

        assertThat(filling.fill(10, Duration.ofMinutes(1))).isEqualTo(10);
        assertThat(filling.fill(1_000, Duration.ofMinutes(1))).isEqualTo(1_000);
        assertThat(table.open).hasSize(1_000);
        assertThat(table.creates).hasValue(1_000);
    }

    @Test
    void triesAgainWhatFailsWhileItFills() {
        var table = new Table();
        var refusals = new AtomicInteger(20);
        var reluctant = new PortMappings() {
            @Override
            public void create(int port) throws IOException {
                if (refusals.getAndDecrement() > 0) {
                    throw new IOException("not now");
                }
                table.create(port);
            }

            @Override
            public void delete(int port) throws IOException {
                table.delete(port);
            }
        };

        assertThat(new Filling(reluctant).fill(100, Duration.ofMinutes(1))).isEqualTo(100);
        assertThat(table.open).hasSize(100);
    }

    @Test
    void stopsFillingWhenTheTimeIsOver() {
        var table = new Table();

        assertThat(new Filling(table).fill(10, Duration.ZERO)).isZero();
        assertThat(table.open).isEmpty();
    }

    @Test
    void portsOfTheLoadAreNotThoseOfTheFilling() throws Exception {
        var table = new Table();
        new Filling(table).fill(10_000, Duration.ofMinutes(1));

        assertThat(new Load(table).run(new Subject("table", 10_000, 64), SHORT).failed())
                .isZero();
        assertThat(table.open).hasSize(10_000);
    }
}
