package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.delete;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the CGN is called for, in which order. */
@Proves("pcp:L-02")
final class OrderTest {

    @Test
    void ofAnAnnounce() {
        var bench = LibraryBench.ofNat444();
        bench.ask(new AnnounceRequest(HOME));
        assertThat(bench.calls()).containsExactly("getSubscriber 192.168.1.10", "authorize 24 0", "sendResponse");
    }

    @Test
    void ofAMapping() {
        var bench = LibraryBench.ofNat444();
        bench.ask(map(80));
        bench.ask(delete(80));
        assertThat(bench.calls())
                .containsExactly(
                        "getSubscriber 192.168.1.10",
                        "authorize 60 0",
                        "addMapping TCP 192.168.1.10:80 0.0.0.0:0 3600 s []",
                        "sendResponse",
                        "getSubscriber 192.168.1.10",
                        "authorize 60 0",
                        "deleteMapping TCP 192.168.1.10:80",
                        "sendResponse");
        assertThat(bench.cgn.mappings).isEmpty();
    }

    @Test
    void ofAnotherHostsMapping() {
        var bench = LibraryBench.ofNat444(LibraryFlag.THIRD_PARTY);
        var client = PcpAddress.parse("100.64.0.1");
        var context = LibraryBench.context(client);
        var any = endpoint("0.0.0.0", 0);
        var response = (MapResponse) bench.ask(
                map(client, 60, IpProtocol.UDP, 80, any, new Description("tv"), new ThirdParty(HOME)), context);
        assertThat(context.thirdPartyOffset()).isEqualTo(68);
        assertThat(response.options()).containsExactly(new ThirdParty(HOME));
        assertThat(bench.calls())
                .containsExactly(
                        "getSubscriber 100.64.0.1",
                        "authorize 88 68",
                        "addMapping UDP 192.168.1.10:80 0.0.0.0:0 60 s []",
                        "sendResponse");
    }

    @Test
    void aRequestThatIsWrongIsNotForTheCgnToJudge() {
        var bench = LibraryBench.ofNat444();
        assertThat(bench.ask(map(80, new PreferFailure())).result()).isEqualTo(6);
        assertThat(bench.calls()).containsExactly("getSubscriber 192.168.1.10", "sendResponse");
    }

    @Test
    void whoIsNoSubscriberGetsNoFurther() {
        var bench = LibraryBench.ofNat444();
        bench.cgn.subscribers = ReturnCode.ERR_NORESOURCES;
        bench.pass(Duration.ofSeconds(7));
        var response = (MapResponse) bench.ask(map(80));
        assertThat(response.result()).isEqualTo(8);
        assertThat(response.lifetime()).isEqualTo(new Lifetime(30));
        assertThat(response.epoch()).isEqualTo(new EpochTime(7));
        assertThat(bench.calls()).containsExactly("getSubscriber 192.168.1.10", "sendResponse");
    }

    @ParameterizedTest
    @EnumSource(
            value = ReturnCode.class,
            names = {"ERR_NOTAUTH", "ERR_EXQUOTA", "ERR_PROCESSING"})
    void whoIsNotAuthorizedGetsNoFurther(ReturnCode code) {
        var bench = LibraryBench.ofNat444();
        bench.cgn.policy = code;
        assertThat(bench.ask(map(80)).result()).isEqualTo(code.result().value());
        assertThat(bench.calls()).containsExactly("getSubscriber 192.168.1.10", "authorize 60 0", "sendResponse");
    }

    @Test
    void eachSubscriberHasItsEpoch() {
        var bench = LibraryBench.ofNat444();
        var other = PcpAddress.parse("192.168.1.11");
        bench.pass(Duration.ofSeconds(100));
        bench.cgn.epochs.put(other, 90L);
        assertThat(bench.ask(new AnnounceRequest(HOME)).epoch()).isEqualTo(new EpochTime(100));
        assertThat(bench.ask(new AnnounceRequest(other)).epoch()).isEqualTo(new EpochTime(10));
    }

    @Test
    void nothingReceivedIsNothingDone() {
        var bench = LibraryBench.ofNat444();
        Thread.currentThread().interrupt();
        assertThat(bench.library.runOnce()).isFalse();
        assertThat(bench.calls()).isEmpty();
    }

    /** The next request needs its own context, or the same one without what was in it. */
    @Test
    void aContextThatIsClearedIsAsNew() {
        var bench = LibraryBench.ofNat444(LibraryFlag.THIRD_PARTY);
        var client = PcpAddress.parse("100.64.0.1");
        var context = LibraryBench.context(client);
        bench.ask(map(client, 60, IpProtocol.UDP, 80, endpoint("0.0.0.0", 0), new ThirdParty(HOME)), context);
        assertThat(context.response()).hasSize(80);
        context.clear();
        assertThat(List.of(context.request().length, context.response().length, context.thirdPartyOffset()))
                .containsOnly(0);
        assertThatThrownBy(context::client).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRequestFromNowhereIsTheAuthorsError() {
        var bench = LibraryBench.ofNat444();
        var context = new PcpContext();
        context.request(new byte[24]);
        assertThatThrownBy(() -> bench.library.runOnce(context))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the context has no client: call client(Endpoint) when a request comes");
    }

    @Test
    void aRequestIsWaitedFor() throws Exception {
        var bench = LibraryBench.ofNat444();
        var ran = CompletableFuture.supplyAsync(bench.library::runOnce);
        assertThat(bench.cgn.waits.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).isNotDone();
        bench.cgn.arriving.add(new FakeCgn.Datagram(endpoint("192.168.1.10", 5000), PcpEncoder.encode(map(80))));
        assertThat(ran.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(bench.heard().result()).isZero();
    }

    @Test
    void aCgnThatFailsIsAskedAgain() {
        var bench = LibraryBench.ofNat444();
        bench.cgn.policy = null;
        assertThat(bench.ask(map(80)).result()).isEqualTo(8);
        bench.cgn.policy = ReturnCode.OK;
        assertThat(bench.ask(map(80)).result()).isZero();
    }

    @Test
    void aClosedLibraryCallsNothing() {
        var bench = LibraryBench.ofNat444(LibraryFlag.ANNOUNCE, LibraryFlag.UPDATE);
        bench.ask(map(80));
        bench.calls();
        bench.library.close();
        var context = LibraryBench.context(HOME);
        context.request(new byte[24]);
        assertThat(bench.library.runOnce(context)).isFalse();
        bench.library.announce(context, new EpochTime(0));
        assertThat(bench.library.update(
                        context,
                        IpProtocol.TCP,
                        endpoint("192.168.1.10", 80),
                        endpoint("203.0.113.9", 1),
                        new Lifetime(9)))
                .isFalse();
        Thread.currentThread().interrupt(); // it would not wait
        assertThat(bench.library.runOnce()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(bench.cgn.waits.availablePermits()).isZero();
        assertThat(bench.calls()).isEmpty();
    }
}
