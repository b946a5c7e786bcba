package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BeginningTest {
    private final AtomicBoolean closed = new AtomicBoolean();

    @Test
    void opensWhileTheCallerGoesOn() throws Exception {
        var mayOpen = new CountDownLatch(1);
        var beginning = Beginning.of("test", () -> {
            mayOpen.await();
            return part();
        });
        mayOpen.countDown(); // nobody would, if the caller waited
        assertThat(beginning.get()).isNotNull();
        assertThat(closed).isFalse();
        beginning.end();
        assertThat(closed).isTrue();
    }

    @Test
    void tellsWhyThereIsNothing() throws Exception {
        Beginning<AutoCloseable, IOException> beginning = Beginning.of("test", () -> {
            throw new IOException("no such port");
        });
        assertThatThrownBy(beginning::get).isInstanceOf(IOException.class).hasMessage("no such port");
        beginning.end();
    }

    @Test
    void aDefectStaysADefect() throws Exception {
        Beginning<AutoCloseable, IOException> beginning = Beginning.of("test", () -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(beginning::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
        beginning.end();
    }

    @Test
    void endsWhatNobodyFetched() throws Exception {
        Beginning.of("test", this::part).end();
        assertThat(closed).isTrue();
    }

    private AutoCloseable part() {
        return () -> closed.set(true);
    }
}
