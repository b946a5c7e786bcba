package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.ResultCode;
import java.util.ArrayList;
import java.util.List;

/** One event being handled: its time, and what it leads to, in order. */
final class Step {
    final MonoTime now;
    final EpochTime epoch;
    private final List<ServerEffect> effects = new ArrayList<>();

    Step(MonoTime now, EpochTime epoch) {
        this.now = now;
        this.epoch = epoch;
    }

    void add(ServerEffect effect) {
        effects.add(effect);
    }

    void reply(long requestId, PcpResponse response) {
        add(new ServerEffect.Reply(requestId, response));
    }

    void refuse(long requestId, ResultCode result) {
        refuse(requestId, result, result.recommendedLifetime());
    }

    void refuse(long requestId, ResultCode result, Lifetime lifetime) {
        add(new ServerEffect.Refuse(requestId, result, lifetime, epoch));
    }

    List<ServerEffect> effects() {
        return effects;
    }
}
