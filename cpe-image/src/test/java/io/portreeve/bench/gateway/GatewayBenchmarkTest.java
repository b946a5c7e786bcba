package io.portreeve.bench.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayBenchmarkTest {
    private static final String HOMES = " 192.168.1.1 192.168.1.21,192.168.1.22 192.168.1.31"
            + " 192.168.2.1 192.168.2.21,192.168.2.22 192.168.2.31";

    private static void given(String line) {
        GatewayBenchmark.of(line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quick", "full"})
    void isMeasuredByAPlan(String plan) {
        assertThatCode(() -> given(plan + " /tmp" + HOMES)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quick", "slow /tmp" + HOMES, "quick /tmp" + HOMES + " more"})
    void otherArgumentsAreAnsweredByTheUsage(String line) {
        assertThatThrownBy(() -> given(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("usage: GatewayBenchmark quick|full DIRECTORY");
    }

    @Test
    void aNameIsNoAddress() {
        assertThatThrownBy(() -> given("quick /tmp" + HOMES.replace("192.168.2.22", "gateway.example")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gateway.example");
    }
}
