package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server that has run out of resources. */
class HoldOffTest {
    private static final Lifetime SHORT = new Lifetime(30);

    private final Lockstep client = new Lockstep();

    private static MappingKey key(int port) {
        return new MappingKey(Optional.empty(), IpProtocol.TCP, port, PcpAddress.ANY_IPV4);
    }

    private long want(int port) {
        return client.want(wants(key(port), new ExternalChoice.Any()));
    }

    private void refuse() {
        client.refuse(ResultCode.NO_RESOURCES, SHORT);
    }

    @Test
    @Proves("pcp:C-ERR-02")
    void noNewMappingIsAskedForUntilTheErrorIsOver() {
        want(1);
        refuse();
        long second = want(2);
        assertThat(client.sent).hasSize(1);
        assertThat(client.answers.get(second))
                .isEqualTo(new MappingOutcome.Refused(ResultCode.NO_RESOURCES.value(), SHORT));
        client.pass(Duration.ofSeconds(29));
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent).hasSize(3);
    }

    @Test
    void whoReleasedItAndWantsItAgainMeanwhileIsToldOfTheSameEndpoint() {
        want(1);
        client.grant(client.lastSent(), 8081, HOUR);
        want(2);
        client.grant(client.lastSent(), 8082, HOUR);
        client.release(key(2));
        refuse();
        client.release(key(1));
        want(1);
        client.told.clear();
        client.pass(Duration.ofSeconds(30));
        var again = client.sent.stream()
                .filter(it -> it.internalPort() == 1)
                .toList()
                .getLast();
        client.grant(again, 8081, HOUR);
        assertThat(client.told).containsExactly(new MappingEvent.Granted(key(1), new Endpoint(EXTERNAL, 8081)));
    }

    /** A lifetime is said in whole seconds; what is left of it is not. */
    @Test
    void theLastPartOfASecondIsWaitedForToo() {
        want(1);
        refuse();
        client.pass(Duration.ofMillis(29_500));
        want(2);
        assertThat(client.engine.nextDue().isAfter(client.now)).isTrue();
        client.pass(Duration.ofMillis(499));
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofMillis(1));
        assertThat(client.sent).hasSize(3);
    }

    @Test
    @Proves("pcp:C-ERR-02")
    void whatIsMappedIsRenewedNevertheless() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(29));
        want(2);
        client.refuse(ResultCode.NO_RESOURCES, new Lifetime(1700));
        client.pass(Duration.ofMinutes(10));
        assertThat(client.lastSent().internalPort()).isEqualTo(KEY.internalPort());
    }

    @Test
    void aServerThatGoesOnGrantingIsAskedForOthers() {
        want(1);
        client.grant(client.lastSent(), 2000, Lockstep.HOUR);
        want(2);
        refuse();
        want(3);
        assertThat(client.lastSent().internalPort()).isEqualTo(3);
        client.pass(Duration.ofSeconds(29));
        assertThat(client.sent.stream().filter(it -> it.internalPort() == 2)).hasSize(1);
    }

    @Test
    @Proves("pcp:C-ERR-02")
    void whoCannotEvenDeleteIsLeftAlone() {
        client.want();
        client.grant();
        want(2);
        client.grant(client.lastSent(), 2000, new Lifetime(50));
        client.release(KEY);
        refuse();
        int before = client.sent.size();
        long third = want(3);
        client.pass(Duration.ofSeconds(29));
        assertThat(client.sent).as("neither renewed nor asked for").hasSize(before);
        assertThat(client.answers.get(third)).isInstanceOf(MappingOutcome.Refused.class);
        client.pass(Duration.ofSeconds(2));
        assertThat(client.sent.stream().skip(before).map(it -> it.internalPort()))
                .containsExactlyInAnyOrder(2, 3, KEY.internalPort());
    }

    @Test
    void whatEndsWhileTheServerIsLeftAloneIsTold() {
        client.want();
        client.grant();
        want(2);
        client.grant(client.lastSent(), 2000, new Lifetime(20));
        client.release(KEY);
        refuse();
        client.pass(Duration.ofSeconds(25));
        assertThat(client.told).hasSize(1);
        assertThat(client.view(key(2)).state()).isEqualTo("ERROR_WAIT_RESEND");
    }
}
