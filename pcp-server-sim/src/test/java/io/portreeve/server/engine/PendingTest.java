package io.portreeve.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.CgnCall;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import io.portreeve.server.engine.ServerEvent.Due;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Saved;
import io.portreeve.server.engine.ServerEvent.SubscriberDeleted;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A CGN that takes its time: what comes meanwhile. */
final class PendingTest {
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    private static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("100.64.0.2"), 49152);
    private static final Subscriber SUBSCRIBER =
            new Subscriber(new SubscriberId(CLIENT.address()), new SubscriberHandle(7), EXTERNAL);
    private static final MonoTime NOW = MonoTime.START.plus(Duration.ofHours(1));

    private final ServerEngine engine = new ServerEngine(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 1, false),
            new ServerEpoch(NOW),
            new ExternalPool(List.of(new PoolRange(EXTERNAL, IpProtocol.TCP, 2000, 2000))),
            RestoredState.NOTHING,
            Seeds.of(0));

    private List<ServerEffect> ask(long id, long lifetime) {
        return ask(id, lifetime, CLIENT);
    }

    private List<ServerEffect> ask(long id, long lifetime, Endpoint source) {
        var request = new MapRequest(
                new Lifetime(lifetime),
                source.address(),
                new MappingNonce(1, 2, 3),
                IpProtocol.TCP,
                8080,
                0,
                PcpAddress.ANY_IPV4,
                List.of());
        return engine.handle(new Received(id, Client.of(source), request), NOW);
    }

    private List<ServerEffect> cgn(long call, CgnAnswer answer) {
        return engine.handle(new CgnDone(call, answer), NOW);
    }

    private List<ServerEffect> saved() {
        return engine.handle(new Saved(), NOW);
    }

    private static long call(List<ServerEffect> effects) {
        return effects.stream()
                .filter(CgnCall.class::isInstance)
                .map(effect -> ((CgnCall) effect).callId())
                .findFirst()
                .orElseThrow();
    }

    private static List<Answer> answers(List<ServerEffect> effects) {
        return effects.stream()
                .filter(Answer.class::isInstance)
                .map(Answer.class::cast)
                .toList();
    }

    /** {@return the call that creates the mapping of request 1} */
    private long creating() {
        return call(cgn(call(ask(1, 3600)), new CgnAnswer.Known(SUBSCRIBER)));
    }

    private void created() {
        cgn(creating(), new CgnAnswer.Created(new PcpMapHandle(1)));
        saved();
    }

    @Test
    void asksWhoTheSubscriberIsThenCreatesThenSavesThenAnswers() {
        var first = ask(1, 3600);
        assertThat(first).containsExactly(new CgnCall(1, new CgnRoutine.GetSubscriber(SUBSCRIBER.id())));
        var second = cgn(1, new CgnAnswer.Known(SUBSCRIBER));
        var wanted = new CgnMapping(
                SUBSCRIBER.handle(),
                IpProtocol.TCP,
                new Endpoint(CLIENT.address(), 8080),
                new Endpoint(EXTERNAL, 2000));
        assertThat(second).containsExactly(new CgnCall(2, new CgnRoutine.CreatePcpMapping(wanted)));
        var third = cgn(2, new CgnAnswer.Created(new PcpMapHandle(1)));
        assertThat(third).singleElement().isInstanceOf(ServerEffect.Save.class);
        assertThat(saved()).singleElement().isInstanceOf(Reply.class);
    }

    @Test
    void aRetransmissionIsAbsorbedAtEveryStage() {
        var first = ask(1, 3600);
        assertThat(ask(2, 3600)).containsExactly(new Ignore(2));
        var second = cgn(call(first), new CgnAnswer.Known(SUBSCRIBER));
        assertThat(ask(3, 3600)).containsExactly(new Ignore(3));
        cgn(call(second), new CgnAnswer.Created(new PcpMapHandle(1)));
        assertThat(saved()).extracting(effect -> ((Reply) effect).requestId()).containsExactly(1L);
    }

    @Test
    void theSameWordsFromAnotherPortAreAnotherRequest() {
        var creating = creating();
        assertThat(ask(2, 3600, new Endpoint(CLIENT.address(), 50_000))).isEmpty();
        cgn(creating, new CgnAnswer.Created(new PcpMapHandle(1)));
        assertThat(answers(saved())).extracting(Answer::requestId).containsExactly(1L, 2L);
    }

    @Test
    void anotherRequestForTheSameKeyWaitsItsTurn() {
        var creating = creating();
        assertThat(ask(2, 0)).isEmpty();
        assertThat(ask(3, 0)).containsExactly(new Ignore(3));
        assertThat(ask(4, 3600)).isEmpty();
        cgn(creating, new CgnAnswer.Created(new PcpMapHandle(1)));

        var deleting = saved();
        assertThat(answers(deleting)).extracting(Answer::requestId).containsExactly(1L);
        var creatingAgain = cgn(call(deleting), new CgnAnswer.Deleted());
        assertThat(answers(creatingAgain)).extracting(Answer::requestId).containsExactly(2L);
        cgn(call(creatingAgain), new CgnAnswer.Created(new PcpMapHandle(2)));
        assertThat(answers(saved())).extracting(Answer::requestId).containsExactly(4L);
    }

    @Test
    void noMoreWaitThanThereIsRoomFor() {
        creating();
        int ignored = 0;
        for (long id = 2; id <= 100; id++) {
            ignored += answers(ask(id, 3600 + id)).size();
        }
        assertThat(ignored).isEqualTo(99 - 8);
    }

    @Test
    void aRefusalOfTheCgnFreesPortAndQuota() {
        assertThat(cgn(creating(), new CgnAnswer.Failed(CgnError.NO_RESOURCES)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Refuse.class, refuse -> assertThat(refuse.result()).isEqualTo(ResultCode.NO_RESOURCES));
        assertThat(ask(2, 3600)).singleElement().isInstanceOf(CgnCall.class);
    }

    @Test
    void thePortOfAnExpiredMappingIsFreeWhenTheCgnHasDeletedIt() {
        created();
        var later = NOW.plus(Duration.ofHours(1));
        long deleting = call(engine.handle(new Due(), later));
        saved();
        assertThat(engine.nextDue()).as("the CGN's deadline").isEqualTo(later.plus(Duration.ofSeconds(30)));
        assertThat(ask(2, 3600)).as("waits for it").isEmpty();
        assertThat(cgn(deleting, new CgnAnswer.Deleted())).singleElement().isInstanceOf(CgnCall.class);
    }

    @Test
    void aSubscriberDeletedWhileTheCgnCreatesIsRefusedOnce() {
        long creating = creating();
        ask(2, 0);
        var effects = engine.handle(new SubscriberDeleted(SUBSCRIBER.handle()), NOW);
        assertThat(answers(effects)).extracting(Answer::requestId).containsExactly(1L, 2L);
        assertThat(answers(effects)).allSatisfy(answer -> assertThat(answer).isInstanceOf(Refuse.class));
        saved();
        assertThat(cgn(creating, new CgnAnswer.Created(new PcpMapHandle(1)))).isEmpty();
        created();
    }

    @Test
    void aSubscriberDeletedWhileTheCgnDeletesIsRefusedOnce() {
        created();
        ask(2, 0);
        long deleting = call(saved());
        var effects = engine.handle(new SubscriberDeleted(SUBSCRIBER.handle()), NOW);
        assertThat(answers(effects)).extracting(Answer::requestId).containsExactly(2L);
        saved();
        assertThat(cgn(deleting, new CgnAnswer.Failed(CgnError.INVALID_ARGUMENT)))
                .isEmpty();
        created();
    }

    /** Found by seed 5534 of the server's random test: the dead handle stayed, and later deletions missed their subscriber. */
    @Test
    void aSubscriberDeletedBeforeTheCgnsAnswerArrivedIsAskedForAgain() {
        long asking = call(ask(1, 3600));
        assertThat(engine.handle(new SubscriberDeleted(SUBSCRIBER.handle()), NOW))
                .isEmpty();
        var again = cgn(asking, new CgnAnswer.Known(SUBSCRIBER));
        assertThat(again)
                .singleElement()
                .isInstanceOfSatisfying(
                        CgnCall.class,
                        call -> assertThat(call.routine()).isEqualTo(new CgnRoutine.GetSubscriber(SUBSCRIBER.id())));
        var returned = new Subscriber(SUBSCRIBER.id(), new SubscriberHandle(8), EXTERNAL);
        assertThat(cgn(call(again), new CgnAnswer.Known(returned)))
                .singleElement()
                .isInstanceOfSatisfying(
                        CgnCall.class,
                        call -> assertThat(call.routine()).isInstanceOf(CgnRoutine.CreatePcpMapping.class));
    }

    private static final MonoTime DEADLINE = NOW.plus(Duration.ofSeconds(30));

    private List<ServerEffect> late() {
        return engine.handle(new Due(), DEADLINE);
    }

    private static void assertRefused(List<ServerEffect> effects, Long... requests) {
        assertThat(answers(effects)).extracting(Answer::requestId).containsExactly(requests);
        assertThat(answers(effects))
                .allSatisfy(answer -> assertThat(((Refuse) answer).result()).isEqualTo(ResultCode.NO_RESOURCES));
    }

    @Test
    void aCgnThatDoesNotAnswerInTimeIsWaitedForNoLonger() {
        creating();
        ask(2, 0);
        assertThat(engine.nextDue()).isEqualTo(DEADLINE);
        assertThat(engine.handle(new Due(), DEADLINE.plus(Duration.ofMillis(-1))))
                .isEmpty();
        assertRefused(late(), 1L, 2L);
        assertThat(engine.nextDue()).isEqualTo(MonoTime.NEVER);
        assertThat(ask(3, 3600))
                .as("key, port and quota are free")
                .singleElement()
                .isInstanceOf(CgnCall.class);
    }

    @Test
    void norForWhoTheSubscriberIs() {
        long asking = call(ask(1, 3600));
        assertRefused(late(), 1L);
        assertThat(cgn(asking, new CgnAnswer.Known(SUBSCRIBER))).isEmpty();
        created();
    }

    @Test
    void whatItMakesTooLateIsDeletedAgain() {
        long creating = creating();
        late();
        var deleting = cgn(creating, new CgnAnswer.Created(new PcpMapHandle(1)));
        assertThat(deleting)
                .singleElement()
                .isInstanceOfSatisfying(
                        CgnCall.class,
                        call -> assertThat(call.routine())
                                .isEqualTo(new CgnRoutine.DeletePcpMapping(new PcpMapHandle(1))));
        assertThat(cgn(call(deleting), new CgnAnswer.Deleted())).isEmpty();
    }

    @Test
    void whatItRefusesTooLateIsNothing() {
        long creating = creating();
        late();
        assertThat(cgn(creating, new CgnAnswer.Failed(CgnError.NO_RESOURCES))).isEmpty();
    }

    /** The CGN has it once, however often it was asked for. */
    @Test
    void whatWasAskedForAgainIsNotDeleted() {
        long first = creating();
        late();
        long second = call(ask(2, 3600));
        assertThat(cgn(first, new CgnAnswer.Created(new PcpMapHandle(1)))).isEmpty();
        cgn(second, new CgnAnswer.Created(new PcpMapHandle(1)));
        assertThat(saved()).singleElement().isInstanceOf(Reply.class);
    }

    @Test
    void whatIsThereByThenIsNotDeleted() {
        long first = creating();
        late();
        cgn(call(ask(2, 3600)), new CgnAnswer.Created(new PcpMapHandle(1)));
        saved();
        assertThat(cgn(first, new CgnAnswer.Created(new PcpMapHandle(1)))).isEmpty();
    }

    @Test
    void aDeletionThatTakesTooLongIsRefusedAndGoesOn() {
        created();
        ask(2, 0);
        long deleting = call(saved());
        assertRefused(late(), 2L);
        assertThat(cgn(deleting, new CgnAnswer.Deleted())).isEmpty();
        assertThat(ask(3, 3600)).singleElement().isInstanceOf(CgnCall.class);
    }
}
