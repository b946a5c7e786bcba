package io.portreeve.server.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.worlds.Bug;
import io.portreeve.worlds.BugLoader;
import io.portreeve.worlds.Worlds;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worlds find mistakes: each of these is put into the real server, and is found. */
final class PlantedBugsTest {
    private static final int SEEDS = 1000;
    private static final String SERVER = "io.portreeve.server";

    /** Its name; where it is; which call is another one there; and which. Names of the server's are without its package. */
    private static final String BUGS = """
            an answer before its row is written   | ServerLoop.commit                  | store.ServerStore.commit           | ServerBugs.writeLater
            a failed commit taken for done        | ServerLoop.commit                  | store.ServerStore.commit           | ServerBugs.neverMind
            no rollback at the CGN                | engine.Work.takeAway               | engine.Calls.ask                   | engine.EngineBugs.leaveAtCgn
            no rollback in the table              | engine.ExplicitMappings.revoke     | engine.MappingTable.remove         | engine.EngineBugs.leaveInTable
            a failed erasure not repeated         | engine.Commit.notSaved             | engine.Erasures.owe                | engine.EngineBugs.doNotOwe
            a deletion before its erasure         | engine.ServerState.mayStillBeOnDisk| engine.Erasures.owes               | engine.EngineBugs.oweNothing
            a port given twice                    | engine.PortRange.takeExactly       | java.util.BitSet.set               | engine.EngineBugs.doNotMark
            a nonce not compared                  | engine.ExplicitMappings.mayChange  | engine.ServerPolicy.accepts          | engine.EngineBugs.acceptAny
            a renewal not stored                  | engine.ExplicitMappings.renewed    | engine.Step.add                    | engine.EngineBugs.doNotAdd
            an expired row that stays             | engine.Departures.take             | engine.Departures.erase            | engine.EngineBugs.doNotErase
            a place of the quota that is kept     | engine.ExplicitMappings.end        | engine.Quota.giveBack              | engine.EngineBugs.keepPlace
            a deleted subscriber believed in      | engine.Work.ask                    | java.util.Set.contains             | engine.EngineBugs.nobodyIsDead
            a mapping for a deleted subscriber    | engine.Departures.cancelPending    | java.util.LinkedHashSet.removeIf   | engine.EngineBugs.cancelNothing
            a port that leaks                     | engine.ServerState.giveBack        | engine.ExternalPool.giveBack       | engine.EngineBugs.keepPort
            a grant to a deleted subscriber       | engine.Departures.depart           | engine.Departures.refuseUnsaved    | engine.EngineBugs.grantAll
            a deleted subscriber remembered       | engine.Departures.depart           | engine.Departures.forget           | engine.EngineBugs.doNotForget
            a lifetime that is not kept           | engine.Grants.granted              | engine.MappingRow.lifetime         | engine.EngineBugs.aMinuteMore
            an epoch that runs fast               | engine.ServerEpoch.at              | java.time.Duration.toSeconds       | engine.EngineBugs.fastSeconds
            a deletion the CGN is not told        | CgnCalls.ask                       | cgn.Cgn.deletePcpMapping           | ServerBugs.doNotDelete
            an epoch that goes on after a loss    | Restoration.epoch                  | java.util.Optional.filter          | ServerBugs.whateverWasLost
            a hold-down forgotten                 | engine.ServerPolicy.heldAfter      | engine.ServerPolicy$Reuse.of       | engine.EngineBugs.noTime
            a held port given to anybody          | engine.HoldDown.take               | java.util.Optional.filter          | engine.EngineBugs.whoeverAsks
            a hold-down too long                  | engine.ServerPolicy.heldAfter      | engine.ServerPolicy$Reuse.of       | engine.EngineBugs.longTime
            a held port forgotten by a restart    | Restoration.restoreHeld            | java.util.stream.Stream.filter     | ServerBugs.none
            a restart that forgets a row          | Restoration.restoreMappings        | java.util.List.stream              | ServerBugs.allButOne
            a subscriber with another address     | Restoration.restoreSubscribers     | cgn.Cgn.createSubscriber           | ServerBugs.withAnyAddress
            a CGN unlocked too early              | Startup.of                         | cgn.Cgn.listPcpPool                | ServerBugs.unlockFirst
            a filter forgotten by a restart       | Restoration.restoreFilters         | engine.MappingRow.filterAtCgn      | ServerBugs.noFilter
            a filter in force that is not stored  | engine.ExplicitMappings.restore    | java.util.Optional.equals          | engine.EngineBugs.same
            the ports of a set given twice        | engine.PortRange.takeRun           | java.util.BitSet.set               | engine.EngineBugs.doNotMark
            a listing of what others have         | engine.Retrieval.maySee            | io.portreeve.pcp.MappingNonce.equals | engine.EngineBugs.anyNonceWillDo
            a listing of what is not stored       | engine.Retrieval.get               | java.util.List.isEmpty             | engine.EngineBugs.isNothing
            what PCP made deleted by NAT-PMP      | engine.NatPmp.its                  | engine.Terms.origin                | engine.EngineBugs.natPmp
            a clear that takes static ones        | engine.Departures.takeAll          | engine.MappingRow.isStatic         | engine.EngineBugs.isOfNobody
            a clear that leaves one               | engine.Departures.takeAll          | java.util.stream.Stream.toList     | engine.EngineBugs.allButOne
            a clear without a new epoch           | engine.Administration.clear        | engine.Epochs.reset                | engine.EngineBugs.goesOn
            a clear of one that is all the others' | engine.Administration.clear       | engine.Epochs.reset                | engine.EngineBugs.ofAll
            a move without a new epoch            | engine.Renumbering.move            | engine.Epochs.reset                | engine.EngineBugs.goesOn
            an epoch not written again            | engine.Commit.notSaved             | engine.Erasures.oweEpochs          | engine.EngineBugs.doNotOwe
            a flow that is not stored             | engine.Peers.add                   | engine.Step.add                    | engine.EngineBugs.doNotAdd
            a flow promised for too long          | engine.Peers.after                 | io.portreeve.pcp.MonoTime.plus     | engine.EngineBugs.aMinuteLater
            a flow that any nonce renews          | engine.Peers.peer                  | engine.ServerPolicy.accepts          | engine.EngineBugs.acceptAny
            an operator told what is not so       | engine.Commit.notSaved             | engine.Administration$Wanted.answer | engine.EngineBugs.sayAdded
            an operator who is not answered       | engine.Administration.isThere      | engine.Step.add                    | engine.EngineBugs.doNotAdd
            an operator who hears of no move      | engine.Commit.saved                | engine.MoveProgress.moved          | engine.EngineBugs.leaveUncertain
            lost flows that nobody is told of     | Restoration.<init>                 | store.StoredState.peers            | ServerBugs.noPeers
            """;

    static List<Bug> bugs() {
        return Bug.listed(BUGS, SERVER);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isFound(Bug bug) throws Exception {
        var world = BugLoader.world(SmallWorld.class, SERVER, bug);
        assertThat(Worlds.explore(world, SEEDS).failing()).as(bug.name()).isPresent();
    }
}
