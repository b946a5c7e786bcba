package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.NextMapping;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a server's list makes of the mappings. Source: draft-boucadair-pcp-failure section 3. */
final class Books {
    /** Whole seconds are said, and some have passed on the way. */
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    private final Map<MappingKey, Watch> watches;
    private final Beliefs beliefs;
    private final Debts debts;
    private final Map<MappingKey, Endpoint> told;

    /** Until then whoever had something before the client started may come and want it again. */
    private MonoTime claimed = MonoTime.START;

    Books(Map<MappingKey, Watch> watches, Beliefs beliefs, Debts debts, Map<MappingKey, Endpoint> told) {
        this.watches = watches;
        this.beliefs = beliefs;
        this.debts = debts;
        this.told = told;
    }

    void claimedUntil(MonoTime then) {
        claimed = then;
    }

    /** @param nonce what was asked for, so that it is of all that is listed */
    void compare(Listing.Whole list, MappingNonce nonce, PcpAddress client, MonoTime now) {
        var listed = new HashSet<MappingKey>();
        for (var mapping : list.mappings()) {
            var key = Name.of(mapping, nonce, client).key();
            if (key.thirdParty().equals(list.host())) {
                listed.add(key);
                compare(key, mapping, nonce, list.asked(), now);
            }
        }
        askForMissing(list, listed, nonce, now);
    }

    private void compare(MappingKey key, NextMapping mapping, MappingNonce nonce, MonoTime asked, MonoTime now) {
        var watch = watches.get(key);
        if (watch == null) {
            watches.put(key, Watch.left(key, nonce, external(mapping), end(mapping, now), claimed.later(now), now));
        } else if (isMistaken(watch, mapping, asked, now)
                && watch.nonce.filter(nonce::equals).isPresent()) {
            beliefs.doubt(new Name(key, nonce));
            watch.granted(external(mapping), mapping.remaining(), now);
            if (!watch.external.equals(Optional.ofNullable(told.get(key)))) {
                debts.owe(Debts.Kind.ENDPOINT, key);
            }
        }
    }

    private static boolean isMistaken(Watch watch, NextMapping mapping, MonoTime asked, MonoTime now) {
        return watch.schedule.isHolding()
                && watch.isWanted()
                && !mapping.remaining().isDelete()
                && watch.held
                        .filter(it -> !it.at().isAfter(asked))
                        .filter(it -> !it.external().equals(external(mapping))
                                || end(mapping, now).plus(TOLERANCE).isBefore(it.expiry()))
                        .isPresent();
    }

    private static Endpoint external(NextMapping mapping) {
        return new Endpoint(mapping.tuple().external(), mapping.tuple().externalPort());
    }

    private static MonoTime end(NextMapping mapping, MonoTime now) {
        return now.plus(Duration.ofSeconds(mapping.remaining().seconds()));
    }

    private void askForMissing(Listing.Whole list, Set<MappingKey> listed, MappingNonce nonce, MonoTime now) {
        var pace = Recovery.atOnce(now, watches.size());
        for (var watch : watches.values()) {
            boolean isMissing = watch.isWanted()
                    && watch.schedule.isHolding()
                    && watch.key.thirdParty().equals(list.host())
                    && !listed.contains(watch.key)
                    && watch.nonce.filter(nonce::equals).isPresent()
                    && watch.held.filter(it -> it.at().isBefore(list.asked())).isPresent();
            if (isMissing) {
                watch.recover(pace);
            }
        }
    }
}
