package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.wants;
import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server with another address: the one port that will do is asked for there. RFC 6887 section 13.2. */
class ElsewhereTest {
    private static final PcpAddress NEXT = PcpAddress.parse("203.0.114.9");
    private static final Endpoint THERE = new Endpoint(NEXT, 8080);
    private static final Lifetime ERROR = new Lifetime(1800);

    private final Lockstep client = new Lockstep();

    private static Endpoint suggested(MapRequest request) {
        return new Endpoint(request.suggestedAddress(), request.suggestedPort());
    }

    private void grantThere() {
        client.receive(client.response(client.lastSent(), 0, HOUR, 8080, NEXT));
    }

    /** Port 8080 is granted, and being renewed for the first time. */
    private void renewing() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(38));
        assertThat(client.sent).hasSize(2);
        assertThat(suggested(client.lastSent())).isEqualTo(new Endpoint(EXTERNAL, 8080));
    }

    @Test
    @Proves("igd:I-IWFL-07")
    void aRenewalThatIsRefusedIsFollowedAtOnceByARequestForThePortAtAnyAddress() {
        renewing();
        var renewal = client.lastSent();
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        assertThat(client.sent).hasSize(3);
        assertThat(suggested(client.lastSent())).isEqualTo(new Endpoint(PcpAddress.ANY_IPV4, 8080));
        assertThat(client.lastSent().nonce()).isEqualTo(renewal.nonce());
        assertThat(client.lastSent().options()).contains(new PreferFailure());
        assertThat(client.told).as("it may be there").isEmpty();
        grantThere();
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, THERE));
        assertThat(client.view(KEY).external()).contains(THERE);
        client.pass(Duration.ofMinutes(38));
        assertThat(suggested(client.lastSent())).as("from then on").isEqualTo(THERE);
    }

    @Test
    @Proves("igd:I-IWFL-07")
    void whatCannotBeHadThereEitherIsLostAndAskedForWhenTheErrorIsOver() {
        renewing();
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        assertThat(client.view(KEY).state()).isEqualTo("ERROR_WAIT_RESEND");
        assertThat(client.view(KEY).left()).isZero();
        client.pass(Duration.ofSeconds(1799));
        assertThat(client.sent).hasSize(3);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent).hasSize(4);
        assertThat(suggested(client.lastSent())).isEqualTo(new Endpoint(PcpAddress.ANY_IPV4, 8080));
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        assertThat(client.sent).as("once, not in a loop").hasSize(4);
        assertThat(client.told).hasSize(1);
    }

    @Test
    @Proves("igd:I-IWFL-07")
    void whatIsMadeAgainAfterALossMayBeElsewhereToo() {
        client.want();
        client.grant();
        client.serverEpoch = 0;
        client.pass(Duration.ofMinutes(38));
        client.receive(client.response(client.lastSent(), CANNOT_PROVIDE_EXTERNAL.value(), ERROR, 8080, EXTERNAL));
        assertThat(client.sent).hasSize(3);
        grantThere();
        assertThat(client.view(KEY).external()).contains(THERE);
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, THERE));
    }

    @Test
    void whoFirstAsksForAnAddressIsAnsweredAboutThePort() {
        long ticket = client.want(wants(KEY, new ExternalChoice.Exactly(8080, NEXT)));
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        assertThat(client.answers).doesNotContainKey(ticket);
        assertThat(client.sent).hasSize(2);
        client.grant();
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Granted(new Endpoint(EXTERNAL, 8080), HOUR));
    }

    @Test
    void whoFirstAsksForAnAddressInVainIsToldWhenThePortIsNowhere() {
        long ticket = client.want(wants(KEY, new ExternalChoice.Exactly(8080, NEXT)));
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Refused(CANNOT_PROVIDE_EXTERNAL.value(), ERROR));
        assertThat(client.sent).hasSize(2);
    }

    /** Its copies are refused too, each on its own; none of that is about the request that follows. */
    @Test
    void whatWasRefusedSeveralTimesIsNoAnswerToWhatIsAskedThen() {
        long ticket = client.want(wants(KEY, new ExternalChoice.Exactly(8080, NEXT)));
        var first = client.lastSent();
        client.pass(Duration.ofSeconds(4));
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        assertThat(client.sent).hasSize(3);
        client.receive(client.response(first, CANNOT_PROVIDE_EXTERNAL.value(), ERROR, 8080, NEXT));
        assertThat(client.sent).hasSize(3);
        assertThat(client.answers).doesNotContainKey(ticket);
        client.pass(Duration.ofSeconds(4));
        assertThat(client.sent).as("it is asked on").hasSize(4).last().isEqualTo(client.sent.get(2));
        client.receive(client.response(first, CANNOT_PROVIDE_EXTERNAL.value(), ERROR, 8080, NEXT));
        assertThat(client.answers)
                .as("a server that tells its own address in every refusal")
                .containsKey(ticket);
    }

    /** Whatever the second request is refused for: what the first one was refused for is gone. */
    @Test
    void whatCannotBeProvidedIsNotHeldWhenTheServerIsShortOfSomethingElse() {
        renewing();
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        client.refuse(NO_RESOURCES, new Lifetime(30));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        assertThat(client.view(KEY).left()).isZero();
    }

    @Test
    void whatIsNotAnsweredAnyMoreIsLostWhenItWouldHaveEnded() {
        renewing();
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        client.pass(Duration.ofMinutes(21));
        assertThat(client.told).isEmpty();
        client.pass(Duration.ofMinutes(1));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
    }

    @Test
    void aServerThatTakesItBackUnaskedIsAskedForThePortAtAnyAddress() {
        client.want();
        client.grant();
        client.receive(client.response(client.lastSent(), CANNOT_PROVIDE_EXTERNAL.value(), ERROR, 8080, EXTERNAL));
        assertThat(suggested(client.lastSent())).isEqualTo(new Endpoint(PcpAddress.ANY_IPV4, 8080));
        grantThere();
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, THERE));
    }

    @Test
    void whatMayBeOnAnyPortIsNotAskedForTwice() {
        client.want(wants(KEY, new ExternalChoice.Preferred(8080, NEXT)));
        client.refuse(CANNOT_PROVIDE_EXTERNAL, ERROR);
        assertThat(client.sent).hasSize(1);
        assertThat(client.answers).hasSize(1);
    }

    /** A server that could not even delete something is asked for nothing. */
    @Test
    void aServerThatIsToBeSparedIsAskedWhenItMayBe() {
        renewing();
        var other = new MappingKey(KEY.thirdParty(), IpProtocol.UDP, 9, PcpAddress.ANY_IPV4);
        client.want(wants(other, new ExternalChoice.Any()));
        var renewal = client.sent.get(1);
        client.grant(client.lastSent(), 9, HOUR);
        client.release(other);
        client.refuse(NO_RESOURCES, new Lifetime(30));
        int before = client.sent.size();
        client.receive(client.response(renewal, CANNOT_PROVIDE_EXTERNAL.value(), ERROR, 8080, EXTERNAL));
        assertThat(client.sent).hasSize(before);
        client.pass(Duration.ofSeconds(29));
        assertThat(client.sent).hasSize(before);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent.stream().skip(before).filter(it -> it.internalPort() == 8080))
                .extracting(ElsewhereTest::suggested)
                .containsExactly(new Endpoint(PcpAddress.ANY_IPV4, 8080));
    }
}
