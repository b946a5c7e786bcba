package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.KEY;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An application may know the external address that it had. RFC 6887 sections 11.3, 13.2. */
class SuggestedAddressTest {
    private static final PcpAddress OTHER = PcpAddress.parse("203.0.114.9");
    private static final MappingKey SIX = new MappingKey(Optional.empty(), IpProtocol.TCP, 80, PcpAddress.ANY_IPV6);

    private final Lockstep client = new Lockstep();

    private static Endpoint suggested(MapRequest request) {
        return new Endpoint(request.suggestedAddress(), request.suggestedPort());
    }

    record Suggestion(MappingKey key, ExternalChoice wanted, Endpoint suggested, boolean isExact) {}

    static Stream<Suggestion> suggestions() {
        var six = PcpAddress.parse("2001:db8::1");
        return Stream.of(
                new Suggestion(KEY, new ExternalChoice.Exactly(8080, OTHER), new Endpoint(OTHER, 8080), true),
                new Suggestion(KEY, new ExternalChoice.Preferred(8080, OTHER), new Endpoint(OTHER, 8080), false),
                new Suggestion(KEY, new ExternalChoice.Preferred(0, OTHER), new Endpoint(OTHER, 0), false),
                new Suggestion(KEY, new ExternalChoice.Exactly(8080), new Endpoint(PcpAddress.ANY_IPV4, 8080), true),
                new Suggestion(KEY, new ExternalChoice.Any(), new Endpoint(PcpAddress.ANY_IPV4, 0), false),
                new Suggestion(SIX, new ExternalChoice.Exactly(80, six), new Endpoint(six, 80), true),
                new Suggestion(SIX, new ExternalChoice.Exactly(80), new Endpoint(PcpAddress.ANY_IPV6, 80), true),
                new Suggestion(SIX, new ExternalChoice.Preferred(80), new Endpoint(PcpAddress.ANY_IPV6, 80), false),
                new Suggestion(SIX, new ExternalChoice.Any(), new Endpoint(PcpAddress.ANY_IPV6, 0), false));
    }

    @ParameterizedTest
    @MethodSource("suggestions")
    @Proves("igd:I-IWFP-02")
    void theFirstRequestSuggestsWhatIsWanted(Suggestion row) {
        client.want(wants(row.key(), row.wanted()));
        assertThat(suggested(client.lastSent())).isEqualTo(row.suggested());
        assertThat(client.lastSent().options().contains(new PreferFailure())).isEqualTo(row.isExact());
    }

    @Test
    @Proves("igd:I-IWFP-02")
    void whatWasGrantedLastIsSuggestedFromThenOn() {
        client.want(wants(KEY, new ExternalChoice.Preferred(8080, OTHER)));
        client.grant(client.lastSent(), 4711, HOUR);
        client.pass(Duration.ofMinutes(38));
        assertThat(client.sent).hasSize(2);
        assertThat(suggested(client.lastSent())).isEqualTo(new Endpoint(EXTERNAL, 4711));
    }

    @Test
    void anotherAddressIsWantedLikeAnotherPort() {
        client.want(wants(KEY, new ExternalChoice.Exactly(8080, EXTERNAL)));
        client.grant();
        client.want(wants(KEY, new ExternalChoice.Exactly(8080)));
        assertThat(suggested(client.lastSent())).as("any will do").isEqualTo(new Endpoint(EXTERNAL, 8080));
        client.want(wants(KEY, new ExternalChoice.Exactly(8080, OTHER)));
        assertThat(suggested(client.lastSent())).isEqualTo(new Endpoint(OTHER, 8080));
    }

    record Update(String why, UnaryOperator<MapResponse> change) {}

    static Stream<Update> updates() {
        return Stream.of(
                new Update("another address", it -> with(it, IpProtocol.TCP, it.nonce(), 8080, EXTERNAL)),
                new Update("another port", it -> with(it, IpProtocol.TCP, it.nonce(), 8081, OTHER)),
                new Update("another protocol", it -> with(it, IpProtocol.UDP, it.nonce(), 8080, OTHER)),
                new Update("another nonce", it -> with(it, IpProtocol.TCP, new MappingNonce(7, 7, 99), 8080, OTHER)));
    }

    private static MapResponse with(
            MapResponse it, IpProtocol protocol, MappingNonce nonce, int port, PcpAddress address) {
        return new MapResponse(
                0, it.lifetime(), it.epoch(), nonce, protocol, it.internalPort(), port, address, it.options());
    }

    @ParameterizedTest
    @MethodSource("updates")
    @Proves("igd:I-IWFP-03")
    void aSuccessThatIsNoAnswerIsWaitedOutWhenOnlyOneEndpointWillDo(Update row) {
        long ticket = client.want(wants(KEY, new ExternalChoice.Exactly(8080, OTHER)));
        var answer = client.response(client.lastSent(), 0, HOUR, 8080, OTHER);
        client.receive(row.change().apply(answer));
        assertThat(client.answers).as(row.why()).doesNotContainKey(ticket);
        assertThat(client.view(KEY).state()).isEqualTo("WAIT_RESP");
        client.pass(Duration.ofSeconds(4));
        assertThat(client.sent).as("it is asked for on").hasSize(2);
        client.receive(answer);
        assertThat(client.answers).containsEntry(ticket, new MappingOutcome.Granted(new Endpoint(OTHER, 8080), HOUR));
    }

    @Test
    void whatNoServerCanGrantIsRefusedAtOnce() {
        var icmp = new MappingKey(Optional.empty(), new IpProtocol(1), 0, PcpAddress.ANY_IPV4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wants(SIX, new ExternalChoice.Preferred(80, OTHER)))
                .withMessageContaining("203.0.114.9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wants(KEY, new ExternalChoice.Exactly(80, PcpAddress.parse("2001:db8::1"))));
        assertThatIllegalArgumentException()
                .as("PREFER_FAILURE without a port is malformed")
                .isThrownBy(() -> new ExternalChoice.Exactly(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ExternalChoice.Exactly(65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> wants(icmp, new ExternalChoice.Exactly(1)));
    }
}
