package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOST;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the client does, and tells, when a mapping is lost: by the server, by time, by its own restart. */
class LossTest {
    private static final Endpoint GRANTED = new Endpoint(EXTERNAL, 8080);

    private final Lockstep client = new Lockstep();

    @Test
    @Proves("pcp:C-LIFE-06")
    void startsAnewWhenItWasNotRenewed() {
        client.want();
        client.grant();
        client.pass(Duration.ofHours(1));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        assertThat(client.view(KEY).state()).isEqualTo("WAIT_RESP");
        int before = client.sent.size();
        client.pass(Duration.ofMillis(3300));
        assertThat(client.sent).as("from the start of the schedule").hasSize(before + 1);
        client.grant();
        assertThat(client.view(KEY).external()).contains(GRANTED);
    }

    @Test
    void anErrorThatOutlastsTheGrantLosesTheMapping() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(38));
        client.refuse(ResultCode.NOT_AUTHORIZED, new Lifetime(1800));
        client.pass(Duration.ofMinutes(22));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        int before = client.sent.size();
        client.pass(Duration.ofMinutes(8));
        assertThat(client.sent).as("asked again when the error is over").hasSize(before + 1);
    }

    /** Found by the gateway's worlds. */
    @Test
    void anErrorThatComesAsTheGrantEndsLosesTheMapping() {
        client.want();
        client.grant();
        client.pass(Duration.ofHours(1).minusMillis(1));
        client.now = client.now.plus(Duration.ofMillis(2)); // nothing was due in between
        client.refuse(ResultCode.NOT_AUTHORIZED, new Lifetime(1800));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        client.pass(Duration.ofHours(1));
        assertThat(client.told).as("once").hasSize(1);
    }

    @Test
    @Proves({"pcp:C-EPO-01", "pcp:C-EPO-05", "pcp:C-EPO-07", "pcp:C-RR-05", "igd:F-10"})
    void asksForEverythingAgainAfterTheServerLostItsState() {
        var keys = Stream.of(1001, 1002, 1003, 1004, 1005)
                .map(port -> new MappingKey(Optional.of(HOST), IpProtocol.UDP, port, PcpAddress.ANY_IPV4))
                .toList();
        for (var key : keys) {
            client.want(Lockstep.wants(key, new ExternalChoice.Any()));
            client.grant(client.lastSent(), key.internalPort() + 1000, HOUR);
        }
        client.sent.clear();
        client.serverEpoch = 0;
        var renewal = client.want(Lockstep.wants(keys.getFirst(), new ExternalChoice.Preferred(1)));
        client.grant(client.lastSent(), 2001, HOUR);
        assertThat(client.answers).containsKey(renewal);
        client.sent.clear();

        client.sentAt.clear();
        var loss = client.now;

        client.pass(Duration.ofSeconds(7));
        assertThat(loss.until(client.sentAt.getFirst())).isBetween(Duration.ZERO, Duration.ofSeconds(5));
        for (int i = 1; i < 4; i++) {
            assertThat(client.sentAt.get(i - 1).until(client.sentAt.get(i)))
                    .as("one after the other")
                    .isEqualTo(Duration.ofMillis(500));
        }
        assertThat(client.sent.stream().map(MapRequest::internalPort).distinct())
                .containsExactly(1002, 1003, 1004, 1005);
        assertThat(client.sent.getFirst().suggestedPort())
                .as("with the old port")
                .isEqualTo(2002);
        assertThat(client.sent.getFirst().nonce()).as("with the old nonce").isEqualTo(new MappingNonce(7, 7, 2));
    }

    @Test
    void asksNoSoonerForWhatEndedThanItMayAfterTheLastRenewal() {
        for (long seed = 0; seed < 100; seed++) {
            var silent = new Lockstep(seed, List.of());
            silent.want();
            silent.grant(silent.lastSent(), 8080, new Lifetime(10));
            silent.pass(Duration.ofSeconds(20));
            for (int i = 1; i < silent.sentAt.size(); i++) {
                assertThat(silent.sentAt.get(i - 1).until(silent.sentAt.get(i)))
                        .as("seed " + seed)
                        .isGreaterThanOrEqualTo(Duration.ofMillis(2700));
            }
        }
    }

    @Test
    void hearsOfANewAddress() {
        client.want();
        client.grant();
        var moved = PcpAddress.parse("203.0.114.9");
        client.receive(client.response(client.lastSent(), 0, HOUR, 8080, moved));
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, new Endpoint(moved, 8080)));
        assertThat(client.view(KEY).external()).contains(new Endpoint(moved, 8080));
    }

    @Test
    void hearsThatWhatWasLostIsThereAgain() {
        client.want();
        client.grant();
        client.pass(Duration.ofHours(1));
        client.grant();
        assertThat(client.told)
                .as("though it has the same endpoint as before")
                .containsExactly(new MappingEvent.Lost(KEY), new MappingEvent.Granted(KEY, GRANTED));
        client.pass(Duration.ofMinutes(38));
        client.grant();
        assertThat(client.told).as("a renewal is no news").hasSize(2);
    }

    @Test
    void hearsThatTheServerLostAMappingAndWillNotMakeItAgain() {
        client.want();
        client.grant();
        client.serverEpoch = 0;
        client.handle(new ClientEvent.Received(Lockstep.ADDRESS, new AnnounceResponse(0, new EpochTime(0))));
        client.pass(Duration.ofSeconds(5));
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.told).as("it may be made again, at another address").isEmpty();
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
    }

    /** It is renewed where it was moved to, and that is no other mapping then. */
    @Test
    void whatTheServerMovedAwayFromItsExactPortIsRenewedThere() {
        client.want(Lockstep.wants(KEY, new ExternalChoice.Exactly(8080)));
        client.grant();
        client.receive(client.response(client.lastSent(), 0, HOUR, 8081, EXTERNAL));
        client.pass(Duration.ofHours(1).plusSeconds(1));
        assertThat(client.view(KEY).state()).isEqualTo("WAIT_RESP");
        client.grant(client.lastSent(), 8081, HOUR);
        assertThat(client.view(KEY).state()).isEqualTo("MAPPED");
    }

    @Test
    void hearsOfALossOnce() {
        client.want();
        client.grant();
        client.serverEpoch = 0;
        client.handle(new ClientEvent.Received(Lockstep.ADDRESS, new AnnounceResponse(0, new EpochTime(0))));
        client.pass(Duration.ofSeconds(5));
        for (int i = 0; i < 3; i++) {
            client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
            client.pass(Duration.ofSeconds(30));
        }
        assertThat(client.told).containsExactly(new MappingEvent.Lost(KEY));
        client.grant();
        assertThat(client.told).last().isEqualTo(new MappingEvent.Granted(KEY, GRANTED));
    }

    private static AnnounceResponse announcement(int result) {
        return new AnnounceResponse(result, new EpochTime(0));
    }

    @Test
    @Proves("pcp:C-RR-02")
    void believesWhatIsSaidToAllIfTheServerSaysItAndAsNoError() {
        client.want();
        client.grant();
        var otherPort = ServerAddress.at(Lockstep.ADDRESS.address(), 5352);
        var otherHost = ServerAddress.at(PcpAddress.parse("192.0.2.9"), 5351);
        client.handle(new ClientEvent.Announced(otherPort, announcement(0)));
        client.handle(new ClientEvent.Announced(otherHost, announcement(0)));
        client.handle(new ClientEvent.Announced(Lockstep.ADDRESS, announcement(ResultCode.NETWORK_FAILURE.value())));
        client.handle(new ClientEvent.Received(Lockstep.ADDRESS, announcement(ResultCode.NETWORK_FAILURE.value())));
        client.pass(Duration.ofSeconds(10));
        assertThat(client.sent).hasSize(1);
        client.handle(new ClientEvent.Announced(Lockstep.ADDRESS, announcement(0)));
        client.pass(Duration.ofSeconds(5));
        assertThat(client.sent).hasSizeGreaterThan(1);
    }

    @Test
    void hearsThatWhatEndedWhileItWasDownIsNotToBeHadAgain() {
        client.want();
        var restarted = new Lockstep(1, List.of(((Effect.Save) client.stored.getLast()).mapping()));
        restarted.handle(new ClientEvent.Due());
        restarted.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(restarted.told).containsExactly(new MappingEvent.Lost(KEY));
    }

    @Test
    void whoWaitsHearsOfTheRefusalAndNobodyElse() {
        client.want();
        client.refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30));
        assertThat(client.answers).hasSize(1);
        assertThat(client.told).isEmpty();
    }

    @Test
    @Proves("pcp:F-23-01")
    void goesOnAfterARestartWithWhatWasStored() {
        client.want();
        client.grant();
        var saved = ((Effect.Save) client.stored.getLast()).mapping();
        var restarted = new Lockstep(1, List.of(saved));
        restarted.now = client.now;
        assertThat(restarted.view(KEY)).isEqualTo(client.view(KEY));
        restarted.pass(Duration.ofMinutes(38));
        assertThat(restarted.sent).hasSize(1);
        assertThat(restarted.lastSent().nonce()).isEqualTo(saved.nonce());
        assertThat(restarted.lastSent().suggestedPort()).isEqualTo(8080);
    }
}
