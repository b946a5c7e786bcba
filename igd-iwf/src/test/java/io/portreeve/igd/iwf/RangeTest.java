package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AccessPolicy.RangeActions;
import io.portreeve.igd.iwf.IgdAction.DeletePortMappingRange;
import io.portreeve.igd.iwf.IgdAction.GetListOfPortMappings;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several ports at once: DeletePortMappingRange and GetListOfPortMappings. */
class RangeTest {
    private static final PortRange ALL = range(1024, 65_535);

    private final Lockstep igd = Lockstep.up();

    private static PortRange range(int first, int last) {
        return new PortRange(first, last, IpProtocol.TCP);
    }

    private void open(PcpAddress host, int port) {
        igd.call(host, IgdFace.V2, add(key(port), port, host, 3600));
        igd.grant(port);
    }

    /** Not in the order of the ports. */
    @BeforeEach
    void openSome() {
        open(HOST, 2003);
        open(OTHER_HOST, 2002);
        open(HOST, 2001);
        open(HOST, 2004);
    }

    private long delete(PortRange range) {
        return igd.call(HOST, IgdFace.V2, new DeletePortMappingRange(range, false));
    }

    private void answerReleases() {
        List.copyOf(igd.released.keySet())
                .forEach(id -> igd.handle(new IwfEvent.PcpAnswered(id, new MappingOutcome.Released())));
    }

    private IgdReply list(PcpAddress host, PortRange range, int most) {
        return igd.replies.get(igd.call(host, IgdFace.V2, new GetListOfPortMappings(range, true, most)));
    }

    private List<PortMappingKey> listed(PcpAddress host, PortRange range, int most) {
        var listing = (IgdReply.Listing) list(host, range, most);
        return listing.entries().stream().map(IgdReply.Entry::key).toList();
    }

    @Test
    @Proves({"igd:I-DELR-01", "igd:I-DELR-02", "igd:I-ACL-08", "igd:D-10", "pcp:I-04"})
    void deletesItsOwnWithTheBoundsAndLeavesWhatOthersHave() {
        long call = igd.call(HOST, IgdFace.V2, new DeletePortMappingRange(range(2001, 2003), true));
        answerReleases();
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).containsExactly(key(2002), key(2004));
        assertThat(igd.rows).containsOnlyKeys(key(2002), key(2004));
    }

    @Test
    @Proves({"igd:I-DELR-01", "igd:D-31"})
    void leavesTheOtherProtocol() {
        long call = delete(new PortRange(2001, 2004, IpProtocol.UDP));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.PORT_MAPPING_NOT_FOUND));
        assertThat(igd.listed()).hasSize(4);
    }

    @Test
    @Proves({"igd:I-DELR-03", "igd:I-GENA-03"})
    void nobodySeesHalfOfIt() {
        igd.published.clear();
        long updates = updates();
        long call = delete(ALL);
        var ids = List.copyOf(igd.released.keySet());
        for (long id : ids.subList(ids.size() - 3, ids.size() - 1)) {
            igd.handle(new IwfEvent.PcpAnswered(id, new MappingOutcome.Released()));
        }
        assertThat(igd.listed()).as("all are there, or none").hasSize(4);
        assertThat(igd.replies).doesNotContainKey(call);
        assertThat(igd.published).isEmpty();
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).containsExactly(key(2002));
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.published).singleElement().isEqualTo(new GatewayState(false, true, external(), 1, updates + 1));
    }

    private static Optional<PcpAddress> external() {
        return Optional.of(Lockstep.EXTERNAL);
    }

    private long updates() {
        return igd.all.stream()
                .filter(IwfEffect.Publish.class::isInstance)
                .map(IwfEffect.Publish.class::cast)
                .toList()
                .getLast()
                .state()
                .updateId();
    }

    @Test
    @Proves("igd:I-DELR-05")
    void aRefusalOfTheProvidersKeepsNoEntry() {
        long call = delete(ALL);
        List.copyOf(igd.released.keySet())
                .forEach(id -> igd.handle(new IwfEvent.PcpAnswered(
                        id, new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(1800)))));
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).containsExactly(key(2002));
    }

    @Test
    @Proves("igd:I-DELR-05")
    void aSilentServerKeepsNoEntry() {
        long call = delete(ALL);
        igd.pass(igd.policy.deadline());
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).containsExactly(key(2002));
    }

    @Test
    void whatCouldNotBeErasedIsNoSuccess() {
        long call = delete(ALL);
        igd.storeWorks = false;
        answerReleases();
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
    }

    @Test
    void oneThatCouldNotBeErasedIsEnough() {
        long call = delete(ALL);
        var ids = List.copyOf(igd.released.keySet());
        for (long id : ids) {
            igd.storeWorks = id != ids.getLast();
            igd.handle(new IwfEvent.PcpAnswered(id, new MappingOutcome.Released()));
        }
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
    }

    @Test
    void waitsForWhatIsUnderWay() {
        long first = igd.call(new IgdAction.DeletePortMapping(key(2001)));
        long call = delete(ALL);
        assertThat(igd.released).as("the sentinel, and one").hasSize(2);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.replies).containsEntry(first, DONE);
        answerReleases();
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).containsExactly(key(2002));
    }

    @Test
    @Proves("igd:I-DELR-04")
    void boundsAreInOrderAndNotBothBelowWhatHostsMayHave() {
        for (var face : IgdFace.values()) {
            for (var action : List.of(
                    new DeletePortMappingRange(range(2004, 2001), false),
                    new GetListOfPortMappings(range(2004, 2001), false, 0))) {
                assertThat(igd.replies.get(igd.call(HOST, face, action)))
                        .isEqualTo(failed(IgdError.INCONSISTENT_PARAMETERS));
            }
        }
        assertThat(igd.replies.get(delete(range(0, 1023)))).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
        assertThat(list(HOST, range(1, 1), 0)).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
        assertThat(igd.listed()).hasSize(4);
    }

    @Test
    void aRangeFromBelowReachesWhatHostsMayHave() {
        assertThat(listed(HOST, range(0, 65_535), 0)).containsExactly(key(2001), key(2003), key(2004));
        assertThat(list(HOST, range(0, 1024), 0)).isEqualTo(failed(IgdError.PORT_MAPPING_NOT_FOUND));
        long call = delete(range(1, 2003));
        answerReleases();
        assertThat(igd.replies).containsEntry(call, DONE);
        assertThat(igd.listed()).containsExactly(key(2002), key(2004));
    }

    /** It can be left from a time when hosts were allowed lower ports. */
    @Test
    void aRangeFromBelowDoesNotReachAnEntryThatIsTooLow() {
        var later = new Lockstep();
        later.start(List.of(stored(1023), stored(1024)), List.of());
        long list = later.call(HOST, IgdFace.V2, new GetListOfPortMappings(range(0, 65_535), false, 0));
        assertThat(later.replies.get(list))
                .isEqualTo(new IgdReply.Listing(List.of(stored(1024).entry(later.now)), RangeActions.TOLERANT));
        later.call(HOST, IgdFace.V2, new DeletePortMappingRange(range(0, 65_535), false));
        assertThat(later.released)
                .containsValue(stored(1024).pcpKey())
                .doesNotContainValue(stored(1023).pcpKey());
    }

    private static PortMapping stored(int port) {
        return new PortMapping(key(port), port + 7000, HOST, "stored", new Lease.Infinite());
    }

    @Test
    @Proves({"igd:I-LIST-03", "igd:I-LIST-04", "igd:I-GEN-02", "igd:D-30"})
    void listsItsOwnByPort() {
        int asked = igd.asked.size();
        assertThat(listed(HOST, ALL, 0)).containsExactly(key(2001), key(2003), key(2004));
        assertThat(listed(HOST, ALL, 2)).containsExactly(key(2001), key(2003));
        assertThat(listed(HOST, range(2003, 2003), 5)).containsExactly(key(2003));
        assertThat(listed(OTHER_HOST, ALL, 0)).containsExactly(key(2002));
        assertThat(list(HOST, range(2002, 2002), 0)).isEqualTo(failed(IgdError.PORT_MAPPING_NOT_FOUND));
        assertThat(igd.asked).as("of PCP").hasSize(asked);
    }
}
