package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static io.portreeve.igd.iwf.StrategyCalls.asks;
import static io.portreeve.igd.iwf.StrategyCalls.by;
import static io.portreeve.igd.iwf.StrategyCalls.told;
import static io.portreeve.igd.iwf.StrategyCalls.want;
import static io.portreeve.igd.iwf.StrategyCalls.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.igd.iwf.AskingPolicy.Fallback;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is done where the PCP server does not know PREFER_FAILURE. */
class FallbackTest {

    @Test
    @Proves({"igd:I-IWFD-05", "igd:P-05", "pcp:I-01"})
    void suggestsThePortToAServerThatDoesNotKnowPreferFailure() {
        var igd = by(AddStrategy.PREFER_FAILURE);
        long call = want(igd, 8080);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        asks(igd, Lockstep.preferred(8080), 120);
        igd.grant(8080);
        assertThat(told(igd, call)).isEqualTo(DONE);
        assertThat(igd.audited())
                .contains(
                        "fallen back: the PCP server does not know PREFER_FAILURE, so ports are only suggested to it");

        igd.call(add(key(9090), 9090, HOST, 0));
        asks(igd, Lockstep.preferred(9090), 120);
        igd.grant(9090);
        igd.pass(Duration.ofMinutes(30));
        igd.call(add(key(9091), 9091, HOST, 0));
        assertThat(igd.lastAsked().external()).as("it may have learnt it").isEqualTo(Lockstep.exactly(9091));
    }

    @Test
    @Proves("igd:P-05")
    void aServerThatDoesNotKnowAnotherOptionIsAFailure() {
        var igd = by(AddStrategy.PREFER_FAILURE);
        long call = want(igd, 8080);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        assertThat(told(igd, call)).isEqualTo(failed(IgdError.ACTION_FAILED));
        assertThat(igd.lastReleased()).isEqualTo(PCP_KEY);
        igd.call(add(key(9090), 9090, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(9090));
    }

    @Test
    @Proves("igd:I-IWFD-05")
    void failsThereIfItMayNotFallBack() {
        var igd = with(AskingPolicy.USUAL.with(Fallback.NONE));
        long call = want(igd, 8080);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        assertThat(told(igd, call)).isEqualTo(failed(IgdError.ACTION_FAILED));
    }

    @Test
    @Proves("igd:I-IWFD-05")
    void eachEntryThatAnEarlierRunLeftIsSuggestedThere() {
        var igd = leftWith(KEY, key(9090));
        refuseAll(igd, ResultCode.UNSUPP_OPTION);
        assertThat(igd.asked.values().stream().skip(2).map(MappingRequest::external))
                .containsExactly(new ExternalChoice.Preferred(8080), new ExternalChoice.Preferred(9090));
        assertThat(igd.audited()).isEmpty();
        igd.grant(9090);
        assertThat(igd.audited())
                .containsExactly(
                        "fallen back: the PCP server does not know PREFER_FAILURE, so ports are only suggested to it");
        assertThat(igd.listed()).containsExactly(KEY, key(9090));
        igd.call(add(key(9091), 9091, HOST, 0));
        asks(igd, Lockstep.preferred(9091), 120);
    }

    @Test
    void aServerThatOnlyLetsInEverybodyIsStillAskedForOnePortOrNone() {
        var oneHost = new PortMappingKey(Optional.of(OTHER_HOST), 8080, IpProtocol.TCP);
        var igd = leftWith(oneHost);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        igd.refuse(ResultCode.UNSUPP_OPTION);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
        igd.call(add(key(9090), 9090, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(new ExternalChoice.Exactly(9090));
    }

    /** {@return a gateway that is started with these entries, each for the port of its host that has its number} */
    private static Lockstep leftWith(PortMappingKey... keys) {
        var igd = new Lockstep();
        igd.start(
                Stream.of(keys)
                        .map(key -> new PortMapping(key, key.externalPort(), HOST, "web", new Lease.Infinite()))
                        .toList(),
                List.of());
        return igd;
    }

    private static void refuseAll(Lockstep igd, ResultCode result) {
        var refused = new MappingOutcome.Refused(result.value(), new Lifetime(30));
        List.copyOf(igd.asked.keySet()).forEach(id -> igd.handle(new IwfEvent.PcpAnswered(id, refused)));
    }
}
