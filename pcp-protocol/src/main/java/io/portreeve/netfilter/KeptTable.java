package io.portreeve.netfilter;

import io.portreeve.netfilter.MapEntries.Step;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.Owned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wanted of a table, and what it takes to have the kernel agree. */
final class KeptTable implements Owned<TableEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(KeptTable.class);

    /** Between two looks at what others do, so that a quarrel with another program costs little. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final MapEntries entries;
    private final Conntrack connections;
    private final WantedEntries wanted = new WantedEntries();
    private Ruleset rules;

    /** What nft says of the table since it was installed. */
    private String listing = "";

    private MonoTime lookDue = MonoTime.NEVER;
    private MonoTime lookedLast;
    private boolean broken;

    private KeptTable(Ruleset rules, MapEntries entries, Conntrack connections) {
        this.rules = rules;
        this.entries = entries;
        this.connections = connections;
    }

    static KeptTable install(Ruleset rules, NetlinkSocket socket) throws NetlinkException, NetfilterException {
        var table = new KeptTable(rules, new MapEntries(socket, rules.name()), Conntrack.of(socket));
        table.wanted.putAll(table.inKernel());
        table.rebuild();
        return table;
    }

    String name() {
        return rules.name();
    }

    Set<Element> elements() {
        return wanted.all();
    }

    private Set<Element> inKernel() throws NetlinkException {
        var found = new HashSet<Element>();
        for (var map : rules.maps()) {
            entries.dump(map).ifPresent(found::addAll);
        }
        return found;
    }

    private void rebuild() throws NetfilterException {
        Nft.run(rules.script(wanted.all()));
        listing = Nft.listing(rules.name());
    }

    @Override
    public MonoTime nextDue() {
        return lookDue;
    }

    @Override
    public void handle(List<TableEvent> events, MonoTime now) {
        var changes = new ArrayList<TableEvent.Change>();
        for (var event : events) {
            switch (event) {
                case TableEvent.Change change -> changes.add(change);
                case TableEvent.Chains chains -> {
                    apply(changes);
                    changes.clear();
                    replace(chains);
                }
                case TableEvent.Touched() -> lookDue = lookDue.earlier(soonest(now));
            }
        }
        apply(changes);
        if (!now.isBefore(lookDue)) {
            look(now);
        }
    }

    private MonoTime soonest(MonoTime now) {
        return lookedLast == null || now.isAfter(lookedLast.plus(PAUSE)) ? now : lookedLast.plus(PAUSE);
    }

    /** Those that fail together are tried one by one, so that none suffers for another. */
    private void apply(List<TableEvent.Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        var steps = new ArrayList<Step>();
        changes.forEach(change -> steps.addAll(wanted.change(change.change())));
        try {
            write(steps);
        } catch (NetfilterException e) {
            wanted.undo(steps);
            failed(changes, e);
            return;
        }
        cut(changes.stream().flatMap(it -> it.change().ended().stream()).toList());
        changes.forEach(change -> change.done().complete(null));
    }

    private void failed(List<TableEvent.Change> changes, NetfilterException why) {
        if (changes.size() == 1) {
            changes.getFirst().done().completeExceptionally(why);
        } else {
            changes.forEach(change -> apply(List.of(change)));
        }
    }

    /** A table that somebody flushed, or that is not as we think, is built anew with the change in it. */
    private void write(List<Step> steps) throws NetfilterException {
        if (steps.isEmpty()) {
            return;
        }
        if (steps.size() <= MapEntries.MOST_AT_ONCE) {
            try {
                entries.commit(steps);
                return;
            } catch (NetlinkException e) {
                rebuild();
                LOG.warn("table {}: {}; built anew with {} entries", rules.name(), e.getMessage(), wanted.size());
                return;
            }
        }
        rebuild();
    }

    private void cut(List<OuterEndpoint> ends) {
        try {
            connections.cut(ends);
        } catch (NetlinkException e) {
            LOG.error(
                    "table {}: connections of {} mapping(s) that ended go on: {}",
                    rules.name(),
                    ends.size(),
                    e.getMessage());
        }
    }

    private void replace(TableEvent.Chains chains) {
        var before = rules;
        rules = rules.with(chains.chains());
        try {
            rebuild();
            chains.done().complete(null);
        } catch (NetfilterException e) {
            rules = before;
            chains.done().completeExceptionally(e);
        }
    }

    /** Compares what is with what should be. Our own building is seen here too, and found in order. */
    private void look(MonoTime now) {
        lookDue = MonoTime.NEVER;
        lookedLast = now;
        try {
            if (!Nft.listing(rules.name()).equals(listing) || !inKernel().equals(wanted.all())) {
                rebuild();
                LOG.warn(
                        "table {} was changed by another program; built anew with {} entries",
                        rules.name(),
                        wanted.size());
            }
            broken = false;
        } catch (NetfilterException | NetlinkException e) {
            if (!broken) {
                LOG.error("table {} cannot be kept: {}; tried again until it can", rules.name(), e.getMessage());
            }
            broken = true;
            lookDue = now.plus(PAUSE);
        }
    }
}
