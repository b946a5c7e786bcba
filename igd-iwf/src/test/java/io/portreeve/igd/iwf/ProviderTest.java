package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.EXTERNAL;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of the entries when somebody else is asked for ports. */
class ProviderTest {
    private final Lockstep igd = Lockstep.up();

    private void providerKeeps(MappingView... kept) {
        igd.all.clear();
        igd.handle(new IwfEvent.ProviderChanged(List.of(kept), Set.of()));
    }

    private static MappingView view(MappingKey key, int externalPort) {
        return new MappingView(
                key, "igd", "MAPPED", Optional.of(new Endpoint(EXTERNAL, externalPort)), Duration.ofHours(1));
    }

    private static MappingKey of(int internalPort) {
        return new MappingKey(Optional.of(HOST), IpProtocol.TCP, internalPort, PcpAddress.ANY_IPV4);
    }

    private List<MappingKey> asked() {
        return igd.all.stream()
                .filter(IwfEffect.AskPcp.class::isInstance)
                .map(effect -> ((IwfEffect.AskPcp) effect).request().key())
                .toList();
    }

    private List<MappingKey> released() {
        return igd.all.stream()
                .filter(IwfEffect.ReleasePcp.class::isInstance)
                .map(effect -> ((IwfEffect.ReleasePcp) effect).key())
                .toList();
    }

    @Test
    void theNextProviderIsAskedForEveryEntry() {
        igd.opened();
        providerKeeps();
        assertThat(asked()).containsExactly(PCP_KEY);
        igd.grant(8080);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    void anEntryThatTheNextProviderDoesNotGiveIsGone() {
        igd.opened();
        providerKeeps();
        igd.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL);
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.listed()).isEmpty();
    }

    @Test
    void whatItKeepsFromAnEarlierTimeStaysIfItIsAnEntryAndGoesIfItIsNone() {
        igd.opened();
        providerKeeps(view(PCP_KEY, 8080), view(of(9090), 9090));
        assertThat(asked()).isEmpty();
        assertThat(released()).containsExactly(of(9090));
    }

    @Test
    void whatIsBeingAskedForIsNotReleased() {
        long call = igd.addDefault();
        providerKeeps(view(PCP_KEY, 8080));
        assertThat(released()).doesNotContain(PCP_KEY);
        assertThat(asked()).as("the client asks the next one itself").isEmpty();
        igd.handle(new IwfEvent.PcpAnswered(
                igd.asked.keySet().stream().reduce(0L, Math::max),
                new MappingOutcome.Granted(new Endpoint(EXTERNAL, 8080), new Lifetime(60))));
        assertThat(igd.replies).containsEntry(call, Lockstep.DONE);
    }

    @Test
    void whatTheProviderBeforeGrantedAndIsBeingInstalledIsAskedOfTheNext() {
        igd.natAnswers = false;
        long call = igd.addDefault();
        igd.grant(8080);
        providerKeeps();
        assertThat(asked()).containsExactly(PCP_KEY);
        igd.natDone(true);
        assertThat(igd.replies).containsEntry(call, Lockstep.DONE);
        igd.grant(8081);
        igd.answerRelease(new MappingOutcome.Released());
        igd.natDone(true);
        assertThat(igd.listed()).as("it has another port there").isEmpty();
    }

    @Test
    void anEntryOnAPortThatAnotherHostIsAskingForStays() {
        igd.call(HOST, IgdFace.V2, new IgdAction.AddAnyPortMapping(KEY, 8080, HOST, true, "web", 0));
        igd.grant(8080);
        igd.call(OTHER_HOST, IgdFace.V1, add(key(9090), 9090, OTHER_HOST, 0));
        igd.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(PCP_KEY, new Endpoint(EXTERNAL, 9090))));
        providerKeeps(view(PCP_KEY, 9090));
        assertThat(released()).isEmpty();
        providerKeeps();
        assertThat(asked()).containsExactly(PCP_KEY);
        assertThat(igd.listed()).containsExactly(key(9090));
    }

    @Test
    void whatIsBeingRemovedIsGivenBackToTheNextToo() {
        igd.opened();
        igd.natAnswers = false;
        igd.call(new IgdAction.DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        providerKeeps(view(PCP_KEY, 8080));
        assertThat(released()).containsExactly(PCP_KEY);
        assertThat(asked()).isEmpty();
    }

    @Test
    void whatNobodyWasReachedForIsAskedOfTheNextWhenItIsWantedAgain() {
        igd.addDefault();
        igd.answer(new MappingOutcome.Unreachable());
        providerKeeps();
        assertThat(asked()).as("nobody waits for it").isEmpty();
        long again = igd.addDefault();
        assertThat(asked()).containsExactly(PCP_KEY);
        igd.grant(8080);
        assertThat(igd.replies).containsEntry(again, Lockstep.DONE);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    void whatTheProviderBeforeRefusedOrDidNotKnowIsAskedOfTheNext() {
        igd.addDefault();
        igd.refuse(ResultCode.UNSUPP_OPTION);
        igd.grant(8080);
        igd.call(add(key(9090), 9090, HOST, 0));
        igd.refuse(ResultCode.USER_EX_QUOTA);
        providerKeeps(view(PCP_KEY, 8080));
        igd.call(add(key(9090), 9090, HOST, 0));
        assertThat(asked()).containsExactly(of(9090));
        assertThat(igd.lastAsked().external()).isEqualTo(Lockstep.exactly(9090));
    }

    @Test
    void aCandidateOfTheProviderBeforeIsNone() {
        igd.addDefault();
        igd.refuse(ResultCode.UNSUPP_OPTION);
        long first = igd.call(add(KEY, 8080, HOST, 0));
        igd.grant(8082);
        assertThat(igd.replies).containsEntry(first, failed(IgdError.CONFLICT));
        providerKeeps();
        assertThat(released()).contains(PCP_KEY);
        igd.call(add(key(8082), 8080, HOST, 0));
        assertThat(igd.lastAsked().external()).isEqualTo(new ExternalChoice.Exactly(8082));
    }

    @Test
    void anIdleGatewayHasASentinelThereToo() {
        providerKeeps();
        assertThat(asked()).containsExactly(Sentinel.KEYS.getFirst());
    }

    @Test
    void aSentinelThatIsStillAskedForIsNotForgotten() {
        var silent = new Lockstep();
        silent.start(List.of(), List.of());
        silent.handle(new IwfEvent.WanChanged(Optional.of(Lockstep.WAN)));
        silent.addDefault();
        silent.handle(new IwfEvent.ProviderChanged(List.of(), Set.of()));
        silent.grant(8080);
        assertThat(silent.listed()).containsExactly(KEY);
        assertThat(silent.released.values()).containsExactly(Sentinel.KEYS.getFirst());
    }
}
