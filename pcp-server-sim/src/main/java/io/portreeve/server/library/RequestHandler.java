package io.portreeve.server.library;

import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.PeerRequest;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.library.PcpMethods.Counter;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request goes through, in order. Source: RFC 6887 section 8.2, libpcpd. */
final class RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private final LibrarySettings settings;
    private final PcpMethods methods;
    private final Subscribers subscribers;
    private final RequestChecks checks;
    private final MapExchange maps;
    private final PeerExchange peers;

    RequestHandler(LibrarySettings settings, PcpMethods methods, Subscribers subscribers, HeldMappings held) {
        this.settings = settings;
        this.methods = methods;
        this.subscribers = subscribers;
        checks = new RequestChecks(settings);
        maps = new MapExchange(settings, methods, held, checks);
        peers = new PeerExchange(settings, methods, held);
    }

    /** {@return the octets to send; empty for what is met with silence} */
    Optional<byte[]> answer(PcpContext context, byte[] octets, MonoTime now) {
        var decoded = PcpDecoder.decodeRequest(
                ByteBuffer.wrap(octets), context.client().address(), settings.opcodes());
        if (decoded instanceof DecodedRequest.Drop(var reason)) {
            LOG.debug("nothing is said to {}: {}", context.client(), reason);
            return Optional.empty();
        }
        methods.incrementCounter(Counter.OPERATION, octets[1]); // no R bit: it would be a response
        var subscriber = subscribers.get(context, now);
        var asked = new Asked(context, subscriber.epoch(), now);
        return Optional.of(
                switch (decoded) {
                    case DecodedRequest.Refuse(var result) ->
                        PcpEncoder.error(ByteBuffer.wrap(octets), result, lifetimeOf(result), asked.epoch());
                    case DecodedRequest.Ok(var request) ->
                        octets(asked, octets, outcome(asked, subscriber.code(), octets, request));
                    case DecodedRequest.Drop _ -> throw new AssertionError("dropped above");
                });
    }

    private byte[] octets(Asked asked, byte[] request, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered(var response) -> PcpEncoder.encode(response);
            case Outcome.Refused(var code, var lifetime) -> {
                LOG.debug("{} is refused: {}", methods.id2str(asked.source()), methods.strerror(code));
                yield PcpEncoder.refusal(ByteBuffer.wrap(request), code.result(), lifetime, asked.epoch());
            }
        };
    }

    /** A CGN that fails at one request is asked the next one all the same. */
    private Outcome outcome(Asked asked, ReturnCode subscriber, byte[] octets, PcpRequest request) {
        try {
            return subscriber.isSuccess() ? ofSubscriber(asked, octets, request) : Outcome.refused(subscriber);
        } catch (RuntimeException e) {
            LOG.error("the CGN failed at a request of {}: {}", methods.id2str(asked.source()), e, e);
            return Outcome.refused(ReturnCode.ERR_PROCESSING);
        }
    }

    private Outcome ofSubscriber(Asked asked, byte[] octets, PcpRequest request) {
        request.options().forEach(option -> methods.incrementCounter(Counter.OPTION, option.code()));
        var refusal = checks.refusal(request, asked.source());
        if (refusal.isPresent()) {
            return new Outcome.Refused(ReturnCode.of(refusal.get()), lifetimeOf(refusal.get()));
        }
        var context = asked.context();
        context.thirdPartyOffset(ThirdPartyOffset.in(octets, opcode(request)));
        var authorized = methods.authorize(context, octets.length, context.thirdPartyOffset());
        return authorized.isSuccess() ? ofAuthorized(asked, request) : Outcome.refused(authorized);
    }

    private Outcome ofAuthorized(Asked asked, PcpRequest request) {
        return switch (request) {
            case AnnounceRequest _ ->
                new Outcome.Answered(new AnnounceResponse(ResultCode.SUCCESS.value(), asked.epoch()));
            case MapRequest map -> maps.outcome(asked, map);
            case PeerRequest peer -> peers.outcome(asked, peer);
            case GetRequest _ -> throw new AssertionError("is never served");
        };
    }

    private static Opcode opcode(PcpRequest request) {
        return switch (request) {
            case AnnounceRequest _ -> Opcode.ANNOUNCE;
            case MapRequest _ -> Opcode.MAP;
            case PeerRequest _ -> Opcode.PEER;
            case GetRequest _ -> Opcode.GET;
        };
    }

    /** {@return how long a refusal of the library's own lasts} A family that the CGN lacks does not come within 30 s. */
    private static Lifetime lifetimeOf(ResultCode refusal) {
        return refusal == NETWORK_FAILURE ? new Lifetime(1800) : refusal.recommendedLifetime();
    }
}
