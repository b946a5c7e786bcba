package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabIT {
    @Test
    void canBeMadeTwiceAndRemovedTwice() throws Exception {
        try (var lab = new Lab()) {
            assertThat(lab.lab("up").errors()).isEmpty();
            var up = lab.lab("status");
            assertThat(up.exitCode()).isZero();
            assertThat(up.output()).contains("eth0 192.168.1.10/24", "lan0 192.168.1.1/24, wan0 100.64.0.2/24");

            assertThat(lab.lab("down").errors()).isEmpty();
            var down = lab.lab("status");
            assertThat(down.exitCode()).isEqualTo(1);
            assertThat(down.output()).doesNotContain("192.168.1");
        }
    }

    @Test
    void makesUpForWhatIsMissing() throws Exception {
        try (var lab = new Lab()) {
            lab.lab("exec", "cpe", "ip", "route", "delete", "default");
            assertThat(lab.lab("status").exitCode()).isEqualTo(1);

            assertThat(lab.lab("up").exitCode()).isZero();
            assertThat(lab.lab("status").exitCode()).isZero();
        }
    }

    @Test
    void routesFromTheHomeNetworkToTheCgn() throws Exception {
        try (var lab = new Lab()) {
            // Nobody listens: the refusal has come from the other end.
            var connect = lab.lab("exec", "lan", "bash", "-c", "exec 3<>/dev/tcp/100.64.0.1/5351");
            assertThat(connect.errors()).contains("Connection refused");
        }
    }

    @Test
    void namesWhatItDoesNotKnow() throws Exception {
        try (var lab = new Lab()) {
            var result = lab.lab("exec", "wan", "true");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors()).isEqualTo("lab: no namespace 'wan': there are lan, cpe and cgn\n");
        }
    }
}
