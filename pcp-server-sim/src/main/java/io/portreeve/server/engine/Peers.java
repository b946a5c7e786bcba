package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.DynamicMap;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.InternalTuple;
import io.portreeve.server.cgn.Subscriber;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** PEER: outbound mappings that live as long as was promised. Source: RFC 6887 section 12.3. */
final class Peers {
    private final ServerState state;
    private final Work work;
    private final Traffic traffic;
    private final Map<PeerKey, PeerRow> rows = new LinkedHashMap<>();
    private final TreeMap<MonoTime, Set<PeerKey>> byExpiry = new TreeMap<>();

    Peers(ServerState state, Work work, Traffic traffic) {
        this.state = state;
        this.work = work;
        this.traffic = traffic;
    }

    MonoTime nextDue() {
        return byExpiry.isEmpty() ? MonoTime.NEVER : byExpiry.firstKey();
    }

    /** What was promised is over; the CGN does with the mapping what it does with all. */
    void due(Step step) {
        if (nextDue().isAfter(step.now)) {
            return;
        }
        var expired = byExpiry.headMap(step.now, true).values().stream()
                .flatMap(Set::stream)
                .toList();
        for (var key : expired) {
            remove(key);
            step.add(new ServerEffect.ErasePeer(key));
        }
    }

    void peer(PeerAsked asked, Step step) {
        var pending = state.pendings.get(asked.key());
        var row = Optional.ofNullable(rows.get(asked.key()));
        if (pending != null) {
            work.await(pending, asked, step);
        } else if (row.isPresent()
                && !state.policy.accepts(asked.peer().nonce(), row.get().nonce())) {
            state.refuse(asked, NOT_AUTHORIZED, row.get().left(step.now), step);
        } else {
            serving(asked, row)
                    .ifPresentOrElse(mapping -> onMapping(asked, mapping, step), () -> dynamic(asked, row, step));
        }
    }

    /** {@return the mapping that serves the flow} A flow older than the mapping keeps its port, and outlives it. */
    private Optional<Mapping> serving(PeerAsked asked, Optional<PeerRow> row) {
        return state.table
                .covering(asked.mappingKey())
                .filter(mapping -> row.isEmpty()
                        || state.pool.covers(mapping.row())
                                && row.get().external().equals(external(asked, mapping)));
    }

    private static Endpoint external(PeerAsked asked, Mapping mapping) {
        var row = mapping.row();
        int further = asked.peer().internalPort() - row.key().internal().port();
        return new Endpoint(row.external().address(), row.external().port() + further);
    }

    /** A host's explicit mapping serves all its traffic: RFC 6887 section 11. */
    private void onMapping(PeerAsked asked, Mapping mapping, Step step) {
        var external = external(asked, mapping);
        if (!asked.accepts(external)) {
            state.refuse(asked, CANNOT_PROVIDE_EXTERNAL, step);
            return;
        }
        var until = after(wanted(asked), step.now).earlier(mapping.row().expiry());
        var opened = open(asked, external, until, step);
        if (state.unsaved.isEmpty()) {
            saved(opened, step); // it is the mapping that outlives the server, not what was said of it
        } else {
            state.unsaved.add(opened); // the mapping itself may not be on disk yet
        }
    }

    /** What is suggested for a flow that is there already means nothing. */
    private void dynamic(PeerAsked asked, Optional<PeerRow> row, Step step) {
        var pending = state.begin(List.of(asked.key()), Optional.of(asked));
        work.withSubscriber(
                pending,
                asked.mappingKey().owner(),
                (subscriber, later) -> {
                    if (row.isPresent()) {
                        add(pending, asked, subscriber, later);
                    } else if (!canBeMet(asked, subscriber)) {
                        addIfThere(pending, asked, subscriber, CANNOT_PROVIDE_EXTERNAL, later);
                    } else if (state.isPoolExhausted) {
                        addIfThere(pending, asked, subscriber, NO_RESOURCES, later);
                    } else {
                        add(pending, asked, subscriber, later);
                    }
                },
                step);
    }

    /** The CGN's ports are random, and the subscriber has one address. */
    private boolean canBeMet(PeerAsked asked, Subscriber subscriber) {
        var address = asked.peer().suggestedAddress();
        return suggestsItsOwn(asked)
                || asked.peer().suggestedPort() == 0
                        && (address.isUnspecified()
                                || address.equals(
                                        state.pool.addressOf(asked.peer().internalAddress(), subscriber)));
    }

    private boolean suggestsItsOwn(PeerAsked asked) {
        return state.pool.isFirewall() && asked.accepts(asked.internal());
    }

    /** A mapping that is added cannot be taken back, so it is not tried. */
    private void addIfThere(Pending pending, PeerAsked asked, Subscriber subscriber, ResultCode otherwise, Step step) {
        traffic.find(pending, subscriber, asked.key(), step, (found, later) -> {
            if (found.isPresent()) {
                add(pending, asked, subscriber, later);
            } else {
                work.giveUp(pending, otherwise, later);
            }
        });
    }

    private void add(Pending pending, PeerAsked asked, Subscriber subscriber, Step step) {
        var routine = new CgnRoutine.AddDynamicMap(
                new InternalTuple(subscriber.handle(), asked.peer().protocol(), asked.internal()),
                asked.remote(),
                new Endpoint(asked.peer().suggestedAddress().anyOfFamily(), 0),
                wanted(asked));
        var since = step.now; // the CGN counts from then, however late its answer comes
        state.calls.ask(pending, List.of(routine), step, (answers, later) -> {
            if (answers.getFirst() instanceof CgnAnswer.Added(DynamicMap(var external, var lifetime))) {
                var opened = open(asked, external, after(lifetime, since), later);
                later.add(new ServerEffect.SavePeer(opened.after()));
                state.unsaved.add(opened);
                work.finish(pending, later);
            } else {
                notAdded(pending, asked, answers.getFirst(), later);
            }
        });
    }

    /** The CGN has no such flow, and a mapping that serves it: it was made, or was being changed, meanwhile. */
    private void notAdded(Pending pending, PeerAsked asked, CgnAnswer failure, Step step) {
        var mapping = state.table.covering(asked.mappingKey());
        if (mapping.isPresent() && failure.equals(new CgnAnswer.Failed(CgnError.COLLISION))) {
            onMapping(asked, mapping.get(), step);
            work.finish(pending, step);
        } else {
            work.giveUp(pending, Work.refusal(failure), step);
        }
    }

    /** Nothing is shortened; 0 only asks. */
    private Lifetime wanted(PeerAsked asked) {
        return state.policy.grantPeer(asked.peer().lifetime(), asked.peer().protocol());
    }

    private static MonoTime after(Lifetime lifetime, MonoTime since) {
        return since.plus(Duration.ofSeconds(lifetime.seconds()));
    }

    private Unsaved.Opened open(PeerAsked asked, Endpoint external, MonoTime until, Step step) {
        var before = Optional.ofNullable(rows.get(asked.key()));
        var expiry = before.filter(row -> row.external().equals(external))
                .map(PeerRow::expiry)
                .filter(earlier -> earlier.isAfter(until))
                .orElse(until);
        var row = PeerRow.until(expiry, asked, external, step.now);
        put(row);
        return new Unsaved.Opened(asked, before, row);
    }

    void saved(Unsaved.Opened opened, Step step) {
        var epoch = state.epochs.of(opened.asked().subscriber(), step.now);
        step.add(new ServerEffect.Reply(
                opened.asked().requestId(), opened.asked().granted(opened.after(), epoch)));
    }

    void notSaved(Unsaved.Opened opened, Step step) {
        opened.before().ifPresentOrElse(this::put, () -> remove(opened.after().key()));
        state.refuse(opened.asked(), NO_RESOURCES, step);
    }

    /** The CGN has dropped all of them. */
    void forget(SubscriberKey subscriber, Step step) {
        List.copyOf(rows.values()).stream()
                .filter(row -> row.owner().equals(subscriber))
                .forEach(row -> {
                    remove(row.key());
                    step.add(new ServerEffect.ErasePeer(row.key()));
                });
    }

    /** Whoever has the address next cannot know the nonces. */
    void end(PcpAddress address, Step step) {
        List.copyOf(rows.keySet()).stream()
                .filter(key -> key.subscriber().address().equals(address)
                        || key.internal().address().equals(address))
                .forEach(key -> {
                    remove(key);
                    step.add(new ServerEffect.ErasePeer(key));
                });
    }

    private void put(PeerRow row) {
        remove(row.key());
        rows.put(row.key(), row);
        byExpiry.computeIfAbsent(row.expiry(), _ -> new LinkedHashSet<>()).add(row.key());
    }

    private void remove(PeerKey key) {
        var row = rows.remove(key);
        if (row != null) {
            byExpiry.computeIfPresent(row.expiry(), (_, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
    }
}
