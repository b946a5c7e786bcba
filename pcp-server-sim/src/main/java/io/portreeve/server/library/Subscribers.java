package io.portreeve.server.library;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.engine.ServerEpoch;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Asks the CGN for subscribers; with the flag CACHE once for each. */
final class Subscribers {
    private final PcpMethods methods;
    private final boolean caches;
    private final Map<PcpAddress, ServerEpoch> known = new HashMap<>();

    Subscribers(PcpMethods methods, LibrarySettings settings) {
        this.methods = methods;
        caches = settings.has(LibraryFlag.CACHE);
    }

    SubscriberAnswer get(PcpContext context, MonoTime now) {
        var epoch = known.get(context.client().address());
        if (epoch != null) {
            return SubscriberAnswer.ok(epoch.at(now));
        }
        var answer = methods.getSubscriber(context);
        if (caches && answer.code().isSuccess()) {
            var age = Duration.ofSeconds(answer.epoch().seconds());
            known.put(context.client().address(), new ServerEpoch(now.plus(age.negated())));
        }
        return answer;
    }

    void forget(PcpAddress subscriber) {
        known.remove(subscriber);
    }

    void forgetAll() {
        known.clear();
    }
}
