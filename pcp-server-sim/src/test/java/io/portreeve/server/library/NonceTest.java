package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.delete;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static io.portreeve.server.library.LibraryBench.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mapping is its maker's: the CGN never hears of others who ask for it. */
@Proves("pcp:L-14")
final class NonceTest {
    private static final Endpoint ANY = endpoint("0.0.0.0", 0);
    private static final Endpoint WEB = endpoint("198.51.100.1", 443);

    private final LibraryBench bench = LibraryBench.ofNat444();

    static MapRequest withNonce(MapRequest map, int word) {
        return new MapRequest(
                map.lifetime(),
                map.client(),
                new MappingNonce(word, 0, 0),
                map.protocol(),
                map.internalPort(),
                map.suggestedPort(),
                map.suggestedAddress(),
                map.options());
    }

    private static PeerRequest withNonce(PeerRequest peer, int word) {
        return new PeerRequest(
                peer.lifetime(),
                peer.client(),
                new MappingNonce(word, 0, 0),
                peer.protocol(),
                peer.internalPort(),
                peer.suggestedPort(),
                peer.suggestedAddress(),
                peer.remotePort(),
                peer.remoteAddress(),
                peer.options());
    }

    @BeforeEach
    void mapped() {
        bench.ask(map(80));
        bench.calls();
    }

    private void assertForeign(MapRequest request, long remaining) {
        bench.calls();
        var response = (MapResponse) bench.ask(request);
        assertThat(response.result()).isEqualTo(2);
        assertThat(response.lifetime()).isEqualTo(new Lifetime(remaining));
        assertThat(bench.calls()).noneMatch(call -> call.startsWith("addMapping") || call.startsWith("deleteMapping"));
    }

    @Test
    void anotherCanNeitherRenewNorDelete() {
        bench.pass(Duration.ofMillis(1_600_500));
        assertForeign(withNonce(map(80), 9), 2000);
        assertForeign(withNonce(delete(80), 9), 2000);
        assertThat(bench.cgn.mappings).hasSize(1);
    }

    @Test
    void itsMakerCan() {
        bench.pass(Duration.ofSeconds(3000));
        assertThat(bench.ask(map(80)).result()).isZero();
        bench.pass(Duration.ofSeconds(3000));
        assertForeign(withNonce(map(80), 9), 600);
        assertThat(bench.ask(delete(80)).result()).isZero();
    }

    @Test
    void aDeletedMappingIsNobodys() {
        bench.ask(delete(80));
        assertThat(bench.ask(withNonce(map(80), 9)).result()).isZero();
        assertForeign(map(80), 3600);
    }

    @Test
    void aMappingThatIsOverIsNobodys() {
        bench.pass(Duration.ofSeconds(3600).minusNanos(1));
        assertForeign(withNonce(map(80), 9), 1);
        bench.pass(Duration.ofNanos(1));
        assertThat(bench.ask(withNonce(map(80), 9)).result()).isZero();
    }

    @Test
    void aMappingThatWasRefusedIsNobodys() {
        bench.cgn.policy = ReturnCode.ERR_EXQUOTA;
        bench.ask(map(81));
        bench.cgn.policy = ReturnCode.OK;
        assertThat(bench.ask(withNonce(map(81), 9)).result()).isZero();
    }

    @Test
    void whatTheCgnForgotIsNobodys() {
        bench.ask(peer(HOME, 81, ANY, WEB));
        bench.library.uncache(LibraryBench.context(HOME));
        assertThat(bench.ask(withNonce(map(80), 9)).result()).isZero();
        assertThat(bench.ask(withNonce(peer(HOME, 81, ANY, WEB), 9)).result()).isZero();
    }

    @Test
    void othersAreNotForgottenWithIt() {
        bench.library.uncache(LibraryBench.context(WEB.address()));
        assertForeign(withNonce(map(80), 9), 3600);
    }

    @Test
    void eachFlowHasItsMaker() {
        var other = endpoint("198.51.100.2", 443);
        bench.ask(peer(HOME, 81, ANY, WEB));
        assertThat(bench.ask(withNonce(peer(HOME, 81, ANY, other), 9)).result()).isZero();
        bench.calls();
        bench.pass(Duration.ofSeconds(100));
        var response = (PeerResponse) bench.ask(withNonce(peer(HOME, 81, ANY, WEB), 9));
        assertThat(response.result()).isEqualTo(2);
        assertThat(response.lifetime()).isEqualTo(new Lifetime(800));
        assertThat(bench.ask(peer(HOME, 81, ANY, other)).result()).isEqualTo(2);
        assertThat(bench.calls()).noneMatch(call -> call.startsWith("addDynamic"));
        assertThat(bench.ask(peer(HOME, 81, ANY, WEB)).result()).isZero();
    }
}
