package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOST;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static io.portreeve.client.engine.NatPmpServer.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PcpServer;
import io.portreeve.client.PortCount;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What NAT-PMP cannot do, and what a NAT-PMP server will not. */
class NatPmpLimitsTest {
    private static final ExternalChoice ANY = new ExternalChoice.Any();
    private static final PcpOption.Filter FILTER = new PcpOption.Filter(128, 0, PcpAddress.parse("198.51.100.1"));

    private final Lockstep client = new Lockstep();
    private final NatPmpServer server = new NatPmpServer(client);

    record Asked(String what, MappingRequest request) {}

    static Stream<Asked> impossible() {
        var peer = Optional.of(new Endpoint(PcpAddress.parse("198.51.100.1"), 443));
        return Stream.of(
                asked("a third party", new MappingKey(Optional.of(HOST), IpProtocol.TCP, 80, PcpAddress.ANY_IPV4)),
                asked("another protocol", NatPmpServer.own(IpProtocol.of(132), 80)),
                asked("no protocol", NatPmpServer.own(IpProtocol.of(0), 0)),
                asked("IPv6", OWN.twin()),
                asked("PEER", new MappingKey(Optional.empty(), IpProtocol.TCP, 80, PcpAddress.ANY_IPV4, peer)),
                asked("a filter", new MappingTerms(List.of(FILTER), "", new PortCount.One())),
                asked("several ports", new MappingTerms(List.of(), "", new PortCount.Several(4, false))),
                asked("two ports", new MappingTerms(List.of(), "", new PortCount.Pair())));
    }

    private static Asked asked(String what, MappingKey key) {
        return new Asked(what, new MappingRequest(key, "test", ANY, HOUR));
    }

    private static Asked asked(String what, MappingTerms terms) {
        return new Asked(what, new MappingRequest(OWN, "test", ANY, HOUR, terms));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatNatPmpCannotDoIsRefused(Asked asked) {
        long ticket = client.want(asked.request());
        client.otherVersion(0);
        assertThat(client.natPmp).as(asked.what()).isEmpty();
        assertThat(client.answers)
                .containsEntry(
                        ticket, new MappingOutcome.Refused(ResultCode.UNSUPP_VERSION.value(), new Lifetime(1800)));
    }

    /** A mapping that is refused does not stand in the way of others, nor do they in its. */
    @Test
    void whatItCanDoIsAskedForBesideWhatItCannot() {
        long refused = client.want();
        long granted = server.granted();
        assertThat(client.answers.get(refused)).isInstanceOf(MappingOutcome.Refused.class);
        assertThat(client.answers.get(granted)).isInstanceOf(MappingOutcome.Granted.class);
    }

    @Test
    void aDescriptionIsLeftOut() {
        client.want(new MappingRequest(
                OWN, "test", ANY, HOUR, new MappingTerms(List.of(), "my server", new PortCount.One())));
        client.otherVersion(0);
        assertThat(client.natPmp).hasSize(1);
    }

    @Test
    void thisMachineIsNoThirdPartyToItself() {
        server.wanted(OWN.of(SOURCE), ANY);
        assertThat(client.natPmp).hasSize(1);
    }

    /** It was PCP that let in some only. */
    @Test
    void filtersThatAreWantedNoMoreAreNoHindrance() {
        client.want(
                new MappingRequest(OWN, "test", ANY, HOUR, new MappingTerms(List.of(FILTER), "", new PortCount.One())));
        client.grant();
        server.wanted(OWN, ANY);
        assertThat(client.natPmp).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,      true",
        "172.16.0.1,    true",
        "172.32.0.1,    false",
        "192.168.7.7,   true",
        "192.169.0.1,   false",
        "100.127.0.1,   true",
        "100.128.0.1,   false",
        "127.0.0.1,     true",
        "203.0.113.5,   false",
        "2001:db8::5,   false"
    })
    @Proves("pcp:B-NPMP-02")
    void onlyWhoIsBehindANatAsks(String source, boolean asks) {
        var client = new Lockstep(1, List.of(), List.of());
        client.handle(new ClientEvent.Servers(List.of(new PcpServer(Lockstep.SERVER, List.of(ADDRESS)))));
        client.connect(PcpAddress.parse(source));
        client.want(Lockstep.wants(OWN, ANY));
        client.otherVersion(0);
        assertThat(client.natPmp).hasSize(asks ? 1 : 0);
        assertThat(client.answers).hasSize(asks ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_AUTHORIZED,      NOT_AUTHORIZED,  1800",
        "NETWORK_FAILURE,     NETWORK_FAILURE, 30",
        "OUT_OF_RESOURCES,    NO_RESOURCES,    30"
    })
    void aRefusalIsToldInTheWordsOfPcp(NatPmpResult said, ResultCode told, long seconds) {
        long ticket = server.wanted(OWN, ANY);
        server.tellAddress();
        server.refuse(said);
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Refused(told.value(), new Lifetime(seconds)));
        client.pass(Duration.ofSeconds(seconds).minusMillis(1));
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofMillis(1));
        assertThat(client.sent).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"1, UNSUPP_VERSION", "5, UNSUPP_OPCODE", "9, NO_RESOURCES"})
    @Proves("pcp:B-NPMP-02")
    void whatNobodyUnderstandsIsNotAskedAgainForHalfAnHour(int result, ResultCode told) {
        long ticket = server.wanted(OWN, ANY);
        server.tellAddress();
        client.handle(new ClientEvent.NatPmpFailed(ADDRESS, Optional.of(IpProtocol.TCP), result));
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Refused(told.value(), new Lifetime(1800)));
        client.pass(Duration.ofMinutes(30).minusMillis(1));
        assertThat(client.natPmp).hasSize(2);
        assertThat(client.sent).hasSize(1);
    }

    /** Else nobody would ask a server again that has learnt PCP. */
    @Test
    @Proves("pcp:B-VER-03")
    void whatNatPmpCannotDoIsNotHeldAgainstPcp() {
        server.wanted(OWN, ANY);
        server.tellAddress();
        client.handle(new ClientEvent.NatPmpFailed(ADDRESS, Optional.of(IpProtocol.TCP), 5));
        client.want(Lockstep.wants(NatPmpServer.own(IpProtocol.UDP, 9), ANY));
        assertThat(client.sent).hasSize(2);
    }

    @Test
    void withoutAnAddressNothingIsGranted() {
        long first = server.wanted(OWN, ANY);
        long second = server.wanted(NatPmpServer.own(IpProtocol.UDP, 9), ANY);
        server.refuse(NatPmpResult.NETWORK_FAILURE);
        var refused = new MappingOutcome.Refused(ResultCode.NETWORK_FAILURE.value(), new Lifetime(30));
        assertThat(client.answers).containsEntry(first, refused).containsEntry(second, refused);
        assertThat(client.natPmp).hasSize(1);
    }

    @Test
    void zeroIsNoAddress() {
        long ticket = server.wanted(OWN, ANY);
        server.external = PcpAddress.ANY_IPV4;
        server.tellAddress();
        assertThat(client.answers)
                .containsEntry(
                        ticket, new MappingOutcome.Refused(ResultCode.NETWORK_FAILURE.value(), new Lifetime(30)));
    }

    @Test
    void whatIsToBeDeletedNeedsNoAddress() {
        server.granted();
        server.wanted(NatPmpServer.own(IpProtocol.TCP, 7), ANY);
        assertThat(server.asked()).isEqualTo(new ExternalAddressRequest());
        long ticket = client.release(OWN);
        client.otherVersion(0);
        server.refuse(NatPmpResult.NETWORK_FAILURE);
        server.grant(0, Lifetime.DELETE);
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Released());
    }

    @Test
    void aMappingThatIsNotLetGoIsRefused() {
        server.granted();
        long ticket = client.release(OWN);
        client.otherVersion(0);
        server.refuse(NatPmpResult.NOT_AUTHORIZED);
        assertThat(client.answers)
                .containsEntry(
                        ticket, new MappingOutcome.Refused(ResultCode.NOT_AUTHORIZED.value(), new Lifetime(1800)));
    }

    @Test
    @Proves("pcp:B-VER-01")
    void aServerThatRefusesTheVeryVersionThatItNamesIsAskedAgainWhenItSays() {
        long ticket = client.want(Lockstep.wants(OWN, ANY));
        client.handle(new ClientEvent.OtherVersion(ADDRESS, 2, new Lifetime(60)));
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Refused(ResultCode.UNSUPP_VERSION.value(), new Lifetime(60)));
        client.pass(Duration.ofSeconds(60).minusMillis(1));
        assertThat(client.sent).as("no loop").hasSize(1);
        client.pass(Duration.ofMillis(1));
        assertThat(client.sent).hasSize(2);
        client.handle(new ClientEvent.OtherVersion(ADDRESS, 3, new Lifetime(86_400)));
        client.pass(Duration.ofMinutes(30).minusMillis(1));
        assertThat(client.sent).hasSize(2);
        client.pass(Duration.ofMillis(1));
        assertThat(client.sent).as("half an hour at most").hasSize(3);
        assertThat(client.natPmp).isEmpty();
        client.grant(client.lastSent(), 2000, HOUR);
        assertThat(client.view(OWN).external()).contains(new Endpoint(EXTERNAL, 2000));
    }
}
