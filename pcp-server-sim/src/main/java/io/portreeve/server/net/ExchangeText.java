package io.portreeve.server.net;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;

/** An exchange in words, without the nonce, which is a secret. */
final class ExchangeText {
    private ExchangeText() {}

    static String of(Exchange exchange, Answer answer) {
        var source = PcpAddress.of(exchange.client().getAddress());
        return exchange.request().map(ExchangeText::asked).orElse(exchange.octets().length + " octets from " + source)
                + " -> " + answered(answer);
    }

    private static String asked(PcpRequest request) {
        return switch (request) {
            case AnnounceRequest(var client) -> "ANNOUNCE from " + client;
            case MapRequest map -> asked(map);
        };
    }

    private static String asked(MapRequest map) {
        var forWhom = map.thirdParty().map(internal -> " for " + internal).orElse("");
        var what = map.protocol() + " " + map.internalPort();
        var wish = map.lifetime().isDelete() ? "delete " + what : what + ", " + wish(map) + ", for " + howLong(map);
        return "MAP from " + map.client() + forWhom + ": " + wish;
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
            case Ignore _ -> "silence, the same request is being worked on";
        };
    }

    private static String answered(PcpResponse response) {
        return switch (response) {
            case AnnounceResponse(var _, var epoch) -> "SUCCESS, epoch " + epoch;
            case MapResponse map when map.lifetime().isDelete() -> "SUCCESS, no such mapping any more";
            case MapResponse map ->
                "SUCCESS " + new Endpoint(map.assignedAddress(), map.assignedPort()) + " for " + map.lifetime();
        };
    }
}
