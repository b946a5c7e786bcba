package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.Lifetime;
import io.portreeve.server.engine.Terms.Origin;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** MAP: makes, renews and deletes. Source: RFC 6887 sections 11.3, 13.2, 13.3, 15; RFC 7753 section 4. */
final class ExplicitMappings {
    private final ServerState state;
    private final Work work;
    private final Grants grants;
    private final Traffic traffic;
    private final NewMappings newMappings;
    private final FilterChange filterChange;

    ExplicitMappings(ServerState state, Work work, Grants grants, Traffic traffic, NewMappings newMappings) {
        this.state = state;
        this.work = work;
        this.grants = grants;
        this.traffic = traffic;
        this.newMappings = newMappings;
        filterChange = new FilterChange(state);
    }

    /** Does what {@code asked} asks, in which nothing is wrong by itself. */
    void map(Asked asked, Step step) {
        var ports = asked.keys(state.policy.extras().largestSet());
        for (var port : ports) {
            var pending = state.pendings.get(port);
            if (pending != null) {
                work.await(pending, asked, step);
                return;
            }
        }
        var existing = covering(ports);
        if (existing.isEmpty()) {
            newMappings.map(asked, ports, step);
        } else {
            existing.forEach(mapping -> existing(asked.about(mapping, existing.getFirst()), mapping, step));
        }
    }

    /** {@return the mappings these ports belong to} A request that overlaps several is about each. RFC 7753 section 4.2. */
    private List<Mapping> covering(List<MappingKey> ports) {
        if (ports.size() == 1) {
            return state.table.covering(ports.getFirst()).map(List::of).orElse(List.of());
        }
        Set<Mapping> found = new LinkedHashSet<>();
        ports.forEach(port -> state.table.covering(port).ifPresent(found::add));
        return List.copyOf(found);
    }

    private void existing(Asked asked, Mapping mapping, Step step) {
        var row = mapping.row();
        if (row.isStatic()) {
            existingStatic(asked, row, step);
        } else if (!mayChange(asked, row)) {
            foreign(asked, row, step);
        } else if (asked.map().prefersFailure() && !asked.suggests(row)) {
            state.refuse(asked, CANNOT_PROVIDE_EXTERNAL, step);
        } else if (state.policy.isSimple() && mayShorten(asked)) {
            spare(asked, mapping, step);
        } else {
            change(asked, mapping, Lifetime.DELETE, step);
        }
    }

    private boolean mayShorten(Asked asked) {
        var longest = state.policy.longest(asked.map().protocol());
        return asked.map().lifetime().isDelete() || asked.grant(state.policy).seconds() < longest.seconds();
    }

    /** Changes a mapping when the CGN has said how long its traffic would keep it. RFC 6887 section 15. */
    private void spare(Asked asked, Mapping mapping, Step step) {
        state.table.remove(mapping);
        var pending = state.begin(mapping, Optional.of(asked));
        pending.changed = Optional.of(mapping);
        traffic.left(pending, mapping, step, (left, later) -> {
            var asker = pending.asker;
            pending.asker = Optional.empty();
            if (!endsInstead(pending, asker, mapping, later)) {
                state.table.put(mapping);
                state.end(pending);
                pending.stored.ifPresent(row -> restore(mapping.with(row), mapping, later));
                asker.ifPresent(_ -> again(asked, mapping, left, later)); // unless it was refused: it took too long
            }
            work.finish(pending, later);
        });
    }

    /** {@return true if nobody wants {@code mapping} any more, which was in hand; then it goes} */
    private boolean endsInstead(Pending pending, Optional<Asker> asker, Mapping mapping, Step step) {
        if (!pending.ends && !pending.isRevoked) {
            return false;
        }
        asker.ifPresent(it -> state.refuse(it, NO_RESOURCES, step));
        if (pending.ends) {
            end(mapping, step);
        } else {
            work.takeAway(mapping, step);
        }
        return true;
    }

    private void again(Asked asked, Mapping mapping, Lifetime least, Step step) {
        state.table.find(mapping.key()).ifPresentOrElse(now -> change(asked, now, least, step), () -> map(asked, step));
    }

    /** @param least how long it must be left to live */
    private void change(Asked asked, Mapping mapping, Lifetime least, Step step) {
        if (!asked.map().lifetime().isDelete()) {
            renew(asked, mapping, least, step);
        } else if (least.isDelete()) {
            delete(Optional.of(asked), mapping, step);
        } else {
            var shortened = asked.renewed(mapping.row(), least, mapping.row().terms(), step.now);
            renewed(asked, mapping, mapping.with(shortened), step);
        }
    }

    /** What NAT-PMP made has no nonce, and a PCP client of the same host takes it over. */
    private boolean mayChange(Asked asked, MappingRow row) {
        return row.terms().origin() == Origin.NAT_PMP
                || asked.by() == Origin.PCP && state.policy.accepts(asked.map().nonce(), row.nonce());
    }

    private void existingStatic(Asked asked, MappingRow row, Step step) {
        if (asked.map().lifetime().isDelete()) {
            state.refuse(asked, NOT_AUTHORIZED, step);
        } else if (asked.map().prefersFailure() && !asked.suggests(row)) {
            state.refuse(asked, CANNOT_PROVIDE_EXTERNAL, step);
        } else if (!Filters.of(row.terms().filter(), asked.filters())
                .equals(Optional.of(row.terms().filter()))) {
            state.refuse(asked, EXCESSIVE_REMOTE_PEERS, step); // rather than promise what nobody puts in force
        } else {
            tell(asked, row, step);
        }
    }

    /** A mapping as it is, when it is certain that it is so. */
    private void tell(Asked asked, MappingRow row, Step step) {
        if (state.unsaved.isEmpty()) {
            grants.unchanged(asked, row, step);
        } else {
            state.unsaved.add(new Unsaved.Told(asked, row));
        }
    }

    private void foreign(Asked asked, MappingRow row, Step step) {
        if (asked.by() == Origin.NAT_PMP && !asked.map().lifetime().isDelete()) {
            tell(asked, row, step); // it may know the port, and nothing more
        } else {
            state.refuse(asked, NOT_AUTHORIZED, row.left(step.now), step);
        }
    }

    private void renew(Asked asked, Mapping before, Lifetime least, Step step) {
        var row = before.row();
        var filter = Filters.of(row.terms().filter(), asked.filters());
        if (filter.isEmpty()) {
            state.refuse(asked, EXCESSIVE_REMOTE_PEERS, step);
            return;
        }
        var description = asked.description(state.policy).orElse(row.terms().description());
        var terms = new Terms(row.terms().ports(), asked.map().prefersFailure(), filter.get(), description, asked.by());
        if (filter.get().equals(row.terms().filter())) {
            renewed(asked, before, before.with(renewed(asked, row, terms, least, step)), step);
        } else {
            changeFilter(asked, before, terms, least, step);
        }
    }

    private MappingRow renewed(Asked asked, MappingRow row, Terms terms, Lifetime least, Step step) {
        return asked.renewed(row, asked.grant(state.policy, least), terms, step.now);
    }

    private void renewed(Asked asked, Mapping before, Mapping after, Step step) {
        state.updates.stop(after.key());
        state.table.put(after);
        step.add(new ServerEffect.Save(after.row()));
        state.unsaved.add(new Unsaved.Renewed(asked, before, after));
    }

    /** The CGN first: a filter that is promised must be in force. */
    private void changeFilter(Asked asked, Mapping before, Terms terms, Lifetime least, Step step) {
        state.table.remove(before);
        var pending = state.begin(before, Optional.of(asked));
        pending.changed = Optional.of(before);
        filterChange.apply(pending, before, terms.filter(), step, (outcome, later) -> {
            var asker = pending.asker;
            pending.asker = Optional.empty();
            var mapping = outcome.mapping();
            if (endsInstead(pending, asker, mapping, later)) {
                work.finish(pending, later);
                return;
            }
            if (outcome.refusal().isPresent()) {
                state.table.put(mapping);
                asker.ifPresent(it -> state.refuse(it, outcome.refusal().get(), later));
                state.end(pending); // before the rest: a restore that finds it leaves the row to it, and it is over
                pending.stored.ifPresent(row -> restore(mapping.with(row), mapping, later));
            } else if (asker.isEmpty()) {
                state.end(pending); // as above; it was refused when it took too long
                var changed = mapping.with(renewed(asked, before.row(), terms, least, later));
                restore(mapping.with(pending.stored.orElse(before.row())), changed, later);
            } else {
                var stored = pending.stored.orElse(before.row());
                renewed(
                        asked,
                        mapping.with(stored),
                        mapping.with(renewed(asked, before.row(), terms, least, later)),
                        later);
            }
            work.finish(pending, later);
        });
    }

    /** Takes back a renewal that could not be stored. */
    void restore(Mapping before, Mapping after, Step step) {
        var later = state.pendings.get(before.key());
        if (later != null) {
            later.isStoredAs(before.row()); // it has the mapping in hand
            return;
        }
        if (before.row().terms().filter().equals(after.row().terms().filter())) {
            state.table.put(before);
            return;
        }
        var current = after.with(before.row().with(after.row().terms().filter()));
        state.table.remove(after);
        var pending = state.begin(current, Optional.empty());
        pending.changed = Optional.of(current);
        filterChange.apply(pending, current, before.row().terms().filter(), step, (outcome, done) -> {
            var now = outcome.mapping();
            if (pending.ends) {
                end(now, done);
            } else {
                state.table.put(outcome.refusal().isPresent() ? now : now.with(before.row()));
            }
            work.finish(pending, done);
        });
    }

    /** @param asker hears of it when the mapping is gone */
    void delete(Optional<Asker> asker, Mapping mapping, Step step) {
        state.table.remove(mapping);
        var pending = state.begin(mapping, asker);
        pending.ends = true;
        step.add(new ServerEffect.Erase(mapping.key()));
        state.unsaved.add(new Unsaved.Erased(pending, mapping, state.hold(mapping.row(), step)));
    }

    /** Has the CGN delete what is in the table no longer. Its ports stay ours until that is done. */
    void end(Mapping mapping, Step step) {
        var pending = state.begin(mapping, Optional.empty());
        pending.ends = true;
        end(pending, mapping, step);
    }

    void end(Pending pending, Mapping mapping, Step step) {
        state.calls.ask(pending, Work.deletions(mapping.handles()), step, (_, later) -> {
            state.quota.giveBack(mapping.key().subscriber(), pending.quota);
            state.settle(Ports.of(mapping.row()), later);
            pending.asker.ifPresent(asker -> grants.deleted((Asked) asker, mapping.row(), later));
            work.finish(pending, later);
        });
    }

    /** Takes back a new mapping that could not be stored: its ports were nobody's. */
    void revoke(Mapping mapping, Step step) {
        if (!state.table.has(mapping.key())) {
            var later = state.pendings.get(mapping.key()); // it has it in hand
            later.isRevoked = true;
            later.changed = Optional.empty();
            return;
        }
        state.table.remove(mapping);
        work.takeAway(mapping, step);
    }
}
