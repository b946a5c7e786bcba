package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.SubscriberId;
import java.util.HashMap;
import java.util.Map;

/** The server's epoch, and that of each subscriber whose mappings alone were lost. Source: RFC 6887 section 8.5. */
final class Epochs {
    private final Map<SubscriberId, ServerEpoch> own;
    private ServerEpoch common;

    Epochs(ServerEpoch common, Map<SubscriberId, ServerEpoch> own) {
        this.common = common;
        this.own = new HashMap<>(own);
    }

    EpochTime of(SubscriberId subscriber, MonoTime now) {
        return own.getOrDefault(subscriber, common).at(now);
    }

    EpochTime common(MonoTime now) {
        return common.at(now);
    }

    /** Writes all of them. */
    void save(Step step) {
        step.add(new ServerEffect.SaveEpoch(common));
        own.forEach((subscriber, epoch) -> step.add(new ServerEffect.SaveOwnEpoch(subscriber, epoch)));
    }

    /** All mappings are lost. */
    ServerEpoch reset(MonoTime now) {
        common = new ServerEpoch(now);
        own.clear();
        return common;
    }

    /** The mappings of {@code subscriber} are lost. */
    ServerEpoch reset(SubscriberId subscriber, MonoTime now) {
        var epoch = new ServerEpoch(now);
        own.put(subscriber, epoch);
        return epoch;
    }
}
