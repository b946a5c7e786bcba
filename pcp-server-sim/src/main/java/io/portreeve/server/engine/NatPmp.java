package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.engine.Terms.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** NAT-PMP on the same table: a MAP without nonce, third party and options. Source: RFC 6886. */
final class NatPmp {
    private static final MappingNonce NO_NONCE = new MappingNonce(0, 0, 0);

    private final ServerState state;
    private final Work work;
    private final Grants grants;
    private final ExplicitMappings mappings;
    private final BiConsumer<Asked, Step> map;

    /** @param map does what a MAP asks, once it is looked at */
    NatPmp(ServerState state, Work work, Grants grants, ExplicitMappings mappings, BiConsumer<Asked, Step> map) {
        this.state = state;
        this.work = work;
        this.grants = grants;
        this.mappings = mappings;
        this.map = map;
    }

    /** Somebody asks for its external address. */
    record AddressAsked(long requestId, Client client) implements Asker {
        @Override
        public boolean repeats(Asker earlier) {
            return earlier instanceof AddressAsked other && client.equals(other.client);
        }

        @Override
        public Optional<ServerEffect> refusal(ResultCode result, Lifetime lifetime, EpochTime epoch) {
            var response = ExternalAddressResponse.refused(NatPmpAnswers.result(result), epoch);
            return Optional.of(new ServerEffect.ReplyNatPmp(requestId, response));
        }
    }

    void received(long requestId, Client client, NatPmpRequest request, Step step) {
        switch (request) {
            case ExternalAddressRequest() -> address(new AddressAsked(requestId, client), step);
            case NatPmpMapRequest wanted -> map(requestId, client, wanted, step);
        }
    }

    void refused(long requestId, Client client, NatPmpResult result, Step step) {
        var epoch = state.epochs.of(client.subscriber(), step.now);
        step.add(new ServerEffect.RefuseNatPmp(requestId, result, epoch));
    }

    /** The CGN is asked at most once at a time. */
    void address(AddressAsked asked, Step step) {
        if (!state.pool.has(Family.IPV4, asked.client().address())) {
            state.refuse(asked, ResultCode.NETWORK_FAILURE, step);
            return;
        }
        var key = new SubscriberKey(asked.subscriber(), Family.IPV4);
        var pending = state.pendings.get(key);
        if (pending != null) {
            work.await(pending, asked, step);
            return;
        }
        var asking = state.begin(List.of(key), Optional.of(asked));
        work.withSubscriber(asking, key, (subscriber, later) -> tell(asking, asked, subscriber, later), step);
    }

    private void tell(Pending pending, AddressAsked asked, Subscriber subscriber, Step step) {
        var epoch = state.epochs.of(asked.subscriber(), step.now);
        var response = new ExternalAddressResponse(NatPmpResult.SUCCESS, epoch, subscriber.external());
        step.add(new ServerEffect.ReplyNatPmp(asked.requestId(), response));
        work.finish(pending, step);
    }

    private void map(long requestId, Client client, NatPmpMapRequest wanted, Step step) {
        var asked = new Asked(
                requestId,
                client,
                new MapRequest(
                        wanted.lifetime(),
                        client.address(),
                        NO_NONCE,
                        wanted.protocol(),
                        wanted.internalPort(),
                        wanted.suggestedPort(),
                        PcpAddress.ANY_IPV4,
                        List.of()),
                Origin.NAT_PMP);
        if (isForAll(asked)) {
            deleteAll(asked, step);
        } else {
            map.accept(asked, step);
        }
    }

    /**
     * Deletes what NAT-PMP made; what has a nonce is deleted by whoever knows it. One answer tells of all: failure, if
     * there is a static one too. Source: RFC 6886 section 3.4.
     */
    void deleteAll(Asked asked, Step step) {
        var busy = underWay(asked);
        if (busy.isPresent()) {
            work.await(busy.get(), asked, step);
            return;
        }
        var deletable = its(asked, Origin.NAT_PMP);
        if (state.mayAnyStillBeOnDisk(asked.subscriber(), key -> isOf(asked, key))) {
            state.refuse(asked, ResultCode.NO_RESOURCES, step);
        } else if (!its(asked, Origin.STATIC).isEmpty()) {
            state.refuse(asked, ResultCode.NOT_AUTHORIZED, step);
            deletable.forEach(mapping -> mappings.delete(Optional.empty(), mapping, step));
        } else if (deletable.isEmpty() && !state.unsaved.isEmpty()) {
            state.unsaved.add(new Unsaved.Awaited(asked)); // what PCP has just taken over may come back
        } else if (deletable.isEmpty()) {
            grants.deleted(asked, step);
        } else {
            mappings.delete(Optional.of(asked), deletable.getFirst(), step);
            deletable.stream().skip(1).forEach(mapping -> mappings.delete(Optional.empty(), mapping, step));
        }
    }

    static boolean isForAll(Asked asked) {
        return asked.by() == Origin.NAT_PMP
                && asked.map().lifetime().isDelete()
                && asked.map().internalPort() == 0;
    }

    /** {@return work on a mapping of the host, which is not in the table then} */
    private Optional<Pending> underWay(Asked asked) {
        return state.pendings.entrySet().stream()
                .filter(entry -> entry.getKey() instanceof MappingKey key && isOf(asked, key))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean isOf(Asked asked, MappingKey key) {
        return key.subscriber().equals(asked.subscriber())
                && key.protocol().equals(asked.map().protocol())
                && key.internal().address().equals(asked.internal().address());
    }

    private List<Mapping> its(Asked asked, Origin origin) {
        return state.table.of(asked.subscriber()).stream()
                .filter(mapping -> mapping.key().external() == Family.IPV4)
                .filter(mapping -> mapping.row().terms().origin() == origin)
                .filter(mapping -> isOf(asked, mapping.key()))
                .toList();
    }
}
