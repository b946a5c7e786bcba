package io.portreeve.server;

import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerPolicy;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One subscriber has a mapping, and another one knows all about it, the nonce too. */
@Proves("pcp:S-SEC-02")
final class SubscriberIdentityTest {
    private static final String STRANGER = "100.64.0.3";

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true), Bench.pool(2000, 2009), 1000);
    private final Datagrams server = Datagrams.to(bench);
    private List<MappingView> before;

    @BeforeEach
    void mapping() {
        bench.granted(map().suggest(2001));
        before = bench.mappings();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(bench.mappings()).isEqualTo(before);
        assertThat(bench.store.load().peers()).isZero();
        bench.assertNoOrphan();
    }

    private int resultForStranger(PcpRequest request) {
        var answer = server.send(STRANGER, HexFormat.of().formatHex(PcpEncoder.encode(request)));
        return HexFormat.fromHexDigits(answer, 6, 8);
    }

    @Test
    void theAddressInTheRequestMakesNobodyItsSubscriber() {
        for (var spoofed : List.of(
                map().lifetime(0).build(),
                map().lifetime(86_400).build(),
                map().port(9).build(),
                peer().build())) {
            assertThat(resultForStranger(spoofed)).isEqualTo(ResultCode.ADDRESS_MISMATCH.value());
        }
    }

    @Test
    void neitherDoesTheAddressOfAThirdParty() {
        var third = thirdParty(Bench.CLIENT.address().toString());
        var own = map().from(PcpAddress.parse(STRANGER)).with(third);
        assertThat(resultForStranger(own.build())).isEqualTo(ResultCode.NOT_AUTHORIZED.value());
        var deleted = (MapResponse) server.ask(own.lifetime(0).build());
        assertThat(deleted.result()).as("nothing of its own was there").isEqualTo(ResultCode.SUCCESS.value());
    }
}
