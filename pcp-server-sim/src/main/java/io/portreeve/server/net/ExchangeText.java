package io.portreeve.server.net;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.PeerResponse;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import java.util.Optional;

/** An exchange in words, without the nonce, which is a secret. */
final class ExchangeText {
    private ExchangeText() {}

    static String of(Exchange exchange, Answer answer) {
        var client = exchange.client();
        var asked = exchange.request()
                .map(ExchangeText::asked)
                .orElse(exchange.octets().length + " octets from " + client.address());
        var tunnel = client.isTunnelled() ? "in the tunnel of " + client.subscriber() + ": " : "";
        return tunnel + asked + " -> " + answered(answer);
    }

    private static String asked(PcpRequest request) {
        return switch (request) {
            case AnnounceRequest announce -> "ANNOUNCE from " + announce.client();
            case MapRequest map -> asked(map);
            case PeerRequest peer -> asked(peer);
            case GetRequest get ->
                "GET from " + get.client() + get.next().map(ExchangeText::from).orElse("");
        };
    }

    private static String asked(MapRequest map) {
        var forWhom = forWhom(map.thirdParty());
        var what = map.protocol() + " " + map.internalPort();
        var wish = map.lifetime().isDelete() ? "delete " + what : what + ", " + wish(map) + ", for " + howLong(map);
        return "MAP from " + map.client() + forWhom + ": " + wish;
    }

    private static String asked(PeerRequest peer) {
        return "PEER from " + peer.client() + forWhom(peer.thirdParty()) + ": " + peer.protocol() + " "
                + peer.internalPort() + " to " + new Endpoint(peer.remoteAddress(), peer.remotePort());
    }

    private static String forWhom(Optional<PcpAddress> thirdParty) {
        return thirdParty.map(internal -> " for " + internal).orElse("");
    }

    private static String from(NextRequest next) {
        var where = next.locator().isAny() ? " the first" : " what follows";
        return where + (next.end() ? " one" : " ones");
    }

    private static String howLong(MapRequest map) {
        return map.lifetime().equals(Lifetime.INFINITE)
                ? "as long as possible"
                : map.lifetime().toString();
    }

    private static String wish(MapRequest map) {
        if (map.suggestedPort() == 0) {
            return "wants any external port";
        }
        var port = map.suggestedAddress().isUnspecified()
                ? "external port " + map.suggestedPort()
                : "external " + new Endpoint(map.suggestedAddress(), map.suggestedPort());
        return map.prefersFailure() ? "wants " + port + " or nothing" : "suggests " + port;
    }

    private static String answered(Answer answer) {
        return switch (answer) {
            case Reply(var _, var response) -> answered(response);
            case Refuse(var _, var result, var lifetime, var _) -> result + " for " + lifetime;
            case ReplyNatPmp(var _, var response) -> "NAT-PMP " + response;
            case RefuseNatPmp(var _, var result, var _) -> "NAT-PMP " + result;
            case Ignore _ -> "silence";
        };
    }

    private static String answered(PcpResponse response) {
        return switch (response) {
            case AnnounceResponse announce -> "SUCCESS, epoch " + announce.epoch();
            case MapResponse map when map.lifetime().isDelete() -> "SUCCESS, no such mapping any more";
            case MapResponse map ->
                "SUCCESS " + new Endpoint(map.assignedAddress(), map.assignedPort()) + " for " + map.lifetime();
            case PeerResponse peer ->
                "SUCCESS " + new Endpoint(peer.assignedAddress(), peer.assignedPort()) + " for " + peer.lifetime();
            case GetResponse get -> "SUCCESS, " + get.mappings().size() + " mappings";
        };
    }
}
