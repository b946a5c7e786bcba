package io.portreeve.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExchangeTextTest {
    private static final PcpAddress CLIENT = PcpAddress.parse("100.64.0.2");
    private static final EpochTime EPOCH = new EpochTime(12);
    private static final Answer REFUSED = new Refuse(1, ResultCode.CANNOT_PROVIDE_EXTERNAL, new Lifetime(30), EPOCH);

    private static String text(PcpRequest request, Answer answer) {
        return text(Optional.of(request), answer);
    }

    private static String text(Optional<PcpRequest> request, Answer answer) {
        return text(Client.of(new Endpoint(CLIENT, 49152)), request, answer);
    }

    private static String text(Client client, Optional<PcpRequest> request, Answer answer) {
        return ExchangeText.of(new Exchange(client, _ -> {}, new byte[61], request), answer);
    }

    private static MapRequest map(long lifetime, int suggestedPort, String suggestedAddress, PcpOption... options) {
        return new MapRequest(
                new Lifetime(lifetime),
                CLIENT,
                new MappingNonce(0x5ECE7, 0x5ECE7, 0x5ECE7),
                IpProtocol.TCP,
                8080,
                suggestedPort,
                PcpAddress.parse(suggestedAddress),
                List.of(options));
    }

    private static Answer granted(long lifetime) {
        var response = new MapResponse(
                0,
                new Lifetime(lifetime),
                EPOCH,
                new MappingNonce(0x5ECE7, 0x5ECE7, 0x5ECE7),
                IpProtocol.TCP,
                8080,
                8080,
                PcpAddress.parse("203.0.114.1"),
                List.of());
        return new Reply(1, response);
    }

    @Test
    void saysWhoWantsWhatAndWhatBecameOfIt() {
        var third = new PcpOption.ThirdParty(PcpAddress.parse("192.168.1.10"));
        assertThat(text(map(3600, 8080, "0.0.0.0", third, new PcpOption.PreferFailure()), granted(3600)))
                .isEqualTo(
                        "MAP from 100.64.0.2 for 192.168.1.10: TCP 8080, wants external port 8080 or nothing, for 3600 s"
                                + " -> SUCCESS 203.0.114.1:8080 for 3600 s");
        assertThat(text(map(3600, 0, "0.0.0.0"), REFUSED))
                .isEqualTo("MAP from 100.64.0.2: TCP 8080, wants any external port, for 3600 s"
                        + " -> CANNOT_PROVIDE_EXTERNAL for 30 s");
        assertThat(text(map(60, 80, "203.0.114.9"), granted(120)))
                .isEqualTo("MAP from 100.64.0.2: TCP 8080, suggests external 203.0.114.9:80, for 60 s"
                        + " -> SUCCESS 203.0.114.1:8080 for 120 s");
        assertThat(text(map(0xFFFF_FFFFL, 0, "0.0.0.0"), granted(120)))
                .contains("wants any external port, for as long as possible");
        assertThat(text(map(0, 0, "0.0.0.0"), granted(0)))
                .isEqualTo("MAP from 100.64.0.2: delete TCP 8080 -> SUCCESS, no such mapping any more");
        assertThat(text(map(60, 0, "0.0.0.0"), new Ignore(1))).endsWith(" -> silence");
        assertThat(text(new AnnounceRequest(CLIENT), new Reply(1, new AnnounceResponse(0, EPOCH))))
                .isEqualTo("ANNOUNCE from 100.64.0.2 -> SUCCESS, epoch 12 s");
        assertThat(text(Optional.empty(), new Refuse(1, ResultCode.MALFORMED_REQUEST, new Lifetime(1800), EPOCH)))
                .isEqualTo("61 octets from 100.64.0.2 -> MALFORMED_REQUEST for 1800 s");
    }

    @Test
    void aClientInATunnelIsToldApartByTheTunnel() {
        var inside = new Endpoint(CLIENT, 49152);
        var behind = new Client(new SubscriberId(PcpAddress.parse("2001:db8::b4")), inside);
        assertThat(text(behind, Optional.empty(), REFUSED))
                .isEqualTo(
                        "in the tunnel of 2001:db8:0:0:0:0:0:b4: 61 octets from 100.64.0.2 -> CANNOT_PROVIDE_EXTERNAL for 30 s");
    }
}
