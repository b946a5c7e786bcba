package io.portreeve.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.worlds.sample.Sum;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

final class BugLoaderTest {
    private static final String PROGRAM = "io.portreeve.worlds.sample";

    private static IntSupplier sumWith(Bug bug) throws Exception {
        var loaded = new BugLoader(PROGRAM, bug).loadClass(Sum.class.getName());
        return (IntSupplier) loaded.getConstructor().newInstance();
    }

    @Test
    void onlyTheSecondCopyOfTheProgramHasTheBug() throws Exception {
        var bug = new Bug("", PROGRAM + ".Sum.getAsInt", "java.lang.Math.abs", PROGRAM + ".Sum.one");
        assertThat(sumWith(bug).getAsInt()).isEqualTo(3);
        assertThat(new Sum().getAsInt()).isEqualTo(6);
    }

    @Test
    void aBugThatChangesNothingIsReported() {
        var bug = new Bug("", PROGRAM + ".Sum.getAsInt", "java.lang.Math.sin", PROGRAM + ".Sum.one");
        assertThatThrownBy(() -> sumWith(bug)).hasMessageContaining("does not call java.lang.Math.sin");
    }
}
