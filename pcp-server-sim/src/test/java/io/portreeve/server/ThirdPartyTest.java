package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.ADDRESS_MISMATCH;
import static io.portreeve.pcp.ResultCode.NONEXIST_MAP;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static io.portreeve.server.WantedPeer.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Access;
import io.portreeve.server.engine.AddressPrefix;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask for which other host. The client may, for 192.168.0.0/16 and 100.64.0.0/10; its neighbour may not. */
final class ThirdPartyTest {
    private static final PcpAddress NEIGHBOUR = PcpAddress.parse("100.64.0.3");
    private static final PcpAddress SERVER = PcpAddress.parse("100.64.0.1");
    private static final String HOST = "192.168.1.33";
    private static final Endpoint REMOTE = new Endpoint(PcpAddress.parse("198.51.100.10"), 7000);
    private static final Access ACCESS = new Access(
            List.of(AddressPrefix.EVERY_ADDRESS),
            List.of(AddressPrefix.parse("100.64.0.2")),
            List.of(
                    AddressPrefix.parse("192.168.0.0/16"),
                    AddressPrefix.parse("100.64.0.0/10"),
                    AddressPrefix.parse("203.0.114.0/24"),
                    AddressPrefix.parse("127.0.0.0/8"),
                    AddressPrefix.parse("224.0.0.0/4")),
            List.of(SERVER),
            Access.EACH_ADDRESS);

    private final Bench bench = new Bench(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 2, false)
                    .with(ACCESS)
                    .with(Extras.DEFAULT.with(Disclosure.NONCE)),
            Bench.pool(2000, 2009),
            1000);

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private ResultCode ask(PcpAddress source, PcpRequest request) {
        return result(bench.ask(new Endpoint(source, 49152), request));
    }

    private ResultCode ask(WantedMap wanted) {
        return ask(wanted.client(), wanted.build());
    }

    @Test
    @Proves("pcp:S-TP-01")
    void whoIsNotAuthorizedMeetsAnUnknownOption() {
        assertThat(ask(map().with(thirdParty(HOST)))).isEqualTo(SUCCESS);
        assertThat(ask(map().from(NEIGHBOUR).with(thirdParty(HOST)))).isEqualTo(UNSUPP_OPTION);
        assertThat(ask(map().from(NEIGHBOUR))).isEqualTo(SUCCESS);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, a host that may not be named",
        "203.0.114.1, an external address of the pool",
        "100.64.0.1, the server itself",
        "100.64.0.3, another subscriber",
        "127.0.0.1, whoever is asked",
        "224.0.0.1, many"
    })
    void someHostsAreNobodysThirdParty(String host, String why) {
        bench.granted(map().from(NEIGHBOUR));
        bench.cgn.unlockDynamic();
        var named = thirdParty(host);
        assertThat(ask(map().with(named))).as(why).isEqualTo(NOT_AUTHORIZED);
        assertThat(ask(Bench.CLIENT.address(), peer().with(named).build()))
                .as(why)
                .isEqualTo(NOT_AUTHORIZED);
        assertThat(ask(Bench.CLIENT.address(), get().with(named).build()))
                .as(why)
                .isEqualTo(NOT_AUTHORIZED);
        assertThat(ask(map().with(named).lifetime(0)))
                .as(why + ": there is nothing to delete")
                .isEqualTo(SUCCESS);
        assertThat(bench.mappings()).hasSize(1);
    }

    @Test
    void whatMayBeNamedIsMappedAndListed() {
        bench.cgn.unlockDynamic();
        var named = thirdParty("100.64.0.77");
        assertThat(ask(Bench.CLIENT.address(), get().with(named).build())).isEqualTo(NONEXIST_MAP);
        assertThat(ask(map().with(named))).isEqualTo(SUCCESS);
        assertThat(ask(Bench.CLIENT.address(), get().with(named).build())).isEqualTo(SUCCESS);
        assertThat(ask(Bench.CLIENT.address(), peer().with(named).build())).isEqualTo(SUCCESS);
    }

    /** What a request says of its sender is compared with where it comes from, and then counts for nothing. */
    @Test
    @Proves({"pcp:S-SEC-02", "pcp:S-GEN-05"})
    void aSubscriberIsWhoeverSendsWhateverItSays() {
        var octets = PcpEncoder.encode(map().from(NEIGHBOUR).build());
        var read =
                PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), Bench.CLIENT.address(), EnumSet.allOf(Opcode.class));
        assertThat(read).isEqualTo(new DecodedRequest.Refuse(ADDRESS_MISMATCH));
        assertThat(bench.mappings()).isEmpty();

        bench.granted(map().with(thirdParty(HOST)).suggest(2001));
        bench.granted(map().port(2).with(thirdParty("192.168.1.34")));
        assertThat(bench.mappings()).extracting(MappingView::askedBy).containsExactly(Bench.CLIENT, Bench.CLIENT);
        assertThat(ask(map())).as("its own quota").isEqualTo(USER_EX_QUOTA);
        assertThat(ask(map().from(NEIGHBOUR))).isEqualTo(SUCCESS);
        assertThat(ask(map().from(NEIGHBOUR).with(thirdParty(HOST)).lifetime(0)))
                .isEqualTo(UNSUPP_OPTION);
        assertThat(bench.inbound(IpProtocol.TCP, REMOTE, 2001)).contains(new Endpoint(PcpAddress.parse(HOST), 8080));
    }
}
