package io.portreeve.client.engine;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingKey;
import io.portreeve.client.engine.MappingState.ErrorWaitResend;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.NotSent;
import io.portreeve.client.engine.MappingState.Refreshing;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the table and what a server has the same again: what is missing there is asked for, what is otherwise there is taken
 * over, and what nobody wants is deleted. Source: draft-boucadair-pcp-failure section 3.
 */
final class Reconciliation {
    private final String server;
    private final MappingTable table;
    private final Asking asking;
    private final Outcomes outcomes;
    private final Recreation missing;
    private final MonoTime claimed;
    private int same;
    private int corrected;
    private int missed;
    private int stale;

    /**
     * @param missing when to ask for what is not there
     * @param claimed when to delete what nobody has wanted by then
     */
    Reconciliation(
            String server, MappingTable table, Asking asking, Outcomes outcomes, Recreation missing, MonoTime claimed) {
        this.server = server;
        this.table = table;
        this.asking = asking;
        this.outcomes = outcomes;
        this.missing = missing;
        this.claimed = claimed;
    }

    /** @param silent the servers that have not told all */
    AuditReport report(List<String> silent) {
        return new AuditReport(same, corrected, missed, stale, silent);
    }

    /** Takes what the server has of one host for true. */
    List<Effect> with(Walk walk, PcpAddress source, EpochTime epoch, MonoTime now) {
        var effects = new ArrayList<Effect>();
        var listed = new HashSet<MappingKey>();
        for (var next : walk.found()) {
            var comparison = new Comparison(next, source, walk.nonce(), walk.began(), now);
            comparison.key().filter(_ -> comparison.isOf(walk.host())).ifPresent(key -> {
                var mapping = table.get(key).or(() -> table.get(key.of(source)));
                listed.add(mapping.map(Mapping::key).orElse(key));
                effects.addAll(mapping.map(it -> compare(it, comparison, epoch, now))
                        .orElseGet(() -> stale(key, comparison, now)));
            });
        }
        askForMissing(walk, source, listed, now);
        return effects;
    }

    /** A request that is under way settles it anyway; so does one that soon will be. */
    private List<Effect> compare(Mapping mapping, Comparison listed, EpochTime epoch, MonoTime now) {
        if (!mapping.isWanted()) {
            return List.of(); // it is being deleted, or will be
        }
        boolean isMistaken = switch (mapping.state()) {
            case Mapped(var grant) -> !listed.agrees(grant);
            case Refreshing(var grant, var _, var _) -> !listed.agrees(grant);
            case NotSent(), WaitResponse _, ErrorWaitResend _ -> false;
        };
        if (!isMistaken || !listed.itsNonce().equals(mapping.nonce())) {
            same++;
            return List.of();
        }
        corrected++;
        var said = new Said(
                mapping.key(), mapping.nonce(), 0, listed.listed().remaining(), epoch, listed.external(), List.of());
        return asking.onResponse(mapping, said, now)
                .map(step -> outcomes.answered(mapping, step))
                .orElse(List.of());
    }

    /** What another client on this host has is left to it, but is there for whoever wants the same again. */
    private List<Effect> stale(MappingKey key, Comparison listed, MonoTime now) {
        var nonce = listed.itsNonce();
        boolean isOurs = nonce.equals(listed.nonce());
        var gone = new Mapping(
                server,
                key,
                Mapping.NOBODY,
                nonce,
                new Wanted.Gone(listed.ports(), listed.isFiltered()),
                Optional.of(listed.external()),
                listed.end(),
                Optional.empty(),
                new NotSent());
        table.put(gone, isOurs ? claimed.later(now) : listed.end());
        if (isOurs) {
            stale++;
        }
        return isOurs ? List.of(new Effect.Save(gone)) : List.of();
    }

    private void askForMissing(Walk walk, PcpAddress source, Set<MappingKey> listed, MonoTime now) {
        for (var mapping : List.copyOf(table.all())) {
            if (isCovered(mapping, walk, source) && !listed.contains(mapping.key())) {
                missed++;
                table.put(mapping.with(new NotSent()), missing.nextFrom(now));
            }
        }
    }

    /** {@return true if the walk would have come by {@code mapping}, which was there when it began} */
    private static boolean isCovered(Mapping mapping, Walk walk, PcpAddress source) {
        boolean isListable = mapping.isWanted()
                && mapping.key().remotePeer().isEmpty()
                && mapping.nonce().equals(walk.nonce())
                && mapping.key().thirdParty().filter(it -> !it.equals(source)).equals(walk.host());
        return isListable
                && (mapping.state() instanceof Mapped || mapping.state() instanceof Refreshing)
                && mapping.state()
                        .holding()
                        .filter(it -> it.at().isBefore(walk.began()))
                        .isPresent();
    }
}
