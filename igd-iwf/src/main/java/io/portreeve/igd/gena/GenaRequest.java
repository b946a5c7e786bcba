package io.portreeve.igd.gena;

import io.portreeve.igd.gena.GenaAnswer.Refused;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/** What a SUBSCRIBE or UNSUBSCRIBE asks. UPnP Device Architecture 1.1 sections 4.1.2 to 4.1.4; for TIMEOUT see {@link GenaEngine}. */
sealed interface GenaRequest {

    /** @param event what it is to the engine, by the number of the call */
    record Right(LongFunction<GenaEvent> event) implements GenaRequest {}

    record Wrong(Refused answer) implements GenaRequest {}

    static GenaRequest subscribe(String path, Caller caller, Function<String, List<String>> headers) {
        if (!headers.apply("SID").isEmpty()) {
            return existing(headers, (call, sid) -> new GenaEvent.Renew(call, path, caller.address(), sid));
        }
        var callback = headers.apply("CALLBACK");
        if (callback.size() != 1 || !headers.apply("NT").equals(List.of("upnp:event"))) {
            return new Wrong(Refused.PRECONDITION_FAILED);
        }
        return CallbackUrl.first(callback.getFirst(), caller.address())
                .<GenaRequest>map(url -> new Right(call -> new GenaEvent.Subscribe(call, path, caller.reached(), url)))
                .orElse(new Wrong(Refused.PRECONDITION_FAILED));
    }

    static GenaRequest unsubscribe(String path, Caller caller, Function<String, List<String>> headers) {
        return existing(headers, (call, sid) -> new GenaEvent.Unsubscribe(call, path, caller.address(), sid));
    }

    /** NT and CALLBACK belong to new subscriptions, SID to others. */
    private static GenaRequest existing(Function<String, List<String>> headers, AboutOne about) {
        if (!headers.apply("NT").isEmpty() || !headers.apply("CALLBACK").isEmpty()) {
            return new Wrong(Refused.BAD_REQUEST);
        }
        var sids = headers.apply("SID");
        return sids.size() == 1
                ? new Right(call -> about.event(call, sids.getFirst()))
                : new Wrong(Refused.PRECONDITION_FAILED);
    }

    /** The event of a request about one subscription, which there may or may not be. */
    @FunctionalInterface
    interface AboutOne {
        GenaEvent event(long call, String sid);
    }
}
