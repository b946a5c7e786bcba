package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A port whose mapping has ended is nobody else's until its delay is over (RFC 6888 REQ-8), unless its subscriber has more
 * such ports than it may have mappings; and whoever had it gets it back (RFC 6887 section 15).
 */
final class PortDelays {
    private static final Duration ROUNDING = Duration.ofMillis(10);

    /** A server that cannot trust its clock holds a port no longer than this. */
    private static final Duration LONGEST = Duration.ofHours(4);

    private record Place(IpProtocol protocol, Station external) {}

    /**
     * @param from when the mapping had ended
     * @param surely until then nobody else may have it
     * @param perhaps until then it may be refused
     */
    private record Delay(Who last, MonoTime from, MonoTime surely, MonoTime perhaps) {
        boolean isOf(PcpAddress subscriber) {
            return last.subscriber().equals(subscriber);
        }

        Delay perhaps(MonoTime until) {
            return new Delay(last, from, surely, until);
        }

        Delay unsure(MonoTime until) {
            return new Delay(last, from, from, until);
        }
    }

    private final Dumps dumps;
    private final Rules rules;
    private final Map<Place, Delay> delays = new LinkedHashMap<>();
    private final Map<Who, Place> lastOf = new LinkedHashMap<>();
    private final Set<CgnRow> ofOperator = new HashSet<>();

    PortDelays(Dumps dumps, Rules rules) {
        this.dumps = dumps;
        this.rules = rules;
    }

    /** @param at when the mapping had ended; the server may have noticed it just now */
    void ended(DiskRow row, MonoTime at) {
        var who = row.who();
        if (!rules.isOfPool(row.external())) {
            lastOf.remove(who); // its own traffic's, which the CGN alone gives away
            return;
        }
        var place = new Place(who.protocol(), row.external());
        var delay = rules.delay(who.protocol());
        var now = dumps.now();
        delays.put(place, new Delay(who, at, at.plus(delay), now.plus(delay).plus(ROUNDING)));
        lastOf.put(who, place);
        doubtIfCrowded(who.subscriber());
    }

    private void doubtIfCrowded(PcpAddress subscriber) {
        if (isCrowded(subscriber)) {
            delays.replaceAll((_, its) -> its.isOf(subscriber) ? its.unsure(its.perhaps()) : its);
        }
    }

    /** The CGN has this no longer; it may have come and gone without a trace on the disk. */
    void mayHaveEnded(CgnRow row) {
        var who = row.who();
        if (!rules.isOfPool(row.external())) {
            lastOf.remove(who);
            return;
        }
        var now = dumps.now();
        var perhaps = now.plus(rules.delay(who.protocol())).plus(ROUNDING);
        var place = new Place(who.protocol(), row.external());
        delays.merge(
                place,
                new Delay(who, now, now, perhaps),
                (before, its) -> before.isOf(who.subscriber()) ? before.perhaps(perhaps) : its);
        lastOf.remove(who);
        lastOf.values().remove(place); // whoever had it before
        doubtIfCrowded(who.subscriber());
    }

    /** Its subscriber has another address from now on. */
    void leavesBehind(CgnRow row) {
        delays.computeIfPresent(
                new Place(row.who().protocol(), row.external()),
                (_, its) -> its.isOf(row.who().subscriber()) ? its.unsure(its.perhaps()) : its);
    }

    /** The server died: the disk may hold another port for these than anybody was told. */
    void mayHaveComeAndGone(Request request) {
        lastOf.keySet().removeIf(request.ports()::has);
    }

    /** The oldest of too many delays ends early. What is on the disk still, but over, has its delay already. */
    private boolean isCrowded(PcpAddress subscriber) {
        long held = delays.values().stream()
                .filter(its -> its.isOf(subscriber) && its.perhaps().isAfter(dumps.now()))
                .count();
        long over = dumps.disk().values().stream()
                .filter(row -> row.who().subscriber().equals(subscriber) && row.isOver(dumps.now()))
                .count();
        return held + over > rules.quota();
    }

    /** The operator wants this, whoever had its port last. */
    void takes(CgnRow row) {
        ofOperator.add(row);
    }

    /** This is on the disk now. */
    void taken(CgnRow row) {
        check(row);
        delays.remove(new Place(row.who().protocol(), row.external()));
    }

    /** Checks that {@code row} may have its port. */
    void check(CgnRow row) {
        var delay = delays.get(new Place(row.who().protocol(), row.external()));
        if (delay != null
                && !ofOperator.contains(row)
                && !delay.isOf(row.who().subscriber())
                && delay.surely().isAfter(dumps.now().plus(ROUNDING))
                && !isCrowded(delay.last().subscriber())) {
            throw new InvariantBroken("hold-down", row + " comes too early after " + delay);
        }
    }

    /** NAT-PMP keeps it for that one then. RFC 6886 section 3.3. */
    private boolean isAnothersInTheOtherProtocol(Who who, Station external) {
        return dumps.cgn().stream()
                .anyMatch(row -> row.external().equals(external)
                        && !row.who().protocol().equals(who.protocol())
                        && !row.who().internal().equals(who.internal()));
    }

    /** Who asks again for what has ended gets the port that it had, or the one it would rather have. */
    void checkReturn(Request request, Grant granted) {
        int port = granted.external().port();
        var held = heldFor(request.who())
                .filter(it -> it.address().equals(granted.external().address()));
        if (held.isPresent()
                && rules.isOfPool(granted.external()) // else it has the port of its own traffic
                && !isAnothersInTheOtherProtocol(request.who(), held.get())
                && port != request.map().suggestedPort()
                && port != held.get().port()) {
            throw new InvariantBroken("hold-down", request + " does not get back " + held.get() + ", but " + granted);
        }
    }

    /** {@return the port that is held for {@code who}, if it is certain that there is one} */
    private Optional<Station> heldFor(Who who) {
        var its = delays.entrySet().stream()
                .filter(entry -> entry.getValue().last().equals(who)
                        && entry.getValue().perhaps().isAfter(dumps.now()))
                .toList();
        return its.size() == 1 && its.getFirst().getKey().equals(lastOf.get(who))
                ? Optional.of(its.getFirst())
                        .filter(entry ->
                                entry.getValue().surely().isAfter(dumps.now().plus(ROUNDING)))
                        .map(entry -> entry.getKey().external())
                : Optional.empty();
    }

    /** {@return the ports of this protocol that {@code subscriber} may be refused, for they were another one's} */
    List<Station> heldFromOthers(PcpAddress subscriber, IpProtocol protocol) {
        return delays.entrySet().stream()
                .filter(entry -> entry.getKey().protocol().equals(protocol)
                        && !entry.getValue().isOf(subscriber)
                        && entry.getValue().perhaps().isAfter(dumps.now()))
                .map(entry -> entry.getKey().external())
                .toList();
    }

    void forgetAll() {
        delays.clear();
    }

    /** Nobody can say when the delays end that began before {@code time}. */
    void unsureBefore(MonoTime time) {
        var until = dumps.now().plus(LONGEST);
        delays.replaceAll((_, its) -> its.from().isAfter(time) ? its : its.unsure(until));
    }
}
