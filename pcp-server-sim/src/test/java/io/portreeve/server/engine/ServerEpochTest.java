package io.portreeve.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ServerEpochTest {

    @Test
    void countsSecondsAndWrapsAt32Bits() {
        var zero = new MonoTime(-5);
        var epoch = new ServerEpoch(zero);
        assertThat(epoch.at(zero)).isEqualTo(new EpochTime(0));
        assertThat(epoch.at(zero.plus(Duration.ofMillis(1999)))).isEqualTo(new EpochTime(1));
        assertThat(epoch.at(zero.plus(Duration.ofSeconds(0xFFFF_FFFFL)))).isEqualTo(new EpochTime(0xFFFF_FFFFL));
        assertThat(epoch.at(zero.plus(Duration.ofSeconds(0x1_0000_0003L)))).isEqualTo(new EpochTime(3));
    }
}
