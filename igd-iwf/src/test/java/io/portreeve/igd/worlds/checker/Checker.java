package io.portreeve.igd.worlds.checker;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Says whether what is seen of a home can be right. */
public final class Checker {
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    /** How long the gateway takes to take notice. */
    private static final Duration NOTICING = Duration.ofMillis(20);

    private final Dumps dumps;
    private final Promises promises;
    private final HeardGrants heard = new HeardGrants();
    private final ToldGrants told = new ToldGrants();
    private final Numbers numbers = new Numbers();
    private final RangeWatch ranges = new RangeWatch();
    private final TableRules table;
    private final Replies replies;
    private final Map<Long, Asked> open = new HashMap<>();
    private boolean hasStarted;

    /** @param ofHost entries of one host at most @param ofLan of all */
    public Checker(Dumps dumps, int ofHost, int ofLan) {
        this.dumps = dumps;
        promises = new Promises(dumps);
        table = new TableRules(ofHost, ofLan);
        replies = new Replies(dumps, promises, heard, told);
    }

    /** The gateway starts. @param kept what its client has */
    public void starts(Collection<MappingView> kept) {
        hasStarted = true;
        told.starts(kept, dumps.time());
    }

    public void wanIs(Optional<PcpAddress> address) {
        replies.wanIs(address);
    }

    /** Nobody will reply to what was asked. */
    public void died() {
        open.clear();
        ranges.clear();
        replies.wanIs(Optional.empty());
    }

    /** The gateway dies before it could store the number that it told last. */
    public void numberIsForgotten() {
        numbers.clear();
    }

    /** All that the gateway has stored is gone. */
    public void filesRemoved() {
        promises.clear();
        numbers.clear();
        table.clear();
    }

    public void calls(long id, PcpAddress host, IgdFace face, IgdAction action) {
        var asked = new Asked(id, host, face, action, dumps.time(), dumps.rows());
        open.put(id, asked);
        ranges.calls(asked);
        if (action instanceof IgdAction.DeletePortMappingRange) {
            ranges.begins(asked, promises.all());
        }
        promises.release(asked::concerns);
        dumps.after(DEADLINE.plus(NOTICING), () -> {
            if (open.containsKey(id)) {
                throw new InvariantBroken("deadline", asked + " has no reply");
            }
        });
    }

    public void replied(long id, IgdReply reply) {
        var asked = open.remove(id);
        if (asked == null) {
            throw new InvariantBroken("reply", reply + " to " + id + ", to which nobody waits for a reply");
        }
        if (reply instanceof IgdReply.Done) {
            ranges.deleted(asked, dumps.rows());
        }
        ranges.replied(asked);
        if (asked.action() instanceof IgdAction.GetListOfPortMappings) {
            ranges.lists(asked, reply);
        }
        replies.check(asked, reply)
                .filter(promise -> open.values().stream().noneMatch(it -> it.concerns(promise)))
                .ifPresent(promises::make);
    }

    public void sends(MapRequest request) {
        heard.sends(request);
    }

    public void hears(MapResponse response) {
        heard.hears(response, dumps.time());
    }

    public void asks(long id, MappingKey key) {
        told.asks(id, key);
    }

    public void releases(long id, MappingKey key) {
        told.releases(id, key);
        heard.released(key);
    }

    public void answered(long id, MappingOutcome outcome) {
        var key = told.answered(id, outcome, dumps.time());
        switch (outcome) {
            case MappingOutcome.Granted(var external, var _, int _) -> key.ifPresent(it -> served(it, external.port()));
            case MappingOutcome.Refused _, MappingOutcome.HeldByOther _ -> key.ifPresent(this::lost);
            case MappingOutcome.Released(), MappingOutcome.Unreachable() -> {} // nothing has changed
        }
    }

    public void told(MappingEvent event) {
        told.told(event, dumps.time());
        switch (event) {
            case MappingEvent.Granted(var key, var external) -> served(key, external.port());
            case MappingEvent.Lost(var key) -> lost(key);
        }
    }

    private void served(MappingKey inside, int port) {
        boolean hasMoved = promises.all().stream()
                .anyMatch(it -> it.row().inside().equals(inside) && it.key().externalPort() != port);
        if (hasMoved) {
            lost(inside);
        }
    }

    private void lost(MappingKey inside) {
        ranges.lost(inside);
        promises.lost(inside);
    }

    public void published(GatewayState state) {
        if (hasStarted) {
            numbers.starts(state, dumps.rows());
            hasStarted = false;
        }
        numbers.published(state, dumps.rows());
    }

    /** {@return what subscribers were told last} */
    public Optional<GatewayState> published() {
        return numbers.last();
    }

    /** The disk may have changed. */
    public void stored() {
        table.check(dumps.rows());
        if (promises.isSettled()) {
            TableRules.checkInside(dumps.rows());
        }
        promises.checkDisk();
    }

    /** The kernel may have changed. */
    public void translated() {
        promises.checkNat();
    }

    public void look() {
        stored();
        translated();
        promises.checkLeases();
    }
}
