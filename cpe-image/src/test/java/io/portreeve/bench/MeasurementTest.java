package io.portreeve.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    private static final Subject SUBJECT = new Subject("load alone", 1_000, 8);

    private static Measurement measured(double factor, int failed) {
        return new Measurement(
                SUBJECT,
                100 * factor,
                new Figure(200 * factor, 0.25 * factor, 0.5 * factor),
                new Figure(300 * factor, 0.125 * factor, 0.75 * factor),
                failed);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(Measurement.parse(measured(1, 3).line())).isEqualTo(measured(1, 3));
    }

    @Test
    void medianOfOddRoundsIsTheMiddle() {
        assertThat(Measurement.median(List.of(measured(9, 1), measured(1, 0), measured(2, 4))))
                .isEqualTo(measured(2, 5));
    }

    @Test
    void medianOfEvenRoundsIsBetween() {
        assertThat(Measurement.median(List.of(measured(4, 0), measured(1, 0), measured(2, 0), measured(100, 0))))
                .isEqualTo(measured(3, 0));
    }
}
