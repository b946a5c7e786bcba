package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a mapping is beside its ports, and what is asked of it and answered. */
class OptionsTest {
    private static final MappingKey OWN = new MappingKey(Optional.empty(), IpProtocol.UDP, 7000, PcpAddress.ANY_IPV4);
    private static final Filter FRIEND = new Filter(128, 0, PcpAddress.parse("198.51.100.7"));
    private static final Filter OTHER = new Filter(120, 443, PcpAddress.parse("198.51.100.0"));
    private static final Filter NONE = new Filter(0, 0, PcpAddress.ANY_IPV4);

    private final Lockstep client = new Lockstep();

    private static MappingRequest wants(MappingKey key, MappingTerms terms) {
        return new MappingRequest(key, "test", new ExternalChoice.Any(), HOUR, terms);
    }

    private static MappingTerms filtered(Filter... filters) {
        return new MappingTerms(List.of(filters), "", new PortCount.One());
    }

    private static MappingTerms several(PortCount ports) {
        return new MappingTerms(List.of(), "", ports);
    }

    private void grant(PcpOption... options) {
        var request = client.lastSent();
        client.receive(new MapResponse(
                0,
                HOUR,
                new EpochTime(client.serverEpoch),
                request.nonce(),
                request.protocol(),
                request.internalPort(),
                9000,
                EXTERNAL,
                List.of(options)));
    }

    @Test
    void filtersAndDescriptionGoWithEachRequest() {
        client.want(wants(OWN, new MappingTerms(List.of(FRIEND, OTHER), "a game", new PortCount.One())));
        assertThat(client.lastSent().options()).containsExactly(FRIEND, OTHER, new Description("a game"));
        grant(FRIEND, OTHER);
        client.pass(Duration.ofMinutes(40));
        assertThat(client.sent).hasSize(2);
        assertThat(client.lastSent().options()).containsExactly(FRIEND, OTHER, new Description("a game"));
    }

    @Test
    @Proves("igd:I-IWFP-06")
    void otherFiltersTakeThePlaceOfThoseThatTheServerMayHave() {
        client.want(wants(OWN, filtered(FRIEND)));
        client.want(wants(OWN, filtered(OTHER)));
        assertThat(client.lastSent().options()).as("the first may have arrived").containsExactly(NONE, OTHER);
        client.want(wants(OWN, filtered(OTHER)));
        assertThat(client.lastSent().options()).as("may have, still").containsExactly(NONE, OTHER);
        grant(OTHER);
        client.want(wants(OWN, filtered(OTHER)));
        assertThat(client.lastSent().options()).containsExactly(OTHER);
        grant(OTHER);
        client.want(wants(OWN, filtered()));
        assertThat(client.lastSent().options()).containsExactly(NONE);
        grant();
        client.want(wants(OWN, filtered()));
        assertThat(client.lastSent().options()).isEmpty();
    }

    @Test
    @Proves({"pcp:B-PSET-01", "pcp:C-RSP-10"})
    void aSetOfPortsIsNamedInEachRequestAndInTheDeletion() {
        var set = new PortSet(5, 7000, true);
        long ticket = client.want(wants(OWN, several(new PortCount.Several(5, true))));
        assertThat(client.lastSent().options()).containsExactly(set);
        grant(new PortSet(3, 7000, false));
        assertThat(client.answers.get(ticket))
                .isEqualTo(new MappingOutcome.Granted(new Endpoint(EXTERNAL, 9000), HOUR, 3));
        client.release(OWN);
        assertThat(client.lastSent().lifetime().isDelete()).isTrue();
        assertThat(client.lastSent().options()).containsExactly(set);
    }

    @Test
    @Proves("pcp:C-RSP-10")
    void whatDoesNotComeBackWasNotGranted() {
        long set = client.want(wants(OWN, several(new PortCount.Several(5, false))));
        grant();
        assertThat(client.answers.get(set))
                .isEqualTo(new MappingOutcome.Granted(new Endpoint(EXTERNAL, 9000), HOUR, 1));
        long single = client.want(wants(KEY, MappingTerms.PLAIN));
        grant(new ThirdParty(KEY.thirdParty().orElseThrow()), new PortSet(900, 8080, false));
        assertThat(client.answers.get(single))
                .as("nor is more granted than was wanted")
                .isEqualTo(new MappingOutcome.Granted(new Endpoint(EXTERNAL, 9000), HOUR, 1));
    }

    @Test
    void aPairIsReserved() {
        long ticket = client.want(wants(OWN, several(new PortCount.Pair())));
        assertThat(client.lastSent().options()).containsExactly(new PortReservation());
        grant(new PortReservation());
        assertThat(client.answers.get(ticket))
                .isEqualTo(new MappingOutcome.Granted(new Endpoint(EXTERNAL, 9000), HOUR, 2));
    }

    @Test
    @Proves({"pcp:C-REQ-12", "igd:I-IWFP-05"})
    void noClientIsAThirdPartyToItself() {
        var itself = new MappingKey(Optional.of(SOURCE), IpProtocol.UDP, 7000, PcpAddress.ANY_IPV4);
        long ticket = client.want(wants(itself, MappingTerms.PLAIN));
        assertThat(client.lastSent().options()).isEmpty();
        grant();
        assertThat(client.answers).containsKey(ticket);
        assertThat(client.view(itself).state()).isEqualTo("MAPPED");
    }

    @Test
    @Proves("pcp:C-RSP-08")
    void anExactPortOnAnotherAddressIsNotTheAnswer() {
        client.want();
        client.grant();
        client.serverEpoch = 0;
        client.receive(client.response(client.lastSent(), 0, HOUR, 8080, PcpAddress.parse("203.0.114.9")));
        assertThat(client.view(KEY).external())
                .as("a Mapping Update moves it")
                .hasValueSatisfying(
                        external -> assertThat(external.address()).isEqualTo(PcpAddress.parse("203.0.114.9")));
        client.want();
        client.receive(client.response(client.lastSent(), 0, HOUR, 8080, EXTERNAL));
        assertThat(client.view(KEY).state()).isEqualTo("WAIT_RESP");
    }

    @Test
    @Proves({"pcp:C-RSP-09", "pcp:C-REQ-07"})
    void theTwinOfTheOtherFamilyHasTheSameNonceAndItsOwnAnswer() {
        client.want(wants(OWN, MappingTerms.PLAIN));
        client.want(wants(OWN.twin(), MappingTerms.PLAIN));
        assertThat(client.sent)
                .as("a MAP for each family")
                .extracting(MapRequest::suggestedAddress)
                .containsExactly(PcpAddress.ANY_IPV4, PcpAddress.ANY_IPV6);
        assertThat(client.sent.get(1).nonce()).isEqualTo(client.sent.get(0).nonce());
        var six = PcpAddress.parse("2001:db8::1");
        client.receive(client.response(client.sent.get(1), 0, HOUR, 7000, six));
        assertThat(client.view(OWN).state()).isEqualTo("WAIT_RESP");
        assertThat(client.view(OWN.twin()).external()).contains(new Endpoint(six, 7000));
    }

    @Test
    @Proves("pcp:C-REQ-05")
    void portsAreOfProtocolsThatHaveThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingKey(Optional.empty(), IpProtocol.ALL, 8080, PcpAddress.ANY_IPV4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingKey(Optional.empty(), new IpProtocol(46), 1, PcpAddress.ANY_IPV4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingKey(Optional.empty(), IpProtocol.SCTP, 0, PcpAddress.ANY_IPV4));
        var all = new MappingKey(Optional.empty(), IpProtocol.ALL, 0, PcpAddress.ANY_IPV4);
        long ticket = client.want(wants(all, MappingTerms.PLAIN));
        var request = client.lastSent();
        client.receive(client.response(request, 0, HOUR, 0, EXTERNAL));
        assertThat(client.answers.get(ticket)).isInstanceOf(MappingOutcome.Granted.class);
    }

    /** The longest that may be wanted, for another host, with several ports, in place of a filter it had. */
    @Test
    @Proves("pcp:C-REQ-13")
    void nothingIsAskedWhoseAnswerCouldBeTooLong() {
        var ports = new PortCount.Several(2, true);
        client.want(wants(KEY, new MappingTerms(List.of(FRIEND), "", ports)));
        client.want(wants(KEY, new MappingTerms(List.of(OTHER), "x".repeat(956), ports)));
        assertThat(client.lastSent().options()).hasSize(5);
        assertThat(PcpEncoder.encode(client.lastSent())).hasSize(PcpMessage.MAX_SIZE);
        assertThat(PcpEncoder.encode(client.response(client.lastSent(), 0, HOUR, 9000, EXTERNAL)))
                .as("what the answer repeats")
                .hasSize(PcpMessage.MAX_SIZE);
    }

    @Test
    @Proves("pcp:C-REQ-13")
    void whatIsTooLongForAMessageIsRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingTerms(List.of(OTHER), "x".repeat(957), new PortCount.One()))
                .withMessage("filters and description: too long for one message of 1100 octets, which the answer "
                        + "repeats (RFC 6887 section 7.3)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingTerms(Collections.nCopies(41, OTHER), "", new PortCount.One()));
        assertThatIllegalArgumentException()
                .as("no option has it")
                .isThrownBy(() -> new MappingTerms(List.of(), "a\0b", new PortCount.One()));
    }

    record Misplaced(ExternalChoice external, MappingTerms terms) {}

    static Stream<Misplaced> optionsOfMapAlone() {
        var any = new ExternalChoice.Any();
        return Stream.of(
                new Misplaced(new ExternalChoice.Exactly(7000), MappingTerms.PLAIN),
                new Misplaced(any, filtered(FRIEND)),
                new Misplaced(any, several(new PortCount.Several(2, false))),
                new Misplaced(any, several(new PortCount.Pair())));
    }

    @ParameterizedTest
    @MethodSource("optionsOfMapAlone")
    @Proves("pcp:C-REQ-16")
    void whatOnlyMapCanSayIsWantedOfNoPeer(Misplaced row) {
        var peer = new MappingKey(
                Optional.empty(),
                IpProtocol.UDP,
                7000,
                PcpAddress.ANY_IPV4,
                Optional.of(new Endpoint(FRIEND.remote(), 443)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MappingRequest(peer, "test", row.external(), HOUR, row.terms()));
        assertThatCode(() -> new MappingRequest(OWN, "test", row.external(), HOUR, row.terms()))
                .as("a MAP may")
                .doesNotThrowAnyException();
    }

    @Test
    void aRequestThatMakesNoSenseIsRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .as("PREFER_FAILURE with a set")
                .isThrownBy(() -> new MappingRequest(
                        OWN, "test", new ExternalChoice.Exactly(1), HOUR, several(new PortCount.Pair())));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortCount.Several(1, false));
        assertThatIllegalArgumentException().isThrownBy(() -> filtered(NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wants(
                        new MappingKey(Optional.empty(), IpProtocol.UDP, 65_535, PcpAddress.ANY_IPV4),
                        several(new PortCount.Several(2, false))));
        assertThat(client.sent).isEmpty();
    }
}
