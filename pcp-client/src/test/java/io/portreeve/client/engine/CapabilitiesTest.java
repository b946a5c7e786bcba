package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.SERVER;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static io.portreeve.client.engine.Lockstep.wants;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.client.ServerView;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a server cannot do it is not asked for, as long as it has said. */
class CapabilitiesTest {
    private static final Lifetime TEN_MINUTES = new Lifetime(600);
    private static final Filter FRIEND = new Filter(128, 0, PcpAddress.parse("198.51.100.7"));

    private final Lockstep client = new Lockstep();

    private static MappingKey own(int port) {
        return new MappingKey(Optional.empty(), IpProtocol.TCP, port, PcpAddress.ANY_IPV4);
    }

    private static MappingRequest exactly(int port) {
        return wants(own(port), new ExternalChoice.Exactly(port));
    }

    private static MappingRequest filtered(int port) {
        var terms = new MappingTerms(List.of(FRIEND), "", new PortCount.One());
        return new MappingRequest(own(port), "test", new ExternalChoice.Any(), HOUR, terms);
    }

    @Test
    @Proves("pcp:C-ERR-05")
    void anOptionThatItDoesNotKnowIsNotSentAgain() {
        client.want(exactly(1));
        client.refuse(ResultCode.UNSUPP_OPTION, TEN_MINUTES);
        client.pass(Duration.ofSeconds(100));
        long second = client.want(exactly(2));
        assertThat(client.sent).hasSize(1);
        assertThat(client.answers.get(second))
                .isEqualTo(new MappingOutcome.Refused(ResultCode.UNSUPP_OPTION.value(), new Lifetime(500)));
        client.want(wants(own(3), new ExternalChoice.Preferred(3)));
        assertThat(client.lastSent().internalPort())
                .as("what needs no such option is asked for")
                .isEqualTo(3);
        client.pass(Duration.ofSeconds(501));
        assertThat(client.sent.stream().filter(it -> it.internalPort() == 2)).hasSize(1);
    }

    @Test
    @Proves("pcp:C-ERR-05")
    void aFilterIsNeverLeftOut() {
        client.want(filtered(1));
        client.refuse(ResultCode.UNSUPP_OPTION, TEN_MINUTES);
        client.want(filtered(2));
        client.pass(Duration.ofMinutes(30));
        assertThat(client.sent)
                .hasSizeGreaterThan(2)
                .allSatisfy(it -> assertThat(it.options()).contains(FRIEND));
    }

    @Test
    void ofSeveralOptionsItMayBeAny() {
        var host = new MappingKey(Optional.of(Lockstep.HOST), IpProtocol.TCP, 1, PcpAddress.ANY_IPV4);
        client.want(wants(host, new ExternalChoice.Exactly(1)));
        client.refuse(ResultCode.UNSUPP_OPTION, TEN_MINUTES);
        client.want(exactly(2));
        assertThat(client.sent).hasSize(2);
    }

    @Test
    void whatItCannotDoIsListed() {
        assertThat(client.servers())
                .containsExactly(new ServerView(
                        SERVER,
                        Optional.of(ADDRESS),
                        Optional.of(SOURCE),
                        Set.of(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty()));
        client.want(exactly(1));
        client.refuse(ResultCode.UNSUPP_OPTION, TEN_MINUTES);
        client.want(wants(own(3), new ExternalChoice.Any()));
        client.refuse(ResultCode.USER_EX_QUOTA, TEN_MINUTES);
        assertThat(client.servers()).singleElement().satisfies(server -> {
            assertThat(server.withoutOptions()).containsExactly(OptionCode.PREFER_FAILURE);
            assertThat(server.isFull()).isTrue();
        });
        client.want(wants(own(4), new ExternalChoice.Any()));
        client.grant(client.lastSent(), 4, HOUR);
        assertThat(client.servers().getFirst().isFull()).isFalse();
    }

    @Test
    void theServersLifetimesAreLearned() {
        client.want(wants(own(1), new ExternalChoice.Any()));
        client.grant(client.lastSent(), 1, new Lifetime(7200));
        assertThat(client.servers().getFirst().shortest()).contains(new Lifetime(7200));
        client.receive(client.response(client.lastSent(), 0, new Lifetime(60), 1, Lockstep.EXTERNAL));
        assertThat(client.servers().getFirst().longest())
                .as("an update tells what is left")
                .isEmpty();
        client.want(wants(own(2), new ExternalChoice.Any()));
        client.grant(client.lastSent(), 2, new Lifetime(600));
        assertThat(client.servers().getFirst().longest()).contains(new Lifetime(600));
        client.want(wants(own(3), new ExternalChoice.Any()));
        client.grant(client.lastSent(), 3, HOUR);
        assertThat(client.servers().getFirst().longest()).as("not any more").isEmpty();
        assertThat(client.servers().getFirst().shortest()).isEmpty();
    }

    @Test
    @Proves("pcp:C-ERR-07")
    void aResultThatNobodyKnowsIsAnErrorOfItsLifetime() {
        long ticket = client.want(exactly(1));
        client.receive(client.response(client.lastSent(), 99, new Lifetime(60), 1, Lockstep.EXTERNAL));
        assertThat(client.answers.get(ticket)).isEqualTo(new MappingOutcome.Refused(99, new Lifetime(60)));
        client.pass(Duration.ofSeconds(59));
        assertThat(client.sent).hasSize(1);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.sent).hasSize(2);
    }

    @Test
    @Proves("pcp:C-ERR-03")
    void anAddressThatIsNotOursIsNotAskedForAgainAndAgain() {
        client.want(exactly(1));
        client.refuse(ResultCode.ADDRESS_MISMATCH, new Lifetime(1800));
        client.pass(Duration.ofSeconds(1799));
        assertThat(client.sent).hasSize(1);
    }
}
