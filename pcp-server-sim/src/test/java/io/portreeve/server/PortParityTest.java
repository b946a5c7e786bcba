package io.portreeve.server;

import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that begin as even or odd as the internal ones: by PORT_SET, and in pairs by PORT_RESERVATION. */
final class PortParityTest extends PortSetBench {
    @ParameterizedTest
    @ValueSource(ints = {8080, 8081})
    @Proves("pcp:B-PSET-03")
    void theExternalPortsBeginAsEvenOrOddAsTheInternalOnesIfThatIsAsked(int internalPort) {
        var asked = map().port(internalPort);
        for (int i = 0; i < 20; i++) {
            int wrong = 2001 - internalPort % 2;
            var answer = bench.granted(asked.suggest(i % 2 == 0 ? 0 : wrong).with(new PortSet(3, internalPort, true)));
            assertThat(answer.assignedPort() % 2).isEqualTo(internalPort % 2);
            assertThat(answer.options()).containsExactly(new PortSet(3, internalPort, true));
            bench.granted(asked.lifetime(0));
            bench.pass(Duration.ofSeconds(7440));
        }
        bench.granted(asked.suggest(2001 - internalPort % 2).with(set(3, internalPort)));
        assertThat(bench.granted(asked.with(new PortSet(3, internalPort, true))).options())
                .as("it is not so now")
                .containsExactly(set(3, internalPort));
    }

    @ParameterizedTest
    @ValueSource(ints = {5004, 5005})
    @Proves("pcp:B-PRES-01")
    void aReservationIsAPairThatBeginsAsEvenOrOddAsTheInternalPort(int internalPort) {
        var asked = map().port(internalPort).with(new PortReservation());
        var answer = bench.granted(asked);
        assertThat(answer.options()).containsExactly(new PortReservation());
        assertThat(answer.assignedPort() % 2).isEqualTo(internalPort % 2);
        assertLeadsTo(internalPort, answer.assignedPort(), 2);
        assertThat(bench.granted(asked).assignedPort()).isEqualTo(answer.assignedPort());
        assertThat(bench.cgn.table()).hasSize(2);
        bench.granted(asked.lifetime(0));
        assertThat(bench.cgn.table()).isEmpty();
    }

    /** Of the pair 2001 and 2002 the first is odd, and so is what is left. */
    @ParameterizedTest
    @CsvSource({"5004, 1", "5005, 2"})
    @Proves("pcp:B-PRES-01")
    void aPairThatCannotKeepParityIsASinglePortWithoutReservation(int internalPort, int granted) {
        bench = bench(64, 1000, Bench.pool(2001, 2002));
        List<PcpOption> options = granted == 2 ? List.of(new PortReservation()) : List.of();
        assertThat(bench.granted(map().port(internalPort).with(new PortReservation()))
                        .options())
                .isEqualTo(options);
        assertThat(bench.cgn.table()).hasSize(granted);
    }

    @Test
    @Proves("pcp:B-PRES-01")
    void oneFreePortIsGrantedWhateverItsParityIs() {
        bench = bench(64, 1000, Bench.pool(2001, 2001));
        var answer = bench.granted(map().port(5004).with(new PortReservation()));
        assertThat(answer.assignedPort()).isEqualTo(2001);
        assertThat(answer.options()).isEmpty();
    }
}
