package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PORT_SET: which ports are granted, and how many. */
final class PortSetTest extends PortSetBench {
    private static final PcpAddress OTHER = PcpAddress.parse("100.64.0.3");

    @Test
    @Proves("pcp:B-PSET-02")
    void contiguousPortsLeadToContiguousPorts() {
        var answer = bench.granted(wanted(8080, 4));
        assertThat(answer.options()).containsExactly(set(4, 8080));
        assertThat(answer.internalPort()).isEqualTo(8080);
        assertLeadsTo(8080, answer.assignedPort(), 4);
        assertThat(bench.cgn.table()).hasSize(4);
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    @Proves({"pcp:B-PSET-02", "pcp:S-MAP-07"})
    void aSetBeginsWhereItIsSuggestedIfAllOfItIsFreeThere() {
        assertThat(bench.granted(wanted(8080, 3).suggest(2004)).assignedPort()).isEqualTo(2004);
        var second = bench.granted(wanted(9000, 3).suggest(2003));
        assertThat(second.assignedPort()).isNotEqualTo(2003);
        assertThat(second.options()).as("rather all of it elsewhere").containsExactly(set(3, 9000));
        assertLeadsTo(9000, second.assignedPort(), 3);
    }

    @ParameterizedTest
    @CsvSource({"65535, 10", "11, 10", "10, 10", "9, 9"})
    @Proves("pcp:B-PSET-02")
    void asManyAsThereAreAndNoMoreThanWasAsked(int asked, int granted) {
        assertThat(bench.granted(wanted(8080, asked)).options()).containsExactly(set(granted, 8080));
        assertThat(bench.cgn.table()).hasSize(granted);
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void theLongestRunIsGrantedIfNoneIsLongEnough() {
        bench.granted(map().from(OTHER).port(1).suggest(2002));
        bench.granted(map().from(OTHER).port(2).suggest(2008));
        var answer = bench.granted(wanted(8080, 9));
        assertThat(answer.assignedPort()).isEqualTo(2003);
        assertThat(answer.options()).containsExactly(set(5, 8080));
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void aSinglePortIsNoSet() {
        assertThat(bench.granted(wanted(1, 1)).options()).isEmpty();
        for (int port = 2001; port <= 2009; port += 2) {
            bench.granted(map().from(OTHER).port(port).suggest(port));
        }
        assertThat(bench.granted(wanted(8080, 2)).options()).isEmpty();
        assertThat(bench.cgn.table()).hasSize(7);
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void noPortBeyondTheLastIsMapped() {
        assertThat(bench.granted(wanted(65_533, 10)).options()).containsExactly(set(3, 65_533));
        assertThat(bench.granted(map().protocol(17).port(65_535).with(set(10, 65_535)))
                        .options())
                .isEmpty();
        assertThat(bench.cgn.table()).hasSize(4);
    }

    @Test
    @Proves({"pcp:B-PSET-02", "pcp:S-MAP-11"})
    void theQuotaCountsPorts() {
        bench = bench(5, 1000, Bench.pool(2000, 2009));
        bench.granted(wanted(8080, 3));
        assertThat(bench.granted(wanted(9000, 3)).options()).containsExactly(set(2, 9000));
        assertThat(bench.refused(map().port(1)).result()).isEqualTo(USER_EX_QUOTA);
        assertThat(bench.refused(wanted(1, 2)).result()).isEqualTo(USER_EX_QUOTA);
        bench.granted(wanted(8080, 3));
        bench.granted(wanted(8080, 3).lifetime(0));
        bench = bench.restart();
        assertThat(bench.granted(wanted(1, 4)).options()).containsExactly(set(3, 1));
    }

    /** The CGN has not even said who the subscriber is. */
    @Test
    @Proves("pcp:S-MAP-11")
    void portsInTheMakingAreCounted() {
        bench = bench(5, 1000, Bench.pool(2000, 2009));
        bench.askAtOnce(
                Bench.CLIENT, List.of(wanted(8080, 3).build(), wanted(9000, 3).build()));
        assertThat(bench.cgn.table()).hasSize(5);
    }

    /** The pool had fewer than the quota has. */
    @Test
    @Proves("pcp:S-MAP-11")
    void whatWasNotGrantedIsNotCounted() {
        bench = bench(6, 1000, Bench.pool(2000, 2003));
        assertThat(bench.granted(wanted(8080, 6)).options()).containsExactly(set(4, 8080));
        assertThat(bench.granted(map().protocol(17).port(1).with(set(5, 1))).options())
                .containsExactly(set(2, 1));
        assertThat(bench.refused(map().protocol(17).port(3)).result()).isEqualTo(USER_EX_QUOTA);
    }

    @Test
    @Proves("pcp:B-PSET-02")
    void aServerMaySetALimitOrKnowNoSets() {
        bench = new Bench(policy(64).with(extras(3)), Bench.pool(2000, 2009), 1000);
        assertThat(bench.granted(wanted(8080, 10)).options()).containsExactly(set(3, 8080));
        bench = new Bench(policy(64).with(extras(1)), Bench.pool(2000, 2009), 1000);
        assertThat(bench.granted(wanted(8080, 10)).options()).isEmpty();
        assertThat(bench.granted(map().port(1).with(new PortReservation())).options())
                .isEmpty();
        assertThat(bench.cgn.table()).hasSize(2);
    }

    private static Extras extras(int largestSet) {
        return new Extras(true, 128, largestSet, Disclosure.NONE, new Lifetime(120), List.of());
    }

    @Test
    @Proves({"pcp:B-PSET-03", "pcp:S-GEN-10"})
    void aCgnThatRefusesTheThirdPortLeavesNoTrace() {
        bench = bench(3, 2, Bench.pool(2000, 2002));
        assertThat(bench.refused(wanted(8080, 3)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.cgn.table()).isEmpty();
        bench.assertNoOrphan();
        assertThat(bench.refused(wanted(8080, 3)).result())
                .as("quota and ports are free")
                .isEqualTo(NO_RESOURCES);
        assertThat(bench.granted(wanted(8080, 2)).options()).containsExactly(set(2, 8080));
    }

    @Test
    @Proves({"pcp:B-PSET-03", "pcp:S-GEN-10", "rel:I2"})
    void aSetThatCannotBeStoredLeavesNoTrace() {
        bench = bench(3, 1000, Bench.pool(2000, 2002));
        bench.store.full = true;
        assertThat(bench.refused(wanted(8080, 3)).result()).isEqualTo(NO_RESOURCES);
        assertThat(bench.cgn.table()).isEmpty();
        bench.store.full = false;
        assertThat(bench.granted(wanted(8080, 3)).options()).containsExactly(set(3, 8080));
    }

    /** UDP ports 5350 and 5351 lie in the middle. */
    @Test
    @Proves("pcp:S-MAP-09")
    void noSetReachesOverPcpsOwnPorts() {
        bench = bench(64, 1000, Bench.pool(5348, 5353));
        for (int internalPort : List.of(1, 11)) {
            var answer = bench.granted(
                    map().protocol(17).port(internalPort).suggest(5349).with(set(6, internalPort)));
            assertThat(answer.options()).containsExactly(set(2, internalPort));
        }
        for (int port : List.of(5350, 5351)) {
            assertThat(bench.inbound(IpProtocol.UDP, REMOTE, port)).isEmpty();
        }
        assertThat(bench.granted(wanted(1, 6)).options()).as("TCP").containsExactly(set(6, 1));
    }
}
