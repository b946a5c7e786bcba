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

    private static final int MOST_ATTEMPTS = 10;

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
        var table = new KeptTable(rules, new MapEntries(socket, rules), Conntrack.of(socket));
        table.wanted.putAll(table.inKernel());
        table.install();
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

    /**
     * Puts the rules in place and learns how nft writes them. What another program changes in between would be learned with
     * them, so it is done again until nobody did.
     */
    private void install() throws NetlinkException, NetfilterException {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            int before = entries.generation();
            renewRules();
            listing = Nft.listing(rules.table());
            if (entries.generation() == before + 1 && !listing.isEmpty()) {
                return;
            }
        }
        if (listing.isEmpty()) {
            throw new NetfilterException("nft does not list what it has just written");
        }
    }

    /** Leaves the entries alone, or builds anew what is not as we think. */
    private void renewRules() throws NetfilterException {
        try {
            Nft.run(rules.renewal());
        } catch (NetfilterException e) {
            rebuild();
        }
    }

    private void rebuild() throws NetfilterException {
        Nft.run(rules.script(wanted.all()));
        wanted.countedAnew();
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

    /** A change, and the steps that it takes in the kernel. */
    private record Work(TableEvent.Change change, List<Step> steps) {}

    /** What was there all the time has been counted all the time. */
    private static List<Element> restored(Work work) {
        return work.steps().stream()
                .filter(Step.Add.class::isInstance)
                .map(Step::element)
                .filter(work.change().restored()::contains)
                .toList();
    }

    /** Those that fail together are tried one by one, so that none suffers for another. */
    private void apply(List<TableEvent.Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        var works = changes.stream()
                .map(change -> new Work(change, wanted.change(change.change())))
                .toList();
        var steps = works.stream().flatMap(work -> work.steps().stream()).toList();
        works.forEach(work -> wanted.countLate(restored(work)));
        try {
            var idle = write(steps);
            cut(works.stream().filter(work -> mayHaveConnections(work, idle)).toList());
        } catch (NetfilterException e) {
            wanted.undo(steps);
            failed(changes, e);
            return;
        }
        changes.forEach(change -> change.done().complete(null));
    }

    /**
     * Looking for connections costs more the more there are in this machine, of whomever; most mappings never had one. What was
     * to be removed and had been replaced before may have had some, and so may what stays.
     */
    private static boolean mayHaveConnections(Work work, Set<Element> idle) {
        var gone = new HashSet<>(work.change().change().removed());
        work.steps().stream()
                .filter(Step.Delete.class::isInstance)
                .map(Step::element)
                .forEach(gone::add);
        return gone.isEmpty() || !idle.containsAll(gone);
    }

    private void failed(List<TableEvent.Change> changes, NetfilterException why) {
        if (changes.size() == 1) {
            changes.getFirst().done().completeExceptionally(why);
        } else {
            changes.forEach(change -> apply(List.of(change)));
        }
    }

    /**
     * Has the kernel do it; a table that somebody flushed, or that is not as we think, is built anew with the change in it.
     *
     * @return the deleted entries that no connection ever used
     */
    private Set<Element> write(List<Step> steps) throws NetfilterException {
        if (steps.isEmpty()) {
            return Set.of();
        }
        if (steps.size() > MapEntries.MOST_AT_ONCE) {
            rebuild();
            return Set.of();
        }
        try {
            var idle = entries.commit(steps);
            idle.removeAll(countedLate(steps));
            return idle;
        } catch (NetlinkException e) {
            rebuild();
            LOG.warn("table {}: {}; built anew with {} entries", rules.name(), e.getMessage(), wanted.size());
            return Set.of();
        }
    }

    private List<Element> countedLate(List<Step> steps) {
        return steps.stream()
                .filter(Step.Delete.class::isInstance)
                .map(Step::element)
                .filter(wanted::countsLateFor)
                .toList();
    }

    private void cut(List<Work> works) {
        var ends = works.stream()
                .flatMap(work -> work.change().change().ended().stream())
                .toList();
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
            install();
            chains.done().complete(null);
        } catch (NetlinkException | NetfilterException e) {
            rules = before;
            chains.done().completeExceptionally(new NetfilterException(e.getMessage()));
        }
    }

    /** Compares what is with what should be. Our own building is seen here too, and found in order. */
    private void look(MonoTime now) {
        lookDue = MonoTime.NEVER;
        lookedLast = now;
        try {
            if (!Nft.listing(rules.table()).equals(listing) || !inKernel().equals(wanted.all())) {
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
