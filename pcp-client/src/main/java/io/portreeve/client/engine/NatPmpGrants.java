package io.portreeve.client.engine;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.engine.MappingState.Mapped;
import io.portreeve.client.engine.MappingState.WaitResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What NAT-PMP has granted: it is wherever the server's one external address is. */
final class NatPmpGrants {
    private final MappingTable table;
    private final NatPmpFallback.Session session;

    /** A mapping that holds another grant has it from PCP. */
    private final Map<MappingKey, Grant> grants = new TreeMap<>(Mapping.ORDER);

    NatPmpGrants(MappingTable table, NatPmpFallback.Session session) {
        this.table = table;
        this.session = session;
    }

    /** As a PCP server would grant it. Of a mapping that wants one port only, the address is whatever it is. */
    List<Effect> granted(Mapping mapping, Endpoint assigned, Lifetime lifetime, EpochTime epoch, MonoTime now) {
        var asked = mapping.isWanted() ? mapping.suggesting(assigned) : mapping;
        var said = new Said(
                mapping.key(), mapping.nonce(), ResultCode.SUCCESS.value(), lifetime, epoch, assigned, List.of());
        var effects = session.said(asked, said, now);
        grants.keySet().removeIf(key -> table.get(key).isEmpty());
        table.get(mapping.key()).ifPresent(this::remember);
        return effects;
    }

    private void remember(Mapping mapping) {
        if (mapping.state() instanceof Mapped(var grant)) {
            grants.put(mapping.key(), grant);
        }
    }

    /** @param which what is being asked for hears with its own answer where it is */
    List<Effect> moved(ExternalAddressResponse response, Predicate<MappingKey> which, MonoTime now) {
        var effects = new ArrayList<Effect>();
        for (var key : List.copyOf(grants.keySet())) {
            table.get(key)
                    .filter(mapping -> which.test(key) && isMoved(mapping, response))
                    .ifPresent(mapping -> effects.addAll(moved(mapping, response, now)));
        }
        return effects;
    }

    private boolean isMoved(Mapping mapping, ExternalAddressResponse response) {
        var grant = grants.get(mapping.key());
        return !(mapping.state() instanceof WaitResponse)
                && mapping.state().holding().filter(grant::equals).isPresent()
                && !grant.external().address().equals(response.external());
    }

    private List<Effect> moved(Mapping mapping, ExternalAddressResponse response, MonoTime now) {
        var grant = grants.get(mapping.key());
        var there = new Endpoint(response.external(), grant.external().port());
        return granted(mapping, there, Lifetime.of(now.until(grant.expiry())), response.epoch(), now);
    }
}
