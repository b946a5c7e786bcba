package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOST;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mapping for the traffic with one peer. */
class PeerTest {
    private static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.7"), 443);
    private static final MappingKey KEY = key(IpProtocol.TCP, 50_000, REMOTE);

    private final Lockstep client = new Lockstep();

    private static MappingKey key(IpProtocol protocol, int port, Endpoint remote) {
        return new MappingKey(Optional.of(HOST), protocol, port, PcpAddress.ANY_IPV4, Optional.of(remote));
    }

    private long want() {
        return client.want(wants(KEY, new ExternalChoice.Any()));
    }

    private PeerResponse answer(PeerRequest request, PcpAddress external, int port, Endpoint remote) {
        return new PeerResponse(
                0,
                HOUR,
                new EpochTime(client.serverEpoch),
                request.nonce(),
                request.protocol(),
                request.internalPort(),
                port,
                external,
                remote.port(),
                remote.address(),
                request.options());
    }

    private void receive(PeerResponse response) {
        client.handle(new ClientEvent.Received(ADDRESS, response));
    }

    @Test
    @Proves("pcp:C-RSP-04")
    void onlyAnAnswerAboutItsPeerIsItsAnswer() {
        long ticket = want();
        var request = client.peers.getLast();
        assertThat(List.of(request.remotePort(), request.internalPort(), request.suggestedPort()))
                .containsExactly(443, 50_000, 0);
        receive(answer(request, EXTERNAL, 50_000, new Endpoint(REMOTE.address(), 80)));
        receive(answer(request, EXTERNAL, 50_000, new Endpoint(PcpAddress.parse("198.51.100.8"), 443)));
        assertThat(client.answers).isEmpty();
        receive(answer(request, EXTERNAL, 50_000, REMOTE));
        assertThat(client.answers.get(ticket))
                .isEqualTo(new MappingOutcome.Granted(new Endpoint(EXTERNAL, 50_000), HOUR));
    }

    @Test
    void twoPeersOfOnePortAreTwoMappings() {
        want();
        client.want(wants(key(IpProtocol.TCP, 50_000, new Endpoint(REMOTE.address(), 80)), new ExternalChoice.Any()));
        assertThat(client.peers).extracting(PeerRequest::remotePort).containsExactly(443, 80);
        assertThat(client.list()).hasSize(2);
    }

    @Test
    void itIsRenewedWithWhatItHas() {
        want();
        receive(answer(client.peers.getLast(), EXTERNAL, 1234, REMOTE));
        client.pass(Duration.ofMinutes(40));
        assertThat(client.peers).hasSize(2);
        assertThat(client.peers.getLast().suggestedPort()).isEqualTo(1234);
        assertThat(client.peers.getLast().nonce())
                .isEqualTo(client.peers.getFirst().nonce());
    }

    /** The traffic of a connection keeps its own mapping, and no MAP on the same port. */
    @Test
    @Proves("pcp:C-LIFE-05")
    void nothingThatHappensMeanwhilePutsTheRenewalOfAMapOff() {
        var map = new MappingKey(Optional.of(HOST), IpProtocol.TCP, 50_000, PcpAddress.ANY_IPV4);
        client.want(wants(map, new ExternalChoice.Any()));
        client.grant(client.lastSent(), 50_000, HOUR);
        want();
        for (int minute = 0; minute < 38; minute++) {
            receive(answer(client.peers.getLast(), EXTERNAL, 50_000, REMOTE));
            var announcement = new AnnounceResponse(0, new EpochTime(client.serverEpoch));
            client.handle(new ClientEvent.Announced(ADDRESS, announcement));
            client.handle(new ClientEvent.NetworkChanged());
            client.pass(Duration.ofMinutes(1));
        }
        assertThat(client.sent).as("the request and its renewal").hasSize(2);
        assertThat(client.sentAt.getFirst().until(client.sentAt.getLast()))
                .isBetween(Duration.ofMinutes(30), Duration.ofSeconds(2250));
    }

    @Test
    @Proves("pcp:C-ERR-06")
    void thatItMovedIsTold() {
        want();
        receive(answer(client.peers.getLast(), EXTERNAL, 1234, REMOTE));
        receive(answer(client.peers.getLast(), EXTERNAL, 1235, REMOTE));
        assertThat(client.told).containsExactly(new MappingEvent.Granted(KEY, new Endpoint(EXTERNAL, 1235)));
    }

    /** PEER has no word for it; the server forgets it in its time. */
    @Test
    void itIsReleasedWithoutAWord() {
        want();
        receive(answer(client.peers.getLast(), EXTERNAL, 1234, REMOTE));
        long ticket = client.release(KEY);
        assertThat(client.peers).hasSize(1);
        assertThat(client.answers.get(ticket)).isEqualTo(new MappingOutcome.Released());
        assertThat(client.list()).isEmpty();
    }

    @Test
    @Proves("pcp:C-RETX-05")
    void whatNobodyWantsAnyMoreIsNotAskedForAgain() {
        want();
        client.release(KEY);
        client.pass(Duration.ofDays(1));
        assertThat(client.peers).hasSize(1);
    }

    @Test
    @Proves("pcp:C-RSP-11")
    void itsExternalAddressMayBeOfAnotherFamilyThanItsPeer() {
        var key = new MappingKey(Optional.empty(), IpProtocol.TCP, 50_000, PcpAddress.ANY_IPV6, Optional.of(REMOTE));
        long ticket = client.want(wants(key, new ExternalChoice.Any()));
        receive(answer(client.peers.getLast(), PcpAddress.parse("2001:db8::1"), 1234, REMOTE));
        assertThat(client.answers.get(ticket)).isInstanceOf(MappingOutcome.Granted.class);
    }

    @Test
    @Proves("pcp:C-REQ-10")
    void whatNoPeerCanHaveIsRefusedAtOnce() {
        assertThatIllegalArgumentException().isThrownBy(() -> wants(KEY, new ExternalChoice.Exactly(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> key(IpProtocol.ALL, 0, REMOTE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key(IpProtocol.TCP, 50_000, new Endpoint(REMOTE.address(), 0)));
    }
}
