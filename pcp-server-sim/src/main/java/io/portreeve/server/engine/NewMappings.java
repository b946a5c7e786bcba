package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;
import static io.portreeve.pcp.ResultCode.NOT_AUTHORIZED;
import static io.portreeve.pcp.ResultCode.NO_RESOURCES;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.LiveTraffic;
import io.portreeve.server.cgn.PcpPorts;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.engine.Terms.Origin;
import java.util.List;
import java.util.Optional;

/**
 * MAP for internal ports that have no explicit mapping: it is made, with a port of the pool or with the one that the host's own
 * traffic has; or there is nothing to delete. Source: RFC 6887 sections 11.3, 15.1.
 */
final class NewMappings {
    private final ServerState state;
    private final Work work;
    private final Grants grants;
    private final Creation creation;
    private final Traffic traffic;

    NewMappings(ServerState state, Work work, Grants grants, Creation creation, Traffic traffic) {
        this.state = state;
        this.work = work;
        this.grants = grants;
        this.creation = creation;
        this.traffic = traffic;
    }

    /** @param least how long the mapping must live */
    private record Choice(Ports ports, Lifetime least) {}

    void map(Asked asked, List<MappingKey> ports, Step step) {
        int left = state.quota.left(asked.subscriber());
        if (asked.map().lifetime().isDelete()) {
            delete(asked, ports, step);
        } else if (left == 0) {
            state.refuse(asked, USER_EX_QUOTA, step);
        } else if (Filters.of(Optional.empty(), asked.filters()).isEmpty()) {
            state.refuse(asked, EXCESSIVE_REMOTE_PEERS, step);
        } else {
            var pending = state.begin(ports.subList(0, Math.min(left, ports.size())), Optional.of(asked));
            pending.quota = pending.keys.size();
            state.quota.take(asked.subscriber(), pending.quota);
            work.withSubscriber(
                    pending,
                    asked.key().owner(),
                    (subscriber, later) -> create(pending, asked, subscriber, later),
                    step);
        }
    }

    private void delete(Asked asked, List<MappingKey> ports, Step step) {
        if (ports.stream().anyMatch(state::mayStillBeOnDisk)) {
            state.refuse(asked, NO_RESOURCES, step);
        } else if (mayHaveTraffic(asked)) {
            var pending = state.begin(ports, Optional.of(asked)); // none of them is to be made meanwhile
            work.withSubscriber(
                    pending,
                    asked.key().owner(),
                    (subscriber, later) -> delete(pending, asked, subscriber, later),
                    step);
        } else {
            grants.deleted(asked, step);
        }
    }

    /** NAT-PMP knows nothing of what it did not make: RFC 6886 section 3.4. */
    private boolean mayHaveTraffic(Asked asked) {
        return asked.by() == Origin.PCP
                && asked.map().internalPort() != 0
                && state.pool.has(asked.map().protocol())
                && state.pool.has(asked.key().external(), asked.map().internalAddress());
    }

    /** What traffic made is not the client's to delete, and goes when the traffic has ended. */
    private void delete(Pending pending, Asked asked, Subscriber subscriber, Step step) {
        traffic.find(pending, subscriber, asked.key(), step, (found, later) -> {
            found.ifPresentOrElse(
                    live -> state.refuse(asked, NOT_AUTHORIZED, live.left(), later),
                    () -> grants.deleted(asked, later));
            work.finish(pending, later);
        });
    }

    private void create(Pending pending, Asked asked, Subscriber subscriber, Step step) {
        var taken = creation.takePorts(asked, subscriber, pending.keys.size());
        boolean isExact = asked.insists();
        if (taken.isPresent()) {
            create(pending, asked, new Choice(taken.get(), Lifetime.DELETE), subscriber, step);
        } else if (isExact && creation.mayGive(asked, subscriber)) {
            work.giveUp(pending, CANNOT_PROVIDE_EXTERNAL, step);
        } else {
            copy(pending, asked, subscriber, isExact ? CANNOT_PROVIDE_EXTERNAL : NO_RESOURCES, step);
        }
    }

    /**
     * Takes the external endpoint of the host's own traffic, which is none of the pool's. Of a set of ports that is the first
     * one alone: the ports of traffic do not follow each other, and fewer than asked for are a success (RFC 7753 section 4.2).
     *
     * @param otherwise the answer if there is no such traffic
     */
    private void copy(Pending pending, Asked asked, Subscriber subscriber, ResultCode otherwise, Step step) {
        traffic.find(pending, subscriber, asked.key(), step, (found, later) -> {
            var protocol = asked.map().protocol();
            var live =
                    found.filter(it -> !PcpPorts.include(protocol, it.external().port()));
            if (live.isEmpty()) {
                work.giveUp(pending, otherwise, later);
            } else if (asked.map().prefersFailure()
                    && !asked.suggests(live.get().external())) {
                work.giveUp(pending, CANNOT_PROVIDE_EXTERNAL, later);
            } else {
                create(pending, asked, choice(live.get(), protocol), subscriber, later);
            }
        });
    }

    private Choice choice(LiveTraffic live, IpProtocol protocol) {
        var ports = new Ports(protocol, live.external(), 1);
        return new Choice(ports, state.policy.isSimple() ? traffic.atMostIdle(live, protocol) : Lifetime.DELETE);
    }

    private void create(Pending pending, Asked asked, Choice choice, Subscriber subscriber, Step step) {
        var ports = choice.ports();
        int unused = pending.quota - ports.count();
        pending.ports = Optional.of(ports);
        pending.quota -= unused;
        state.quota.giveBack(asked.subscriber(), unused);
        var terms = terms(asked, ports);
        creation.create(
                pending,
                asked.row(subscriber.id(), ports.first(), asked.grant(state.policy, choice.least()), terms, step.now),
                subscriber,
                step,
                (made, later) -> {
                    var mapping = made.with(made.row().grantedAt(later.now));
                    if (pending.isRevoked) {
                        work.takeAway(mapping, later);
                    } else {
                        state.add(mapping, new Unsaved.Added(asked, mapping), later);
                    }
                    work.finish(pending, later);
                },
                (refusal, later) -> refused(pending, asked, subscriber, refusal, later));
    }

    /** The host's traffic may have another port than the one that was chosen. What has its port is not tried again. */
    private void refused(Pending pending, Asked asked, Subscriber subscriber, Creation.Refusal refusal, Step step) {
        if (refusal.isCollision() && state.pool.covers(pending.ports.orElseThrow())) {
            state.giveBack(pending.ports.get(), step);
            pending.ports = Optional.empty();
            copy(pending, asked, subscriber, NO_RESOURCES, step);
        } else {
            work.giveUp(pending, refusal.result(), step);
        }
    }

    private Terms terms(Asked asked, Ports ports) {
        var filter = Filters.of(Optional.empty(), asked.filters()).orElseThrow();
        return new Terms(
                ports.count(),
                asked.map().prefersFailure(),
                filter,
                asked.description(state.policy).orElse(""),
                asked.by());
    }
}
