package io.portreeve.client.engine;

import io.portreeve.client.engine.MappingState.ErrorWaitResend;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.Refreshing;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.util.Optional;

/** What a server will not do, as far as its answers have shown. */
final class ServerLimits {
    private final HoldOffs holds = new HoldOffs();
    private final Capabilities capabilities = new Capabilities();

    Capabilities capabilities() {
        return capabilities;
    }

    boolean isFull(MonoTime now) {
        return capabilities.isFull(now) || holds.isFull(now);
    }

    /** {@return true if it is to be asked for nothing at all} */
    boolean isSpared(MonoTime now) {
        return holds.isSpared(now);
    }

    /** {@return what the server would say, as far as it has said it before} */
    Optional<KnownRefusal> refusal(Mapping mapping, Optional<PcpAddress> source, MonoTime now) {
        var until = holds.until(mapping);
        return now.isBefore(until)
                ? Optional.of(new KnownRefusal(ResultCode.NO_RESOURCES.value(), until))
                : source.flatMap(it -> capabilities.refusal(mapping.request(it, now), now));
    }

    /** @param mapping as it was asked for */
    void learn(Mapping mapping, Said response, Optional<PcpAddress> source, MonoTime now) {
        if (!response.isSuccess()) {
            var hold = Lifecycle.hold(response.lifetime());
            holds.refused(mapping, response.result(), hold, now);
            source.ifPresent(it -> capabilities.refused(mapping.request(it, now), response.result(), hold, now));
        } else if (mapping.wanted() instanceof Wanted.Kept kept) {
            holds.granted(now);
            capabilities.granted();
            askedAt(mapping).ifPresent(at -> capabilities.learn(kept.left(at), response.lifetime()));
        }
    }

    /** {@return when the request left that is answered now} What comes for another state is no answer, but an update. */
    private static Optional<MonoTime> askedAt(Mapping mapping) {
        return switch (mapping.state()) {
            case WaitResponse waiting -> Optional.of(waiting.lastSent());
            case Refreshing(var _, var _, var lastSent) -> Optional.of(lastSent);
            case NotSent(), Mapped _, ErrorWaitResend _ -> Optional.empty();
        };
    }

    /** Another server, or another way to it, begins anew. */
    void forget() {
        holds.forget();
        capabilities.forget();
    }
}
