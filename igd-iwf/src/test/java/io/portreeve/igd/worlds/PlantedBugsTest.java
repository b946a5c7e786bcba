package io.portreeve.igd.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.worlds.Bug;
import io.portreeve.worlds.BugLoader;
import io.portreeve.worlds.Worlds;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worlds find mistakes: each of these is put into the real interworking, and is found. */
final class PlantedBugsTest {
    private static final int SEEDS = 1000;
    private static final String GATEWAY = "io.portreeve.igd";

    /** Its name; where it is; which call is another one there; and which. Names of the gateway's are without its package. */
    private static final String BUGS = """
            a success told before it is stored     | iwf.Installations.natDone | iwf.Steps.store              | iwf.InterworkingBugs.tellFirst
            a rule left after a failed store       | iwf.Steps.undoNat         | iwf.Outbox.add               | iwf.InterworkingBugs.installAgain
            a failed request that is not released  | iwf.Withdrawals.release   | iwf.Outbox.add               | iwf.InterworkingBugs.drop
            a removal that is not released         | iwf.Removals.remove       | iwf.Outbox.add               | iwf.InterworkingBugs.drop
            a deadline that is not kept            | iwf.Changes.nextDeadline  | iwf.PendingTable.nextDeadline | iwf.InterworkingBugs.never
            an entry that is over and stays        | iwf.Changes.doom          | iwf.Removals.doom            | iwf.InterworkingBugs.keep
            a port used again that still leads elsewhere | iwf.Removals.natDone | iwf.NatPorts.retire         | iwf.InterworkingBugs.reuse
            a range that goes one by one           | iwf.Removals.removeAll    | java.util.Map.put            | iwf.InterworkingBugs.putNothing
            another host's entry deleted           | iwf.AccessPolicy.refuses  | io.portreeve.pcp.PcpAddress.equals | iwf.InterworkingBugs.anybody
            another host's entry shown             | iwf.AccessPolicy.readable | iwf.AccessPolicy.refuses     | iwf.InterworkingBugs.whoever
            another host's port taken              | iwf.PortMappingTable.isTaken | io.portreeve.pcp.PcpAddress.equals | iwf.InterworkingBugs.anybody
            a listing that is out of date          | iwf.PortMappingTable.remove | iwf.PortMappingTable.changed | iwf.InterworkingBugs.asBefore
            a lease whose end is forgotten         | iwf.PortMappingTable.put  | iwf.PortMappingTable.staying | iwf.InterworkingBugs.forget
            a lease twice as long                  | iwf.Lease.of              | java.time.Duration.ofSeconds | iwf.InterworkingBugs.twiceAsLong
            more entries than a host may have      | iwf.Admission.refuses     | iwf.Shares.tooMuch           | iwf.InterworkingBugs.asMuchAsYouLike
            a number that counts from the start    | iwf.Interworking.updateIdAfter | iwf.WanState.updateIdAfter | iwf.InterworkingBugs.countNothing
            a reply told twice                     | iwf.Steps.reply           | iwf.Outbox.reply             | iwf.InterworkingBugs.twice
            an entry not asked for after a start   | iwf.Reconciliation.reconcile | iwf.Reconciliation.serves  | iwf.InterworkingBugs.always
            an address told to nobody              | iwf.Reconciliation.reconcile | iwf.Grants.adopt           | iwf.InterworkingBugs.adoptGranted
            a row that is not written again        | iwf.Interworking.handle   | iwf.Unsaved.saved            | iwf.InterworkingBugs.neverAgain
            """;

    static List<Bug> bugs() {
        return Bug.listed(BUGS, GATEWAY);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isFound(Bug bug) throws Exception {
        var world = BugLoader.world(Street.class, GATEWAY, bug);
        assertThat(Worlds.explore(world, SEEDS).failing()).as(bug.name()).isPresent();
    }
}
