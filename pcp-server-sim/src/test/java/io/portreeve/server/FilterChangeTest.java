package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters that take the CGN its time, or cannot be had: who is let in is always who was said to be. */
final class FilterChangeTest extends FilterBench {
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
        assertRefused(change, 1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    @Proves({"pcp:S-GEN-10", "pcp:B-PSET-03"})
    void aChangeThatTheCgnRefusesForTheLastPortIsMadeForNone(Change change) {
        assertRefused(change, 3);
    }

    /** The CGN refuses {@code change} for the last of so many ports. */
    private void assertRefused(Change change, int ports) {
        bench.granted(change.first(ports));
        bench.faults.refuse(routineOf(change), ports - 1);
        assertThat(bench.refused(change.then(ports)).result()).isEqualTo(NO_RESOURCES);
        assertAsBefore(bench, change, ports);
        assertCanBeChanged(change, ports);
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
        bench.happen(new Received(other, Client.of(Bench.CLIENT), wanted(CLEAR).build()));
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
            bench.happen(new Received(ids.getLast(), Client.of(Bench.CLIENT), request.build()));
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
        assertBothTakenBack();
    }

    @Test
    @Proves("pcp:S-GEN-10")
    void aChangeThatCannotBeStoredIsTakenBackAfterOneThatTheCgnRefuses() {
        bench.faults.refuse("replaceFilter", 0);
        assertBothTakenBack();
    }

    /** Of two changes, asked for at once while the disk is full, neither is left. */
    private void assertBothTakenBack() {
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
    @Proves({"pcp:S-FLT-02", "rel:I2"})
    void aRenewalThatWaitsForTheCgnLastsAsLongAsItsAnswerSays() {
        bench.granted(wanted());
        bench.cgnIsSlow = true;
        long id = bench.nextRequestId();
        bench.happen(
                new Received(id, Client.of(Bench.CLIENT), wanted(ONLY_FRIEND).build()));
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
