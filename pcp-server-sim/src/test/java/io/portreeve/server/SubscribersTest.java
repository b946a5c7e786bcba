package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.UNSUPP_VERSION;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Access;
import io.portreeve.server.engine.AddressPrefix;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.ReceivedNatPmp;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerEvent.RefusedNatPmp;
import io.portreeve.server.engine.ServerPolicy;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The subscribers are 100.64.0.0/10; the manager at 10.0.0.5 may ask for third parties. */
final class SubscribersTest {
    private static final Endpoint MANAGER = new Endpoint(PcpAddress.parse("10.0.0.5"), 49152);
    private static final Access ACCESS = new Access(
            List.of(AddressPrefix.parse("100.64.0.0/10")),
            List.of(AddressPrefix.parse("10.0.0.5")),
            List.of(AddressPrefix.EVERY_ADDRESS),
            List.of(),
            Access.EACH_ADDRESS);

    private final Bench bench = bench(ACCESS);

    private static Bench bench(Access access) {
        return new Bench(
                new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, false).with(access),
                Bench.pool(2000, 2009),
                1000);
    }

    @AfterEach
    void nothingIsLeftOver() {
        bench.assertNoOrphan();
    }

    private static List<LongFunction<ServerEvent>> requests(Endpoint source) {
        return List.of(
                id -> new Received(id, Client.of(source), new AnnounceRequest(source.address())),
                id -> new Received(
                        id, Client.of(source), map().from(source.address()).build()),
                id -> new Received(
                        id, Client.of(source), get().from(source.address()).build()),
                id -> new Refused(id, Client.of(source), UNSUPP_VERSION),
                id -> new ReceivedNatPmp(id, Client.of(source), new ExternalAddressRequest()),
                id -> new RefusedNatPmp(id, Client.of(source), NatPmpResult.UNSUPPORTED_OPCODE));
    }

    private static void assertSilent(Bench bench, Endpoint source) {
        for (var request : requests(source)) {
            long id = bench.nextRequestId();
            bench.happen(request.apply(id));
            assertThat(bench.answers.get(id)).isEqualTo(new Ignore(id));
        }
        assertThat(bench.store.load().subscribers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.128.0.1", "198.51.100.10", "10.0.0.5", "2001:db8::2"})
    @Proves("pcp:S-GEN-01")
    void whoIsNoSubscriberMeetsSilence(String source) {
        assertSilent(bench, new Endpoint(PcpAddress.parse(source), 49152));
        assertThat(bench.ask(Bench.CLIENT, map().build())).isInstanceOf(Reply.class);
    }

    @Test
    @Proves({"pcp:S-GEN-01", "pcp:B-NPMP-08"})
    void nobodyWithAnExternalAddressIsASubscriber() {
        assertSilent(bench(Access.NO_THIRD_PARTIES), new Endpoint(Bench.EXTERNAL, 49152));
    }

    @Test
    @Proves("pcp:S-GEN-01")
    void aThirdPartyMayBeAskedForFromElsewhere() {
        var wanted = map().from(MANAGER.address()).suggest(2001).with(thirdParty("100.64.0.9"));
        assertThat(bench.ask(MANAGER, wanted.build())).isInstanceOf(Reply.class);
        assertThat(bench.inbound(IpProtocol.TCP, new Endpoint(PcpAddress.parse("198.51.100.10"), 7000), 2001))
                .contains(new Endpoint(PcpAddress.parse("100.64.0.9"), 8080));
        assertThat(bench.ask(MANAGER, map().from(MANAGER.address()).build())).isInstanceOf(Ignore.class);
    }
}
