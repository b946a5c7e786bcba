package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.SERVER;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Prefixes change: that of the gateway (DS-Lite, NAT64), that of the hosts it asks for. */
class RenumberingTest {
    private static final ServerAddress AFTR = ServerAddress.at(PcpAddress.parse("2001:db8:1::1"), 5351);
    private static final PcpAddress BEFORE = PcpAddress.parse("2001:db8:2::7");
    private static final PcpAddress AFTER = PcpAddress.parse("2001:db8:3::7");
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.5");
    private static final PcpAddress HOST = PcpAddress.parse("192.168.1.20");
    private static final PcpAddress ITS_NEXT = PcpAddress.parse("192.168.1.21");

    private final Lockstep gateway = gateway();

    private static Lockstep gateway() {
        var gateway = new Lockstep(0, List.of(), List.of());
        gateway.handle(new ClientEvent.Servers(List.of(new PcpServer(SERVER, List.of(AFTR)))));
        gateway.connect(BEFORE);
        return gateway;
    }

    private static MappingKey of(PcpAddress host) {
        return new MappingKey(Optional.of(host), IpProtocol.UDP, 7000, PcpAddress.ANY_IPV4);
    }

    private MapRequest map(MappingKey key, int external) {
        gateway.want(wants(key, new ExternalChoice.Any()));
        var request = gateway.lastSent();
        gateway.receive(AFTR, gateway.response(request, 0, HOUR, external, EXTERNAL));
        return request;
    }

    @Test
    @Proves({"pcp:F-25-01", "pcp:F-25-02"})
    void aGatewayWithAnotherPrefixAsksAgainForAllThatIsBehindIt() {
        var asked = List.of(map(of(HOST), 7001), map(of(ITS_NEXT), 7002));
        gateway.sent.clear();
        gateway.handle(new ClientEvent.NetworkChanged());
        gateway.connect(AFTER);
        gateway.pass(Duration.ofSeconds(1));
        assertThat(gateway.sent).extracting(MapRequest::client).containsExactly(AFTER, AFTER);
        assertThat(gateway.sent).extracting(MapRequest::suggestedPort).containsExactly(7001, 7002);
        assertThat(gateway.sent).extracting(MapRequest::suggestedAddress).containsOnly(EXTERNAL);
        assertThat(gateway.sent)
                .extracting(MapRequest::nonce)
                .containsExactlyElementsOf(asked.stream().map(MapRequest::nonce).toList());
        assertThat(gateway.sent)
                .extracting(MapRequest::options)
                .containsExactly(List.of(new ThirdParty(HOST)), List.of(new ThirdParty(ITS_NEXT)));
    }

    @Test
    @Proves("pcp:F-24-02")
    void aHostWithAnotherAddressLosesWhatItHadAndHasItThere() {
        map(of(HOST), 7001);
        gateway.release(of(HOST));
        var deletion = gateway.lastSent();
        assertThat(deletion.lifetime().isDelete()).isTrue();
        assertThat(deletion.options()).containsExactly(new ThirdParty(HOST));
        gateway.receive(AFTR, gateway.response(deletion, 0, deletion.lifetime(), 0, PcpAddress.ANY_IPV4));
        gateway.want(wants(of(ITS_NEXT), new ExternalChoice.Preferred(7001)));
        assertThat(gateway.lastSent().suggestedPort()).isEqualTo(7001);
        gateway.receive(AFTR, gateway.response(gateway.lastSent(), 0, HOUR, 7001, EXTERNAL));
        assertThat(gateway.list()).hasSize(1);
        assertThat(gateway.view(of(ITS_NEXT)).external()).contains(new Endpoint(EXTERNAL, 7001));
    }
}
