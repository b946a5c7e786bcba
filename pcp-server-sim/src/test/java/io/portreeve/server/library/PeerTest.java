package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.delete;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static io.portreeve.server.library.LibraryBench.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Implicit mappings, and deleting, which a CGN cannot refuse. */
@Proves("pcp:L-04")
final class PeerTest {
    private static final Endpoint ANY = endpoint("0.0.0.0", 0);
    private static final Endpoint WEB = endpoint("198.51.100.1", 443);

    private final LibraryBench bench = LibraryBench.ofNat444();

    private PeerResponse ask(int port, Endpoint wanted, Endpoint remote, PcpOption... options) {
        return (PeerResponse) bench.ask(peer(HOME, port, wanted, remote, options));
    }

    @Test
    void theCgnHearsOfThePeer() {
        var response = ask(80, endpoint("203.0.113.7", 40_007), WEB);
        assertThat(List.of(response.result(), response.assignedPort(), response.remotePort()))
                .containsExactly(0, 40_007, 443);
        assertThat(response.lifetime()).isEqualTo(new Lifetime(900));
        assertThat(bench.calls()).contains("addDynamic TCP 192.168.1.10:80 198.51.100.1:443 203.0.113.7:40007 900 s");
    }

    @Test
    void withEndpointIndependentMappingAllPeersSeeOnePort() {
        int first = ask(80, ANY, WEB).assignedPort();
        assertThat(ask(80, ANY, endpoint("198.51.100.2", 80)).assignedPort()).isEqualTo(first);
        assertThat(bench.cgn.mappings).hasSize(1);
    }

    @Test
    void aWantedPortMayBeRefused() {
        ask(80, endpoint("0.0.0.0", 40_007), WEB);
        assertThat(ask(81, endpoint("0.0.0.0", 40_007), WEB).result()).isEqualTo(11);
        assertThat(bench.cgn.mappings).hasSize(1);
    }

    @Test
    void nothingIsDeletedWithoutError() {
        assertThat(bench.ask(delete(80)).result()).isZero();
        bench.ask(map(80));
        assertThat(bench.ask(delete(80)).result()).isZero();
        assertThat(bench.ask(delete(80)).result()).isZero();
        assertThat(bench.cgn.mappings).isEmpty();
    }

    @Test
    void lifetimeZeroAsksOnly() {
        int port = ask(80, ANY, WEB).assignedPort();
        var question = new PeerRequest(
                Lifetime.DELETE,
                HOME,
                LibraryBench.NONCE,
                IpProtocol.TCP,
                80,
                0,
                ANY.address(),
                443,
                WEB.address(),
                List.of());
        assertThat(((PeerResponse) bench.ask(question)).assignedPort()).isEqualTo(port);
        assertThat(bench.cgn.mappings).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 198.51.100.1, 443",
        "80, 198.51.100.1, 0",
        "80, 0.0.0.0, 443",
        "80, 127.0.0.1, 443",
        "80, 224.0.0.1, 443"
    })
    void whatCanBeNoFlowIsMalformed(int port, String remote, int remotePort) {
        assertThat(ask(port, ANY, endpoint(remote, remotePort)).result()).isEqualTo(3);
        assertThat(bench.cgn.mappings).isEmpty();
    }

    @Test
    void optionsOfMapAreMalformed() {
        assertThat(ask(80, ANY, WEB, new PreferFailure()).result()).isEqualTo(3);
        assertThat(ask(80, ANY, WEB, new Filter(128, 0, PcpAddress.parse("198.51.100.1")))
                        .result())
                .isEqualTo(6);
    }
}
