package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerEffect.Refuse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FILTER: whom it lets in. */
final class FilterTest extends FilterBench {
    @Test
    @Proves({"pcp:S-FLT-02", "pcp:S-MAP-12"})
    void withoutAFilterEverybodyIsLetInAndWithOneWhomItNames() {
        bench.granted(wanted());
        assertThat(letIn()).isEqualTo("friend stranger");
        assertThat(bench.granted(wanted(ONLY_FRIEND)).options()).containsExactly(ONLY_FRIEND);
        assertThat(letIn()).isEqualTo("friend");
        assertThat(bench.granted(wanted()).options()).isEmpty();
        assertThat(letIn()).as("a renewal without FILTER").isEqualTo("friend");
        bench.granted(wanted(CLEAR));
        assertThat(letIn()).isEqualTo("friend stranger");
    }

    @Test
    @Proves("pcp:S-FLT-02")
    void aMappingMayBeMadeWithAFilterAndKeepsItAcrossARestart() {
        bench.granted(wanted(ONLY_FRIEND));
        assertThat(letIn()).isEqualTo("friend");
        bench = bench.restart();
        assertThat(letIn()).isEqualTo("friend");
        assertThat(bench.granted(wanted(CLEAR, ONLY_STRANGER)).assignedPort()).isEqualTo(2001);
        assertThat(letIn()).isEqualTo("stranger");
        bench.granted(wanted(CLEAR));
        bench = bench.restart();
        assertThat(letIn()).isEqualTo("friend stranger");
    }

    @Test
    @Proves({"pcp:S-GEN-09", "pcp:S-FLT-02"})
    void filtersAreProcessedInTheirOrder() {
        bench.granted(wanted(ONLY_STRANGER));
        bench.granted(wanted(CLEAR, ONLY_FRIEND));
        assertThat(letIn()).isEqualTo("friend");
        assertThat(bench.granted(wanted(ONLY_FRIEND, CLEAR)).options()).containsExactly(ONLY_FRIEND, CLEAR);
        assertThat(letIn()).isEqualTo("friend stranger");
        bench.granted(wanted(ONLY_FRIEND, CLEAR, ONLY_STRANGER));
        assertThat(letIn()).isEqualTo("stranger");
    }

    @Test
    @Proves({"pcp:S-FLT-02", "pcp:S-FLT-01"})
    void theFilterThatClearsHasNoAddressAndNoPort() {
        bench.granted(wanted(ONLY_STRANGER));
        bench.granted(wanted(new Filter(0, 7000, FRIEND.address())));
        assertThat(letIn()).isEqualTo("friend stranger");
    }

    @Test
    @Proves({"pcp:S-FLT-04", "pcp:S-GEN-10"})
    void aSecondFilterIsTooManyAndChangesNothing() {
        assertExcessive(bench.refused(wanted(ONLY_FRIEND, ONLY_STRANGER)));
        assertThat(bench.cgn.table()).isEmpty();
        bench.granted(wanted(ONLY_FRIEND).lifetime(600));
        assertExcessive(bench.refused(wanted(ONLY_STRANGER)));
        assertExcessive(bench.refused(wanted(CLEAR, ONLY_STRANGER, ONLY_FRIEND)));
        assertThat(letIn()).isEqualTo("friend");
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(600));
    }

    private static void assertExcessive(Refuse refusal) {
        assertThat(refusal)
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(EXCESSIVE_REMOTE_PEERS, new Lifetime(1800));
    }

    @Test
    @Proves({"pcp:S-FLT-05", "pcp:S-GEN-13"})
    void theSameFilterAgainIsNoOther() {
        bench.granted(wanted(ONLY_FRIEND, ONLY_FRIEND).lifetime(600));
        bench.granted(wanted(ONLY_FRIEND).lifetime(900));
        assertThat(bench.granted(wanted(ONLY_FRIEND).lifetime(900)).options()).containsExactly(ONLY_FRIEND);
        assertThat(letIn()).isEqualTo("friend");
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(900));
    }

    @ParameterizedTest
    @CsvSource({
        "96, 7000, 0.0.0.0, friend stranger",
        "96, 7001, 0.0.0.0, ''",
        "128, 7000, 198.51.100.10, friend",
        "128, 7001, 198.51.100.10, ''",
        "127, 0, 198.51.100.10, friend stranger",
        "120, 0, 198.51.101.0, ''"
    })
    @Proves("pcp:S-FLT-01")
    void aPrefixOfIpv4CountsFrom96(int prefix, int port, String remote, String letIn) {
        var filter = new Filter(prefix, port, PcpAddress.parse(remote));
        assertThat(bench.granted(wanted(filter)).options()).containsExactly(filter);
        assertThat(letIn()).isEqualTo(letIn);
    }

    @ParameterizedTest
    @CsvSource({"1, 198.51.100.10", "24, 198.51.100.10", "95, 198.51.100.10", "64, 2001:db8::1", "128, 2001:db8::1"})
    @Proves({"pcp:S-FLT-01", "pcp:S-FLT-03", "pcp:S-GEN-10", "wire:N15"})
    void oneBadFilterFailsTheWholeRequest(int prefix, String remote) {
        var bad = new Filter(prefix, 0, PcpAddress.parse(remote));
        assertThat(bench.refused(wanted(ONLY_FRIEND, bad)).result()).isEqualTo(MALFORMED_OPTION);
        assertThat(bench.cgn.table()).isEmpty();
        bench.granted(wanted());
        assertThat(bench.refused(wanted(ONLY_FRIEND, bad)).result()).isEqualTo(MALFORMED_OPTION);
        assertThat(letIn()).isEqualTo("friend stranger");
    }

    @Test
    @Proves({"pcp:S-FLT-03", "pcp:S-GEN-10", "wire:N12"})
    void aDeletionWithAFilterDeletesNothing() {
        bench.granted(wanted(ONLY_FRIEND));
        assertThat(bench.refused(wanted(ONLY_FRIEND).lifetime(0)).result()).isEqualTo(MALFORMED_OPTION);
        assertThat(bench.refused(wanted(CLEAR).lifetime(0)).result()).isEqualTo(MALFORMED_OPTION);
        assertThat(letIn()).isEqualTo("friend");
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void whatFailsAtTheLastOptionChangesNothing() {
        bench.granted(wanted(ONLY_FRIEND).lifetime(600));
        var refused = bench.refused(wanted(CLEAR, new Unknown(126)).lifetime(7200));
        assertThat(refused.result()).isEqualTo(UNSUPP_OPTION);
        assertThat(letIn()).isEqualTo("friend");
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(600));
    }

    @Test
    @Proves("pcp:S-FLT-02")
    void aDeletedFilterDoesNotComeBackWithTheMapping() {
        bench.granted(wanted(ONLY_FRIEND));
        bench.granted(wanted().lifetime(0));
        assertThat(letIn()).isEmpty();
        bench.granted(wanted());
        assertThat(letIn()).isEqualTo("friend stranger");
    }

    @Test
    void aFilterEndsWithTheLifetimeOfItsMapping() {
        bench.granted(wanted(ONLY_FRIEND).lifetime(600));
        bench.pass(Duration.ofSeconds(600));
        bench.granted(wanted());
        assertThat(letIn()).isEqualTo("friend stranger");
    }
}
