package io.portreeve.server.library;

import io.portreeve.pcp.Opcode;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.library.PcpMethods.FilterFlag;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the CGN filter what it let be mapped. Source: RFC 6887 section 13.3. */
final class MapFilters {
    private static final Logger LOG = LoggerFactory.getLogger(MapFilters.class);

    private final PcpMethods methods;

    MapFilters(PcpMethods methods) {
        this.methods = methods;
    }

    /**
     * {@return what the CGN says}
     *
     * @param present the filters that the mapping has
     * @param made how the mapping came to be
     */
    ReturnCode apply(Asked asked, HeldKey key, FilterWish wish, List<CgnFilter> present, ReturnCode made) {
        if (!canBeTold(asked, key, wish.after(present))) {
            return ReturnCode.ERR_TOOMANYPEER;
        }
        try {
            return methods.filter(asked.context(), key.protocol(), key.internal(), flags(wish, made), wish.added());
        } catch (RuntimeException e) {
            LOG.error("the CGN failed at the filters of {} {}: {}", key.protocol(), key.internal(), e, e);
            return ReturnCode.ERR_PROCESSING;
        }
    }

    /** An update has all filters of a mapping. RFC 6887 section 14.2. */
    private static boolean canBeTold(Asked asked, HeldKey key, List<CgnFilter> filters) {
        return Opcode.MAP.hasRoomFor(
                Grants.lasting(asked.source(), key.internal().address(), filters));
    }

    private static Set<FilterFlag> flags(FilterWish wish, ReturnCode made) {
        var flags = EnumSet.noneOf(FilterFlag.class);
        if (wish.clears()) {
            flags.add(FilterFlag.DELETE_FILTERS);
        }
        if (made == ReturnCode.NEWMAPPING) {
            flags.add(FilterFlag.UNLOCK_ON_SUCCESS);
        }
        return flags;
    }
}
