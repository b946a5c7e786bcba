package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** FILTER, and whose packets pass the CGN then. The mapping is TCP 8080, outside 2001. */
final class FilterTest {
    private static final Endpoint FRIEND = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    private static final Endpoint STRANGER = new Endpoint(PcpAddress.parse("198.51.100.11"), 7000);
    private static final Filter ONLY_FRIEND = new Filter(128, 0, FRIEND.address());
    private static final Filter ONLY_STRANGER = new Filter(128, 0, STRANGER.address());
    private static final Filter CLEAR = new Filter(0, 0, PcpAddress.ANY_IPV6);
    private static final PortSet THREE_PORTS = new PortSet(3, 8080, false);

    private Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true), Bench.pool(2000, 2009), 1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
        assertThat(bench.faults.stillRefuses()).as("a fault that never came").isFalse();
    }

    private static WantedMap wanted(PcpOption... options) {
        return map().suggest(2001).with(options);
    }

    /** {@return who of friend and stranger gets in, of all ports of the mapping alike} */
    private static String letIn(Bench bench, int ports) {
        var answers = Stream.iterate(2001, port -> port + 1)
                .limit(ports)
                .map(port -> (passes(bench, FRIEND, port) ? "friend " : "")
                        + (passes(bench, STRANGER, port) ? "stranger" : ""))
                .map(String::strip)
                .distinct()
                .toList();
        assertThat(answers).as("each port the same").hasSize(1);
        return answers.getFirst();
    }

    private String letIn() {
        return letIn(bench, 1);
    }

    private static boolean passes(Bench bench, Endpoint remote, int port) {
        return bench.inbound(IpProtocol.TCP, remote, port).isPresent();
    }

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

    /** What a mapping has, and what it is asked to have. */
    record Change(String letIn, List<PcpOption> before, List<PcpOption> options) {
        WantedMap first(int ports) {
            return wanted(before, ports).lifetime(600);
        }

        WantedMap then(int ports) {
            return wanted(options, ports).lifetime(7200);
        }

        private static WantedMap wanted(List<PcpOption> filters, int ports) {
            var set = ports > 1 ? Stream.of(THREE_PORTS) : Stream.<PcpOption>empty();
            return FilterTest.wanted(Stream.concat(set, filters.stream()).toArray(PcpOption[]::new));
        }
    }

    static Stream<Change> changes() {
        return Stream.of(
                new Change("friend stranger", List.of(), List.of(ONLY_FRIEND)),
                new Change("friend", List.of(ONLY_FRIEND), List.of(CLEAR, ONLY_STRANGER)),
                new Change("friend", List.of(ONLY_FRIEND), List.of(CLEAR)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    @Proves({"pcp:S-GEN-10", "rel:I2"})
    void aChangeThatCannotBeStoredIsTakenBack(Change change) {
        bench.granted(change.first(3));
        bench.store.full = true;
        assertThat(bench.refused(change.then(3)).result()).isEqualTo(NO_RESOURCES);
        assertAsBefore(bench, change, 3);
        bench.store.full = false;
        assertAsBefore(bench.restart(), change, 3);
        assertCanBeChanged(change, 3);
    }

    private static void assertAsBefore(Bench bench, Change change, int ports) {
        assertThat(letIn(bench, ports)).isEqualTo(change.letIn());
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(600));
    }

    /** What the engine believes of the filter is what the CGN has. */
    private void assertCanBeChanged(Change change, int ports) {
        bench.granted(change.then(ports));
        assertThat(letIn(bench, ports)).isNotEqualTo(change.letIn());
        bench.granted(Change.wanted(List.of(CLEAR, ONLY_FRIEND), ports));
        assertThat(letIn(bench, ports)).isEqualTo("friend");
        bench.granted(Change.wanted(List.of(CLEAR), ports));
        assertThat(letIn(bench, ports)).isEqualTo("friend stranger");
    }

    private static String routineOf(Change change) {
        if (change.before().isEmpty()) {
            return "createFilter";
        }
        return change.options().size() == 1 ? "deleteFilter" : "replaceFilter";
    }

    @ParameterizedTest
    @MethodSource("changes")
    @Proves("pcp:S-GEN-10")
    void aChangeThatTheCgnRefusesLeavesTheOldFilter(Change change) {
        bench.granted(change.first(1));
        bench.faults.refuse(routineOf(change), 0);
        assertThat(bench.refused(change.then(1)).result()).isEqualTo(NO_RESOURCES);
        assertAsBefore(bench, change, 1);
        assertCanBeChanged(change, 1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    @Proves({"pcp:S-GEN-10", "pcp:B-PSET-03"})
    void aChangeThatTheCgnRefusesForOnePortIsMadeForNone(Change change) {
        bench.granted(change.first(3));
        bench.faults.refuse(routineOf(change), 1);
        assertThat(bench.refused(change.then(3)).result()).isEqualTo(NO_RESOURCES);
        assertAsBefore(bench, change, 3);
        assertCanBeChanged(change, 3);
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void aNewMappingWhoseFilterTheCgnRefusesLeavesNoTrace() {
        for (var asked : List.of(wanted(ONLY_FRIEND), wanted(THREE_PORTS, ONLY_FRIEND))) {
            bench.faults.refuse("createFilter", asked.options().size() - 1);
            assertThat(bench.refused(asked).result()).isEqualTo(NO_RESOURCES);
            assertThat(bench.cgn.table()).isEmpty();
            bench.assertNoOrphan();
        }
        assertThat(bench.granted(map().from(PcpAddress.parse("100.64.0.3")).suggest(2001))
                        .assignedPort())
                .as("the port is free")
                .isEqualTo(2001);
    }

    @Test
    void nothingIsPromisedBeforeTheCgnHasTheFilter() {
        bench.granted(wanted());
        bench.cgnIsSlow = true;
        assertThat(bench.ask(Bench.CLIENT, wanted(ONLY_FRIEND).build())).isNull();
        long other = bench.nextRequestId();
        bench.happen(new Received(other, Bench.CLIENT, wanted(CLEAR).build()));
        assertThat(bench.answers).as("waits its turn").doesNotContainKey(other);
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.run();
        assertThat(bench.answers).containsKeys(other - 1, other);
        assertThat(letIn()).isEqualTo("friend stranger");
    }

    /** {@return the numbers of {@code requests}: the CGN has the first, and the others wait for it} */
    private List<Long> queueWhileTheCgnIsSlow(WantedMap... requests) {
        bench.cgnIsSlow = true;
        var ids = new ArrayList<Long>();
        for (var request : requests) {
            ids.add(bench.nextRequestId());
            bench.happen(new Received(ids.getLast(), Bench.CLIENT, request.build()));
        }
        assertThat(bench.answers).doesNotContainKeys(ids.toArray(Long[]::new));
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        return ids;
    }

    private void assertNoResources(List<Long> ids) {
        assertThat(ids)
                .allSatisfy(id -> assertThat(RequestChecksTest.result(bench.answers.get(id)))
                        .isEqualTo(NO_RESOURCES));
    }

    /** Found by seed 73 of {@link SeedsTest}: its port was free, and it came back into the table. */
    @Test
    @Proves("rel:I3")
    void aMappingThatCannotBeStoredGoesThoughItsFilterIsBeingChanged() {
        bench.granted(map().port(1));
        var ids = queueWhileTheCgnIsSlow(wanted(), wanted(ONLY_FRIEND));
        bench.store.full = true;
        bench.run();
        assertNoResources(ids);
        assertThat(bench.mappings()).hasSize(1);
        bench.store.full = false;
        assertThat(bench.granted(map().from(PcpAddress.parse("100.64.0.3")).suggest(2001))
                        .assignedPort())
                .isEqualTo(2001);
    }

    /** Found by seed 92 of {@link SeedsTest}: the second was taken back to the first, which nobody was granted. */
    @Test
    @Proves("pcp:S-GEN-10")
    void twoChangesThatCannotBeStoredAreBothTakenBack() {
        bench.granted(wanted().lifetime(600));
        var ids = queueWhileTheCgnIsSlow(wanted(ONLY_FRIEND), wanted(CLEAR, ONLY_STRANGER));
        bench.store.full = true;
        bench.run();
        assertNoResources(ids);
        assertThat(letIn()).isEqualTo("friend stranger");
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(600));
        bench.store.full = false;
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void aChangeThatCannotBeStoredIsTakenBackAfterOneThatTheCgnRefuses() {
        bench.granted(wanted().lifetime(600));
        var ids = queueWhileTheCgnIsSlow(wanted(ONLY_FRIEND), wanted(CLEAR, ONLY_STRANGER));
        bench.store.full = true;
        bench.faults.refuse("replaceFilter", 0);
        bench.run();
        assertNoResources(ids);
        assertThat(letIn()).isEqualTo("friend stranger");
        assertThat(bench.mappings().getFirst().left()).isEqualTo(new Lifetime(600));
        bench.store.full = false;
    }

    @Test
    void aFilterEndsWithTheLifetimeOfItsMapping() {
        bench.granted(wanted(ONLY_FRIEND).lifetime(600));
        bench.pass(Duration.ofSeconds(600));
        bench.granted(wanted());
        assertThat(letIn()).isEqualTo("friend stranger");
    }

    @Test
    @Proves({"pcp:S-FLT-02", "rel:I2"})
    void aRenewalThatWaitsForTheCgnLastsAsLongAsItsAnswerSays() {
        bench.granted(wanted());
        bench.cgnIsSlow = true;
        long id = bench.nextRequestId();
        bench.happen(new Received(id, Bench.CLIENT, wanted(ONLY_FRIEND).build()));
        bench.pass(Duration.ofSeconds(2));
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.run();
        assertThat(((MapResponse) ((Reply) bench.answers.get(id)).response()).lifetime())
                .isEqualTo(new Lifetime(3600));
        bench.pass(Duration.ofSeconds(3599));
        assertThat(letIn()).isEqualTo("friend");
    }
}
