package io.portreeve.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.CgnAnswer;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEffect.Sent;
import io.portreeve.server.engine.ServerEvent.Asks;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import io.portreeve.server.engine.ServerEvent.Scarce;
import io.portreeve.server.faults.FaultEffect.HandOn;
import io.portreeve.server.faults.FaultEffect.Send;
import io.portreeve.server.faults.FaultEffect.SendTwice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Losses, doubles, delays and refusals; what a lie changes is in {@link LiesTest}. */
final class FaultEngineTest {
    private static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("100.64.0.2"), 40_000);
    private static final EpochTime EPOCH = new EpochTime(5000);

    private final FaultEngine engine = engine();
    private MonoTime now = MonoTime.START.plus(Duration.ofDays(3));

    private static FaultEngine engine() {
        var factory = RandomGeneratorFactory.of("L64X128MixRandom");
        return new FaultEngine(factory.create(1), seed -> factory.create(seed));
    }

    private List<FaultEffect> set(String... words) throws Exception {
        return engine.handle(new FaultEvent.Changed(Faults.NONE.with(List.of(words))), now);
    }

    private List<FaultEffect> come(Asks request) {
        return engine.handle(new FaultEvent.Came(request), now);
    }

    private List<FaultEffect> decide(Sent message) {
        return engine.handle(new FaultEvent.Decided(message), now);
    }

    /** {@return what leaves by the time that is due next, and how long that took} */
    private List<FaultEffect> whenDue(Duration after) {
        assertThat(now.until(engine.nextDue())).isEqualTo(after);
        now = engine.nextDue();
        return engine.handle(new FaultEvent.Due(), now);
    }

    private static Received announce(long id) {
        return new Received(id, Client.of(CLIENT), new AnnounceRequest(CLIENT.address(), List.of()));
    }

    private static Received map(long id) {
        var request = new MapRequest(
                new Lifetime(7200),
                CLIENT.address(),
                new MappingNonce(1, 2, 3),
                IpProtocol.TCP,
                80,
                0,
                PcpAddress.ANY_IPV4,
                List.of());
        return new Received(id, Client.of(CLIENT), request);
    }

    private static ReceivedNatPmp mapNatPmp(long id) {
        return new ReceivedNatPmp(
                id, Client.of(CLIENT), new NatPmpMapRequest(IpProtocol.UDP, 53, 1053, new Lifetime(60)));
    }

    private static Reply reply(long id) {
        return new Reply(id, new AnnounceResponse(0, EPOCH));
    }

    private static Send sent(long id) {
        return new Send(reply(id));
    }

    /** {@return what a hundred requests and answers lead to} */
    private static List<FaultEffect> hundred(FaultEngine engine, MonoTime now) {
        var effects = new ArrayList<FaultEffect>();
        LongStream.range(0, 100).forEach(id -> {
            effects.addAll(engine.handle(new FaultEvent.Came(announce(id)), now));
            effects.addAll(engine.handle(new FaultEvent.Decided(reply(id)), now));
        });
        return effects;
    }

    @Test
    void withoutFaultsNothingIsLostDoubledOrLate() {
        var expected = new ArrayList<FaultEffect>();
        LongStream.range(0, 100).forEach(id -> expected.addAll(List.of(new HandOn(announce(id)), sent(id))));
        assertThat(hundred(engine, now)).isEqualTo(expected);
        assertThat(engine.nextDue()).isEqualTo(MonoTime.NEVER);
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void aRequestIsLost() throws Exception {
        set("drop-requests=100%");
        assertThat(come(map(7))).containsExactly(new Send(new Ignore(7)));
        assertThat(decide(reply(6))).containsExactly(sent(6));
        assertThat(engine.isIdle()).isFalse();
    }

    @Test
    void anAnswerIsLost() throws Exception {
        set("drop-answers=100%");
        assertThat(come(announce(7))).containsExactly(new HandOn(announce(7)));
        assertThat(decide(reply(7))).containsExactly(new Send(new Ignore(7)));
        assertThat(decide(new AnnounceToAll(new AnnounceResponse(0, EPOCH)))).isEmpty();
    }

    @Test
    void aThirdIsLostIfSoItIsWanted() throws Exception {
        set("drop-answers=30%", "seed=5");
        var lost = hundred(engine, now).stream().filter(FaultEngineTest::isSilence);
        assertThat(lost.count()).isBetween(15L, 45L);
    }

    private static boolean isSilence(FaultEffect effect) {
        return effect instanceof Send(Ignore _);
    }

    @Test
    void anAnswerIsSentTwice() throws Exception {
        set("duplicate=100%");
        assertThat(decide(reply(7))).containsExactly(new SendTwice(reply(7)));
        assertThat(decide(new Ignore(8))).as("silence is no answer").containsExactly(new Send(new Ignore(8)));
    }

    @Test
    void answersAreLateInTheirOrder() throws Exception {
        set("delay=200ms");
        assertThat(decide(reply(1))).isEmpty();
        assertThat(decide(reply(2))).isEmpty();
        now = now.plus(Duration.ofMillis(50));
        assertThat(decide(reply(3))).isEmpty();
        assertThat(whenDue(Duration.ofMillis(150))).containsExactly(sent(1), sent(2));
        assertThat(whenDue(Duration.ofMillis(50))).containsExactly(sent(3));
        assertThat(engine.nextDue()).isEqualTo(MonoTime.NEVER);
    }

    @Test
    void withJitterEachIsLateByItself() throws Exception {
        var dues = new ArrayList<Duration>();
        for (int i = 0; i < 100; i++) {
            set("delay=200ms", "jitter=100ms");
            decide(reply(i));
            dues.add(now.until(engine.nextDue()));
        }
        assertThat(dues).allSatisfy(due -> assertThat(due).isBetween(Duration.ofMillis(200), Duration.ofMillis(300)));
        assertThat(dues).anyMatch(due -> due.toMillis() < 230).anyMatch(due -> due.toMillis() > 270);
    }

    @Test
    void theNextOneOvertakes() throws Exception {
        set("reorder=100%");
        assertThat(decide(reply(1))).isEmpty();
        assertThat(decide(new Ignore(9))).as("silence overtakes nobody").containsExactly(new Send(new Ignore(9)));
        assertThat(decide(reply(2))).containsExactly(sent(2), sent(1));
        assertThat(decide(reply(3))).isEmpty();
        assertThat(decide(reply(4))).containsExactly(sent(4), sent(3));
    }

    @Test
    void ifThereIsNoNextOneItLeavesAlone() throws Exception {
        set("reorder=100%");
        assertThat(decide(reply(1))).isEmpty();
        assertThat(whenDue(Duration.ofMillis(250))).containsExactly(sent(1));
        assertThat(decide(reply(2))).as("too late to overtake").isEmpty();
    }

    @Test
    void lateAndOvertaken() throws Exception {
        set("delay=1s", "reorder=100%");
        decide(reply(1));
        now = now.plus(Duration.ofMillis(100));
        decide(reply(2));
        assertThat(whenDue(Duration.ofMillis(900))).isEmpty();
        assertThat(whenDue(Duration.ofMillis(100))).containsExactly(sent(2), sent(1));
    }

    @Test
    void doubledAndLate() throws Exception {
        set("delay=1s", "duplicate=100%");
        assertThat(decide(reply(1))).isEmpty();
        assertThat(whenDue(Duration.ofSeconds(1))).containsExactly(new SendTwice(reply(1)));
    }

    /** Nothing that is decided later may overtake it then. */
    @Test
    void whatWaitsLeavesWhenTheFaultsChange() throws Exception {
        set("delay=1s");
        decide(reply(1));
        decide(reply(2));
        assertThat(engine.isIdle()).isFalse();
        assertThat(set()).containsExactly(sent(1), sent(2));
        assertThat(engine.isIdle()).isTrue();
        set("reorder=100%");
        decide(reply(3));
        assertThat(set()).containsExactly(sent(3));
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void theCgnAnswersLate() throws Exception {
        set("cgn-delay=500ms", "drop-answers=100%");
        assertThat(answer(1)).isEmpty();
        now = now.plus(Duration.ofMillis(200));
        assertThat(answer(2)).as("in the meantime").isEmpty();
        assertThat(come(announce(7))).as("the network is as fast as ever").containsExactly(new HandOn(announce(7)));
        assertThat(engine.isIdle()).isFalse();
        assertThat(whenDue(Duration.ofMillis(300))).containsExactly(done(1));
        assertThat(whenDue(Duration.ofMillis(200))).containsExactly(done(2));
        assertThat(engine.nextDue()).isEqualTo(MonoTime.NEVER);
    }

    @Test
    void whatTheCgnAnsweredIsNeverLost() throws Exception {
        set("cgn-delay=1min");
        answer(1);
        answer(2);
        assertThat(set("cgn-delay=1ms")).containsExactly(done(1), done(2));
        answer(3);
        assertThat(set()).containsExactly(done(3));
        assertThat(engine.isIdle()).isTrue();
        assertThat(answer(4)).containsExactly(done(4));
    }

    private List<FaultEffect> answer(long call) {
        return engine.handle(new FaultEvent.Answered(new CgnDone(call, new CgnAnswer.Deleted())), now);
    }

    private static HandOn done(long call) {
        return new HandOn(new CgnDone(call, new CgnAnswer.Deleted()));
    }

    @Test
    void theServerIsToldWhatIsScarce() throws Exception {
        assertThat(set("quota=3")).containsExactly(new HandOn(new Scarce(OptionalInt.of(3), false)));
        assertThat(set("quota=3", "delay=1s")).as("nothing new").isEmpty();
        assertThat(set("pool=exhausted")).containsExactly(new HandOn(new Scarce(OptionalInt.empty(), true)));
        assertThat(set()).containsExactly(new HandOn(new Scarce(OptionalInt.empty(), false)));
    }

    @Test
    void equalSeedsDoEqualThings() throws Exception {
        var faults = Faults.NONE.with(
                List.of("drop-requests=20%", "drop-answers=20%", "duplicate=20%", "reorder=20%", "seed=42"));
        var other = engine();
        hundred(other, now); // what came before makes no difference
        engine.handle(new FaultEvent.Changed(faults), now);
        other.handle(new FaultEvent.Changed(faults), now);
        var first = hundred(engine, now);
        assertThat(hundred(other, now)).isEqualTo(first);
        set();
        engine.handle(new FaultEvent.Changed(faults), now);
        assertThat(hundred(engine, now)).as("restarted").isEqualTo(first);
        set();
        engine.handle(new FaultEvent.Changed(faults.with(List.of("seed=43"))), now);
        assertThat(hundred(engine, now)).as("another seed").isNotEqualTo(first);
    }

    /** Which of them comes first is a matter of time, which no seed repeats. */
    @Test
    void neitherRequestsNorAnnouncementsChangeWhatAnswersMeet() throws Exception {
        String[] faults = {"drop-requests=50%", "drop-answers=50%", "jitter=1s", "reorder=50%", "seed=42"};
        set(faults);
        var alone = lost(() -> {});
        set(faults);
        var among = lost(() -> {
            come(announce(1000));
            decide(new AnnounceToAll(new AnnounceResponse(0, EPOCH)));
        });
        assertThat(among).isEqualTo(alone);
    }

    /** {@return which of a hundred answers are lost} */
    private List<Long> lost(Runnable between) {
        var lost = new ArrayList<Long>();
        LongStream.range(0, 100).forEach(id -> {
            between.run();
            if (decide(reply(id)).contains(new Send(new Ignore(id)))) {
                lost.add(id);
            }
        });
        assertThat(lost).isNotEmpty();
        return lost;
    }

    @Test
    void everyMapIsRefusedByTheServersOwnWords() throws Exception {
        set("refuse=USER_EX_QUOTA");
        assertThat(come(map(7)))
                .containsExactly(new HandOn(new Refused(7, Client.of(CLIENT), ResultCode.USER_EX_QUOTA)));
        assertThat(come(announce(8))).containsExactly(new HandOn(announce(8)));
        var address = new ReceivedNatPmp(9, Client.of(CLIENT), new ExternalAddressRequest());
        assertThat(come(address)).containsExactly(new HandOn(address));
        var refusal = new Refuse(7, ResultCode.USER_EX_QUOTA, new Lifetime(30), EPOCH);
        assertThat(decide(refusal)).containsExactly(new Send(refusal));
    }

    @Test
    void forAsLongAsWanted() throws Exception {
        set("refuse=8", "refuse-lifetime=5s");
        come(map(7));
        assertThat(decide(new Refuse(6, ResultCode.MALFORMED_REQUEST, new Lifetime(1800), EPOCH)))
                .as("another error")
                .containsExactly(new Send(new Refuse(6, ResultCode.MALFORMED_REQUEST, new Lifetime(1800), EPOCH)));
        set();
        assertThat(engine.isIdle()).as("the answer is to come").isFalse();
        assertThat(decide(new Refuse(7, ResultCode.NO_RESOURCES, new Lifetime(30), EPOCH)))
                .containsExactly(new Send(new Refuse(7, ResultCode.NO_RESOURCES, new Lifetime(5), EPOCH)));
        assertThat(engine.isIdle()).isTrue();
    }

    @Test
    void natPmpIsRefusedInItsOwnWords() throws Exception {
        set("refuse=NOT_AUTHORIZED", "epoch=+1s");
        assertThat(come(mapNatPmp(7)))
                .containsExactly(new HandOn(new RefusedNatPmp(7, Client.of(CLIENT), NatPmpResult.NOT_AUTHORIZED)));
        var refused = new NatPmpMapResponse(
                IpProtocol.UDP, NatPmpResult.NOT_AUTHORIZED, new EpochTime(5001), 53, 0, Lifetime.DELETE);
        assertThat(decide(new RefuseNatPmp(7, NatPmpResult.NOT_AUTHORIZED, EPOCH)))
                .containsExactly(new Send(new ReplyNatPmp(7, refused)));
    }

    /** A client that asks too often meets silence, here too. */
    @Test
    void silenceEndsARefusalToo() throws Exception {
        set("refuse=8");
        come(mapNatPmp(7));
        set();
        assertThat(decide(new Ignore(7))).containsExactly(new Send(new Ignore(7)));
        assertThat(engine.isIdle()).isTrue();
    }
}
