package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A way that was gone is there again, and nobody knows what the server has said meanwhile. */
class ProbeTest {
    private static final MappingKey OTHER = new MappingKey(Optional.empty(), IpProtocol.UDP, 9, PcpAddress.ANY_IPV4);

    private final Lockstep client = new Lockstep();

    private void mapped() {
        client.want();
        client.grant();
        client.pass(Duration.ofMinutes(1));
        client.sent.clear();
    }

    private void backAgain() {
        client.handle(new ClientEvent.Connected(ADDRESS, SOURCE));
        client.handle(new ClientEvent.Due());
    }

    private void answer() {
        var response = new AnnounceResponse(0, new EpochTime(client.serverEpoch));
        client.handle(new ClientEvent.Received(ADDRESS, response));
    }

    @Test
    @Proves({"pcp:C-RR-07", "pcp:C-REQ-16"})
    void asksWhetherTheServerIsTheSameStill() {
        mapped();
        backAgain();
        assertThat(client.probes).as("no option is defined for it").containsExactly(new AnnounceRequest(SOURCE));
        answer();
        client.pass(Duration.ofMinutes(10));
        assertThat(client.probes).hasSize(1);
        assertThat(client.sent).as("nothing is lost").isEmpty();
    }

    @Test
    void aServerThatWasStartedMeanwhileIsAskedForEverythingAtOnce() {
        mapped();
        backAgain();
        client.serverEpoch = 5;
        answer();
        client.pass(Duration.ofSeconds(5));
        assertThat(client.lastSent().internalPort()).isEqualTo(KEY.internalPort());
    }

    @Test
    void whoDoesNotAnswerIsNotAskedForEver() {
        mapped();
        backAgain();
        client.pass(Duration.ofMinutes(10));
        assertThat(client.probes).hasSize(4);
    }

    @Test
    void anyAnswerWillDo() {
        mapped();
        backAgain();
        client.want(Lockstep.wants(OTHER, new ExternalChoice.Any()));
        client.grant(client.lastSent(), 9, HOUR);
        client.pass(Duration.ofMinutes(10));
        assertThat(client.probes).hasSize(1);
    }

    @Test
    void whoHasNothingThereAsksNothing() {
        backAgain();
        client.pass(Duration.ofMinutes(1));
        assertThat(client.probes).isEmpty();
    }

    @Test
    @Proves("pcp:C-ERR-02")
    void aServerThatCannotEvenDeleteIsNotProbed() {
        mapped();
        client.want(Lockstep.wants(OTHER, new ExternalChoice.Any()));
        client.grant(client.lastSent(), 9, HOUR);
        client.release(OTHER);
        client.refuse(ResultCode.NO_RESOURCES, new Lifetime(30));
        backAgain();
        client.pass(Duration.ofSeconds(29));
        assertThat(client.probes).isEmpty();
    }
}
