package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** GET: it lists what its client has, as far as it is certain, and nothing else. After draft-boucadair-pcp-failure section 4. */
final class ListingWatch {
    private static final Duration ROUNDING = Duration.ofMillis(1010);

    private final Dumps dumps;

    ListingWatch(Dumps dumps) {
        this.dumps = dumps;
    }

    /** @param before the rows before the batch in which it was answered */
    void check(PcpAddress source, GetRequest asked, GetResponse answer, Map<Who, DiskRow> before) {
        for (var mapping : answer.mappings()) {
            var who = who(source, mapping.tuple());
            if (!isOf(mapping, asked, dumps.disk().get(who)) && !isOf(mapping, asked, before.get(who))) {
                throw new InvariantBroken(
                        "get",
                        "listed is " + mapping + ", on the disk is "
                                + dumps.disk().get(who));
            }
            if (!who.internal().equals(asked.thirdParty().orElse(source))) {
                throw new InvariantBroken("get", "listed is another host's: " + mapping);
            }
        }
    }

    private static Who who(PcpAddress source, GetTuple tuple) {
        return new Who(source, tuple.protocol(), tuple.internal(), tuple.internalPort());
    }

    private boolean isOf(NextMapping listed, GetRequest asked, DiskRow row) {
        return row != null
                && row.maker() != Maker.OPERATOR
                && row.nonce().equals(asked.nonce())
                && row.external()
                        .equals(new Station(
                                listed.tuple().external(), listed.tuple().externalPort()))
                && !row.expiry()
                        .plus(ROUNDING)
                        .isBefore(dumps.now()
                                .plus(Duration.ofSeconds(listed.remaining().seconds())));
    }

    /** Checks an answer to a GET for everything at once, while nothing changes. */
    void checkComplete(PcpAddress source, GetRequest asked, List<NextMapping> listed) {
        var told = new HashSet<Who>();
        listed.forEach(mapping -> told.add(who(source, mapping.tuple())));
        for (var row : dumps.disk().values()) {
            boolean isWanted = row.isFirst()
                    && row.maker() != Maker.OPERATOR
                    && row.nonce().equals(asked.nonce())
                    && row.who().subscriber().equals(source)
                    && row.who().internal().equals(asked.thirdParty().orElse(source))
                    && row.expiry().isAfter(dumps.now().plus(ROUNDING));
            if (isWanted && !told.contains(row.who())) {
                throw new InvariantBroken("get", "not listed: " + row);
            }
        }
    }

    /** {@return true if it asks for everything at once} */
    static boolean asksForAll(GetRequest asked) {
        return asked.filter().isAny()
                && asked.next()
                        .filter(from -> from.locator().isAny() && !from.end())
                        .isPresent();
    }
}
