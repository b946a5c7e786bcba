package io.portreeve.igd.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.igd.iwf.HardwareAddress;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseEventTest {

    @ParameterizedTest
    @CsvSource({"add, LEASED", "old, LEASED", "del, ENDED", "release, RELEASED"})
    void aWordAnAddressAndAHardwareAddress(String word, LeaseEvent.Kind kind) {
        assertThat(LeaseEvent.parse(word + " 192.168.1.10 02:00:5E:10:00:01\n"))
                .isEqualTo(new LeaseEvent(
                        kind, PcpAddress.parse("192.168.1.10"), Optional.of(new HardwareAddress("02:00:5e:10:00:01"))));
    }

    @Test
    void theHardwareAddressMayBeMissing() {
        assertThat(LeaseEvent.parse("del fd00::10"))
                .isEqualTo(new LeaseEvent(LeaseEvent.Kind.ENDED, PcpAddress.parse("fd00::10"), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"02:00:5e", "02005e100001", "02-00-5e-10-00-01", "*", "ff:fe:fd:fc:fb:fa:0"})
    void aHardwareAddressOfAnotherFormIsNone(String hardware) {
        assertThat(LeaseEvent.parse("release 192.168.1.10 " + hardware + "\n"))
                .isEqualTo(
                        new LeaseEvent(LeaseEvent.Kind.RELEASED, PcpAddress.parse("192.168.1.10"), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "add",
                "add ",
                "init 192.168.1.10",
                "ADD 192.168.1.10",
                " add 192.168.1.10",
                "add  192.168.1.10",
                "add 192.168.1.10 ",
                "add 192.168.1.10\r\n",
                "add 192.168.1.10\n\n",
                "add 192.168.1.10\ndel 192.168.1.11\n",
                "add 192.168.1.10 02:00:5e:10:00:01 host",
                "add localhost",
                "add 192.168.1.10\u0000",
                "add 192.168.1.256",
                "add 192.168.1",
                "add 0300.0250.1.10",
                "add 02:00:5e:10:00:01 192.168.1.10"
            })
    void anythingElseIsNone(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LeaseEvent.parse(line))
                .withMessageMatching("(?s).*(expected: |is not an IP address).*");
    }
}
