package io.portreeve.client.worlds;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.Lifetime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The programs on the client's machine: they want mappings, and make do with less when they are refused. */
final class Applications {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration UNTIL_CLIENT_RUNS = Duration.ofMinutes(1);

    private record Claim(MappingKey key, String owner) {}

    private final Parts parts;
    private final Map<Long, MappingRequest> waiting = new HashMap<>();
    private final Map<Claim, MappingRequest> wanted = new HashMap<>();
    private long lastTicket;
    private boolean content;

    Applications(Parts parts) {
        this.parts = parts;
    }

    void want(int mapping, String owner, ExternalChoice external, Lifetime lifetime) {
        want(new MappingRequest(SmallWorld.MAPPINGS.get(mapping), owner, external, lifetime));
    }

    private void want(MappingRequest request) {
        onceClientRuns(() -> {
            waiting.put(++lastTicket, request);
            wanted.put(new Claim(request.key(), request.owner()), request);
            parts.client.pcp().want(lastTicket, request);
        });
    }

    void release(int mapping, String owner) {
        release(owner, SmallWorld.MAPPINGS.get(mapping));
    }

    private void release(String owner, MappingKey key) {
        onceClientRuns(() -> {
            wanted.remove(new Claim(key, owner));
            parts.client.pcp().release(++lastTicket, owner, key);
        });
    }

    void audit() {
        onceClientRuns(() -> parts.client.pcp().audit(++lastTicket));
    }

    private void onceClientRuns(Runnable ask) {
        if (content) {
            return;
        }
        if (parts.client.isRunning()) {
            ask.run();
        } else {
            parts.time.after(UNTIL_CLIENT_RUNS, () -> onceClientRuns(ask));
        }
    }

    /** Nobody will answer any more. */
    void clientDied() {
        waiting.clear();
    }

    void answered(long ticket, MappingOutcome outcome) {
        var request = waiting.remove(ticket);
        if (outcome instanceof MappingOutcome.Refused && request != null) {
            parts.time.after(parts.chance.within(PATIENCE), () -> giveIn(request));
        }
    }

    /** Whoever cannot have the one port takes another; whoever can have none gives up. */
    private void giveIn(MappingRequest refused) {
        if (refused.external() instanceof ExternalChoice.Exactly) {
            want(new MappingRequest(refused.key(), refused.owner(), new ExternalChoice.Any(), refused.lifetime()));
        } else {
            release(refused.owner(), refused.key());
        }
    }

    void lost(MappingKey key) {
        for (var owner : SmallWorld.OWNERS) {
            var request = wanted.remove(new Claim(key, owner));
            if (request != null) {
                parts.time.after(parts.chance.within(PATIENCE), () -> want(request));
            }
        }
    }

    /** In the end the first so many keep what they have, whatever it is, and the others do without. */
    void settleFor(int kept) {
        int seen = 0;
        for (var view : parts.listing()) {
            if (seen++ < kept) {
                want(new MappingRequest(view.key(), view.owner(), new ExternalChoice.Any(), new Lifetime(7200)));
            } else {
                release(view.owner(), view.key());
            }
        }
        content = true;
    }
}
