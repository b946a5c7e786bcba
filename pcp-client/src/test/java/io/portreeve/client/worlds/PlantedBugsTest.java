package io.portreeve.client.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.worlds.Bug;
import io.portreeve.worlds.BugLoader;
import io.portreeve.worlds.Worlds;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worlds find mistakes: each of these is put into the real client, or around it, and is found. */
final class PlantedBugsTest {
    private static final int SEEDS = 1000;
    private static final String CLIENT = "io.portreeve.client";

    /** Its name; where it is; which call is another one there; and which. Names of the client's are without its package. */
    private static final String BUGS = """
            a new nonce in a renewal              | engine.Asking.request       | engine.Mapping.request             | engine.EngineBugs.withAnotherNonce
            a nonce not compared                  | engine.ServerSession.matching      | io.portreeve.pcp.MappingNonce.equals | engine.EngineBugs.anyNonceWillDo
            an epoch compared in 32 bits          | engine.StateLoss.observe       | engine.EpochObservation.admits     | engine.EngineBugs.admitsIn32Bits
            a loss of state not noticed           | engine.StateLoss.observe       | engine.EpochObservation.admits     | engine.EngineBugs.admitsAnything
            an action without a mapping           | engine.MappingTable.remove         | java.util.TreeSet.remove           | engine.EngineBugs.doNotRemove
            renewals closer than four seconds     | engine.Renewal.age                 | java.time.Duration.plus            | engine.EngineBugs.noDistance
            a renewal too early                   | engine.Renewal.age                 | java.util.random.RandomGenerator.nextDouble | engine.EngineBugs.early
            a retry inside an error lifetime      | engine.Lifecycle.hold              | java.lang.Math.clamp               | engine.EngineBugs.aSecondLess
            a refusal that ends a mapping         | engine.Lifecycle.held              | java.util.Optional.filter          | engine.EngineBugs.none
            retransmissions that do not slow down | engine.Lifecycle.unanswered        | engine.Retransmission.next         | engine.EngineBugs.asBefore
            retransmissions without chance        | engine.Retransmission.jittered     | java.util.random.RandomGenerator.nextDouble | engine.EngineBugs.middle
            a recovery that starts at once        | engine.Recreation.afterLoss        | java.util.random.RandomGenerator.nextLong | engine.EngineBugs.atOnce
            a recovery all at once                | engine.Recreation.next             | io.portreeve.pcp.MonoTime.plus     | engine.EngineBugs.noDistance
            no suggestion after a loss            | engine.Agenda.recreate             | engine.Mapping.with                | engine.EngineBugs.knowingNoEndpoint
            no suggestion in a renewal            | engine.Mapping.suggested           | java.util.Optional.orElseGet       | engine.EngineBugs.nothingKnown
            a refused address asked for again     | engine.Mapping.available           | engine.Mapping.isUnavailableAt     | engine.EngineBugs.nowhere
            a request before its row              | engine.Outcomes.take               | java.util.List.of                  | engine.EngineBugs.nothing
            a row that is not erased              | engine.Step.forgotten              | java.util.List.of                  | engine.EngineBugs.nothing
            a grant that is not stored            | engine.Lifecycle.granted           | java.util.List.of                  | engine.EngineBugs.nothing
            a release forgotten after a crash     | engine.ServerSession.restore       | engine.MappingTable.put            | engine.EngineBugs.ifWanted
            a lifetime of more than a day         | engine.Lifecycle.granted           | io.portreeve.pcp.Lifetime.sane     | engine.EngineBugs.asItIs
            an end that nobody is told of         | engine.Lifecycle.lost              | java.util.ArrayList.add            | engine.EngineBugs.doNotAdd
            a move that nobody is told of         | engine.Outcomes.unasked            | java.util.Optional.filter          | engine.EngineBugs.none
            a ticket answered twice               | engine.Waiters.tellAll             | java.util.Map.remove               | engine.EngineBugs.keep
            an address taken for the first one    | engine.ServerAddresses.connected   | java.util.Map.put                  | engine.EngineBugs.putAfterNothing
            what was held elsewhere still held    | engine.ServerSession.startAnew     | engine.Agenda.again                | engine.EngineBugs.leaveAll
            a row from elsewhere believed         | engine.Mapping.isHeldElsewhere     | java.util.Optional.filter        | engine.EngineBugs.none
            probes that do not slow down          | engine.Probe.onDue                 | engine.Retransmission.next         | engine.EngineBugs.asBefore
            a list that leaves no time for claims | engine.Reconciliation.stale        | io.portreeve.pcp.MonoTime.later    | engine.EngineBugs.theOther
            all that is missing asked for at once | engine.Reconciliation.askForMissing | engine.Recreation.nextFrom        | engine.EngineBugs.whenever
            what is listed asked for all the same | engine.Reconciliation.askForMissing | java.util.Set.contains            | engine.EngineBugs.notThere
            what is listed never compared         | engine.Reconciliation.compare      | engine.Comparison.agrees           | engine.EngineBugs.alwaysAgrees
            a request sent before it is stored    | worlds.EngineLoop.perform          | worlds.EngineLoop.store            | worlds.HostBugs.later
            an answer from another server         | worlds.NetworkedClient.received    | io.portreeve.worlds.Station.equals | worlds.HostBugs.whoeverItIs
            """;

    static List<Bug> bugs() {
        return Bug.listed(BUGS, CLIENT);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isFound(Bug bug) throws Exception {
        var world = BugLoader.world(SmallWorld.class, CLIENT, bug);
        assertThat(Worlds.explore(world, SEEDS).failing()).as(bug.name()).isPresent();
    }
}
