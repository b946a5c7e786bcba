package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.entry;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AccessPolicy.RangeActions;
import io.portreeve.igd.iwf.AccessPolicy.RemoteHosts;
import io.portreeve.igd.iwf.AskingPolicy.Descriptions;
import io.portreeve.igd.iwf.AskingPolicy.Fallback;
import io.portreeve.igd.limits.Rate;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.ResultCode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The person who runs the gateway thinks otherwise while it runs. */
class PolicyChangeTest {
    private final Lockstep igd = Lockstep.up();
    private IwfPolicy policy = igd.policy;

    private void follow(IwfPolicy next) {
        policy = next;
        igd.handle(new IwfEvent.PolicyChanged(next.access(), next.quotas(), next.deletion(), next.asking()));
    }

    private void closed(Integer... ports) {
        follow(policy.with(new AccessPolicy(
                1024, Set.of(IgdFace.V1), Set.of(ports), Set.of(), RemoteHosts.FILTERED, RangeActions.TOLERANT)));
    }

    @Test
    void anotherPortStaysClosedAndWhatIsOpenStaysOpen() {
        igd.opened();
        closed(8080, 9090);
        assertThat(igd.reply(add(key(9090), 9090, HOST, 0))).isEqualTo(failed(IgdError.CONFLICT));
        assertThat(igd.rows).containsKey(KEY);
        closed();
        igd.call(add(key(9090), 9090, HOST, 0));
        igd.grant(9090);
        assertThat(igd.rows).containsKey(key(9090));
    }

    @Test
    void rangesMayNoLongerBeginBelow() {
        igd.opened();
        var all = new IgdAction.GetListOfPortMappings(new PortRange(0, 65_535, IpProtocol.TCP), false, 0);
        assertThat(listing(all)).isEqualTo(new IgdReply.Listing(List.of(entry(0)), RangeActions.TOLERANT));
        follow(policy.with(policy.access().with(RangeActions.STRICT)));
        assertThat(listing(all)).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
    }

    private IgdReply listing(IgdAction action) {
        return igd.replies.get(igd.call(HOST, IgdFace.V2, action));
    }

    /** It was told of another address, not by the configuration. */
    @Test
    void thePortsThatTheGatewayUsesItselfAreWhatTheyWere() {
        var own = new WanPort(IpProtocol.TCP, 8080);
        igd.handle(new IwfEvent.ProviderChanged(List.of(), Set.of(own)));
        closed(1);
        assertThat(igd.reply(add(KEY, 8080, HOST, 0))).isEqualTo(failed(IgdError.CONFLICT));
        assertThat(igd.audited().getLast()).contains("the gateway itself uses that port");
    }

    @Test
    void quotasAreWhatTheyAreNow() {
        igd.opened();
        follow(policy.with(new Quotas(1, 16, Rate.UNLIMITED, Rate.UNLIMITED)));
        assertThat(igd.reply(add(key(9090), 9090, HOST, 0))).isEqualTo(failed(IgdError.ACTION_FAILED));
        follow(policy.with(new Quotas(9, 9, new Rate(1, 1), new Rate(1, 1))));
        igd.call(add(key(9090), 9090, HOST, 0));
        igd.grant(9090);
        assertThat(igd.reply(add(key(9091), 9091, HOST, 0))).isEqualTo(failed(IgdError.ACTION_FAILED));
        assertThat(igd.audited().getLast()).contains("it asks too often");
    }

    @Test
    void whatAHostHasAskedCountsOnAtTheSameRates() {
        follow(policy.with(new Quotas(9, 9, new Rate(1, 1), new Rate(2, 2))));
        igd.opened();
        closed(1);
        assertThat(igd.reply(add(key(9090), 9090, HOST, 0))).isEqualTo(failed(IgdError.ACTION_FAILED));
        follow(policy.with(new Quotas(9, 9, new Rate(1, 1), new Rate(3, 3))));
        igd.call(add(key(9090), 9090, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(9090));
        follow(policy.with(new Quotas(9, 9, new Rate(2, 2), new Rate(3, 3))));
        igd.call(add(key(9091), 9091, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(9091));
    }

    @Test
    void theProviderIsAskedAsItIsSaidNow() {
        follow(policy.with(AskingPolicy.USUAL
                .with(AddStrategy.DRAFT_ALT1)
                .with(Fallback.NONE)
                .with(AskingPolicy.Lookup.RFC_PROBE)
                .with(Descriptions.KEPT)));
        igd.addDefault();
        assertThat(igd.lastAsked().external()).isInstanceOf(ExternalChoice.Preferred.class);
        assertThat(igd.lastAsked().terms().description()).isEmpty();
        int asked = igd.asked.size();
        igd.call(new IgdAction.GetSpecificPortMappingEntry(key(7070)));
        assertThat(igd.asked).as("a probe").hasSize(asked + 1);
    }

    @Test
    void anyPortIsAskedForOnceThatIsSaid() {
        follow(policy.with(policy.asking().with(AddStrategy.DRAFT_ALT3)));
        igd.addDefault();
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        igd.addDefault();
        assertThat(igd.lastAsked().external()).isEqualTo(new ExternalChoice.Any());
    }

    @Test
    void deletionsGoAsItIsSaidNow() {
        igd.opened();
        follow(policy.with(new DeletionPolicy(DeletionPolicy.WhileSilent.FAIL, DeletionPolicy.WhenRefused.RELAY)));
        long call = igd.call(new IgdAction.DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Unreachable());
        assertThat(igd.replies.get(call)).isEqualTo(failed(IgdError.ACTION_FAILED));
        assertThat(igd.rows).containsKey(KEY);
    }
}
