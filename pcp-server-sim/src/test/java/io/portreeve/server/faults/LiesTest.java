package io.portreeve.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.AnnounceToAll;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerEffect.Send;
import io.portreeve.server.engine.ServerEffect.SendNatPmp;
import io.portreeve.server.engine.ServerEffect.Sent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LiesTest {
    private static final EpochTime EPOCH = new EpochTime(500);
    private static final EpochTime LATER = new EpochTime(1500);
    private static final Lifetime TWO_HOURS = new Lifetime(7200);
    private static final Lifetime SECOND = new Lifetime(1);
    private static final PcpAddress TRUE = PcpAddress.parse("203.0.114.1");
    private static final PcpAddress FALSE = PcpAddress.parse("198.51.100.99");
    private static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("100.64.0.2"), 5350);
    private static final MappingNonce NONCE = new MappingNonce(1, 2, 3);
    private static final List<PcpOption> OPTIONS = List.of(new PcpOption.PreferFailure());

    private static Sent lie(Sent message, String... words) throws Exception {
        return new Lies(Faults.NONE.with(List.of(words))).in(message);
    }

    private static Sent allLies(Sent message) throws Exception {
        return lie(message, "external=" + FALSE, "lifetime=1s", "epoch=+1000s");
    }

    private static MapResponse map(int result, Lifetime lifetime, EpochTime epoch, PcpAddress external) {
        return new MapResponse(result, lifetime, epoch, NONCE, IpProtocol.TCP, 80, 4080, external, OPTIONS);
    }

    private static PeerResponse peer(int result, Lifetime lifetime, EpochTime epoch, PcpAddress external) {
        return new PeerResponse(result, lifetime, epoch, NONCE, IpProtocol.TCP, 80, 4080, external, 443, TRUE, OPTIONS);
    }

    private static NatPmpResponse natPmp(NatPmpResult result, EpochTime epoch, Lifetime lifetime) {
        return new NatPmpMapResponse(IpProtocol.UDP, result, epoch, 53, 1053, lifetime);
    }

    @Test
    void successesLieInEverything() throws Exception {
        assertThat(allLies(new Reply(7, map(0, TWO_HOURS, EPOCH, TRUE))))
                .isEqualTo(new Reply(7, map(0, SECOND, LATER, FALSE)));
        assertThat(allLies(new Reply(7, peer(0, TWO_HOURS, EPOCH, TRUE))))
                .isEqualTo(new Reply(7, peer(0, SECOND, LATER, FALSE)));
        assertThat(allLies(new Send(Client.of(CLIENT), map(0, TWO_HOURS, EPOCH, TRUE))))
                .as("a Mapping Update")
                .isEqualTo(new Send(Client.of(CLIENT), map(0, SECOND, LATER, FALSE)));
    }

    @Test
    void errorsAndDeletionsLieInTheEpochAlone() throws Exception {
        assertThat(allLies(new Reply(7, map(11, TWO_HOURS, EPOCH, TRUE))))
                .isEqualTo(new Reply(7, map(11, TWO_HOURS, LATER, TRUE)));
        assertThat(allLies(new Reply(7, map(0, Lifetime.DELETE, EPOCH, TRUE))))
                .isEqualTo(new Reply(7, map(0, Lifetime.DELETE, LATER, TRUE)));
        assertThat(allLies(new Reply(7, peer(11, TWO_HOURS, EPOCH, TRUE))))
                .isEqualTo(new Reply(7, peer(11, TWO_HOURS, LATER, TRUE)));
        assertThat(allLies(new Refuse(7, ResultCode.NO_RESOURCES, TWO_HOURS, EPOCH)))
                .isEqualTo(new Refuse(7, ResultCode.NO_RESOURCES, TWO_HOURS, LATER));
    }

    @Test
    void announcementsAndListingsLieInTheEpoch() throws Exception {
        assertThat(allLies(new AnnounceToAll(new AnnounceResponse(0, EPOCH, OPTIONS))))
                .isEqualTo(new AnnounceToAll(new AnnounceResponse(0, LATER, OPTIONS)));
        assertThat(allLies(new Reply(7, new AnnounceResponse(0, EPOCH))))
                .isEqualTo(new Reply(7, new AnnounceResponse(0, LATER)));
        var filter = new GetTuple(IpProtocol.TCP, GetTuple.IPV4, GetTuple.IPV4, CLIENT.address(), TRUE, 80, 4080);
        assertThat(allLies(new Reply(7, new GetResponse(0, TWO_HOURS, EPOCH, NONCE, filter, OPTIONS))))
                .isEqualTo(new Reply(7, new GetResponse(0, TWO_HOURS, LATER, NONCE, filter, OPTIONS)));
    }

    @Test
    void natPmpLiesAsFarAsItCan() throws Exception {
        assertThat(allLies(new ReplyNatPmp(7, natPmp(NatPmpResult.SUCCESS, EPOCH, TWO_HOURS))))
                .isEqualTo(new ReplyNatPmp(7, natPmp(NatPmpResult.SUCCESS, LATER, SECOND)));
        assertThat(allLies(new ReplyNatPmp(7, natPmp(NatPmpResult.SUCCESS, EPOCH, Lifetime.DELETE))))
                .isEqualTo(new ReplyNatPmp(7, natPmp(NatPmpResult.SUCCESS, LATER, Lifetime.DELETE)));
        assertThat(allLies(new ReplyNatPmp(7, natPmp(NatPmpResult.NETWORK_FAILURE, EPOCH, TWO_HOURS))))
                .isEqualTo(new ReplyNatPmp(7, natPmp(NatPmpResult.NETWORK_FAILURE, LATER, TWO_HOURS)));
        assertThat(allLies(new RefuseNatPmp(7, NatPmpResult.UNSUPPORTED_VERSION, EPOCH)))
                .isEqualTo(new RefuseNatPmp(7, NatPmpResult.UNSUPPORTED_VERSION, LATER));
    }

    @Test
    void natPmpTellsAFalseAddress() throws Exception {
        var truth = new ExternalAddressResponse(NatPmpResult.SUCCESS, EPOCH, TRUE);
        assertThat(allLies(new SendNatPmp(CLIENT, truth)))
                .isEqualTo(new SendNatPmp(CLIENT, new ExternalAddressResponse(NatPmpResult.SUCCESS, LATER, FALSE)));
        assertThat(lie(new SendNatPmp(CLIENT, truth), "external=2001:db8::1"))
                .as("it has no room for IPv6")
                .isEqualTo(new SendNatPmp(CLIENT, truth));
        var error = ExternalAddressResponse.refused(NatPmpResult.NETWORK_FAILURE, EPOCH);
        assertThat(lie(new ReplyNatPmp(7, error), "external=" + FALSE)).isEqualTo(new ReplyNatPmp(7, error));
    }

    @ParameterizedTest
    @CsvSource({"-100s, 500, 400", "-1000s, 500, 0", "+10s, 4294967290, 4294967295"})
    void theEpochStaysInItsField(String added, long before, long after) throws Exception {
        var message = new Reply(7, new AnnounceResponse(0, new EpochTime(before)));
        assertThat(lie(message, "epoch=" + added))
                .isEqualTo(new Reply(7, new AnnounceResponse(0, new EpochTime(after))));
    }
}
