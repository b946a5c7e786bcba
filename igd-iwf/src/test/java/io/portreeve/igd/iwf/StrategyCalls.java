package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.pcp.Lifetime;

/** What tests of the strategies ask, and see asked. */
final class StrategyCalls {
    static final long WEEK = 604_800;

    static Lockstep by(AddStrategy strategy) {
        return with(AskingPolicy.USUAL.with(strategy));
    }

    static Lockstep with(AskingPolicy asking) {
        return new Lockstep(IwfPolicy.ROUTING.with(Quotas.NONE).with(asking)).started();
    }

    static long want(Lockstep igd, int externalPort) {
        return igd.call(add(key(externalPort), 8080, HOST, WEEK));
    }

    static IgdReply told(Lockstep igd, long call) {
        return igd.replies.get(call);
    }

    static void asks(Lockstep igd, ExternalChoice choice, long lifetime) {
        assertThat(igd.lastAsked().external()).isEqualTo(choice);
        assertThat(igd.lastAsked().lifetime()).isEqualTo(new Lifetime(lifetime));
    }

    static void conflictsWithoutAsking(Lockstep igd, int externalPort) {
        int asked = igd.asked.size();
        assertThat(told(igd, want(igd, externalPort))).isEqualTo(failed(IgdError.CONFLICT));
        assertThat(igd.asked).as("no PCP message").hasSize(asked);
    }

    private StrategyCalls() {}
}
