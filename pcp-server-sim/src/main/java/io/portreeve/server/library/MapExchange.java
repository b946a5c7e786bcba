package io.portreeve.server.library;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.Options;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.library.MappingAnswer.Granted;
import io.portreeve.server.library.PcpMethods.MappingFlag;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A MAP request that is right and authorized. Source: RFC 6887 sections 11.3, 15.1. */
final class MapExchange {
    private static final Logger LOG = LoggerFactory.getLogger(MapExchange.class);

    private final CgnType type;
    private final PcpMethods methods;
    private final HeldMappings held;
    private final RequestChecks checks;
    private final Grants grants;
    private final MapFilters filters;

    MapExchange(LibrarySettings settings, PcpMethods methods, HeldMappings held, RequestChecks checks) {
        type = settings.type();
        this.methods = methods;
        this.held = held;
        this.checks = checks;
        grants = new Grants(settings);
        filters = new MapFilters(methods);
    }

    Outcome outcome(Asked asked, MapRequest map) {
        var internal = new Endpoint(map.internalAddress(), map.internalPort());
        var key = new HeldKey(Scope.of(type, asked.source()), map.protocol(), internal);
        var foreign = held.foreign(key, map.nonce(), asked.now());
        if (foreign.isPresent()) {
            return new Outcome.Refused(ReturnCode.ERR_NOTAUTH, foreign.get());
        }
        return map.lifetime().isDelete() ? delete(asked, map, key) : add(asked, map, key);
    }

    /** The CGN is not asked to delete what it cannot have. */
    private Outcome delete(Asked asked, MapRequest map, HeldKey key) {
        if (checks.ofMaking(map, asked.source()).isEmpty()) {
            methods.deleteMapping(asked.context(), key.protocol(), key.internal());
        }
        held.forget(key);
        return answered(asked, map, suggested(map), Lifetime.DELETE);
    }

    private Outcome add(Asked asked, MapRequest map, HeldKey key) {
        if (grants.isImpossible(map)) {
            return Outcome.refused(ReturnCode.ERR_CANTPROVIDE);
        }
        var wanted = grants.wanted(key.internal(), suggested(map));
        var answer =
                methods.addMapping(asked.context(), flags(map), key.protocol(), key.internal(), wanted, map.lifetime());
        return switch (answer) {
            case MappingAnswer.Refused(var code, var lifetime) -> new Outcome.Refused(code, lifetime);
            case Granted granted
            when !grants.suits(granted.external(), key.internal()) -> {
                LOG.error("{} has no external {}: the CGN must not assign it", type, granted.external());
                yield undone(asked, key, granted, ReturnCode.ERR_PROCESSING);
            }
            case Granted granted -> granted(asked, map, key, granted);
        };
    }

    private static Set<MappingFlag> flags(MapRequest map) {
        var flags = EnumSet.noneOf(MappingFlag.class);
        if (map.prefersFailure()) {
            flags.add(MappingFlag.PREFER_FAILURE);
        }
        if (!filtersOf(map).isEmpty()) {
            flags.add(MappingFlag.CREATE_AS_LOCKED);
        }
        return flags;
    }

    private static List<Filter> filtersOf(MapRequest map) {
        return Options.all(Filter.class, map.options());
    }

    private Outcome granted(Asked asked, MapRequest map, HeldKey key, Granted granted) {
        boolean isNew = granted.code() == ReturnCode.NEWMAPPING;
        var present = isNew
                ? List.<CgnFilter>of()
                : held.find(key, asked.now()).map(Held::filters).orElse(List.of());
        if (filtersOf(map).isEmpty()) {
            hold(asked, map, key, granted, present);
            return answered(asked, map, granted.external(), granted.lifetime());
        }
        var wish = FilterWish.of(filtersOf(map));
        var code = filters.apply(asked, key, wish, present, granted.code());
        if (!code.isSuccess()) {
            hold(asked, map, key, granted, present); // if it was there before, it has a new lifetime by now
            return undone(asked, key, granted, code);
        }
        hold(asked, map, key, granted, wish.after(present));
        return answered(asked, map, granted.external(), granted.lifetime());
    }

    /** What an operator made is nobody's. */
    private void hold(Asked asked, MapRequest map, HeldKey key, Granted granted, List<CgnFilter> filters) {
        if (granted.code() != ReturnCode.STATICMAPPING) {
            var until = HeldMappings.end(granted.lifetime(), asked.now());
            held.put(key, new Held(asked.source(), map.nonce(), filters, until));
        }
    }

    private Outcome undone(Asked asked, HeldKey key, Granted granted, ReturnCode why) {
        if (granted.code() == ReturnCode.NEWMAPPING) {
            methods.deleteMapping(asked.context(), key.protocol(), key.internal());
            held.forget(key);
        }
        return Outcome.refused(why);
    }

    private static Endpoint suggested(MapRequest map) {
        return new Endpoint(map.suggestedAddress(), map.suggestedPort());
    }

    private static Outcome answered(Asked asked, MapRequest map, Endpoint external, Lifetime lifetime) {
        return new Outcome.Answered(new MapResponse(
                ResultCode.SUCCESS.value(),
                lifetime,
                asked.epoch(),
                map.nonce(),
                map.protocol(),
                map.internalPort(),
                external.port(),
                external.address(),
                Grants.processed(map.options())));
    }
}
