package io.portreeve.igd.ssdp;

import io.portreeve.igd.limits.HostLimit;
import io.portreeve.igd.limits.Rate;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Says when the gateway announces itself where, and what it answers to whom. UPnP Device Architecture 1.1 section 1.
 *
 * <p>All that is to be sent later waits in one agenda, in which no flood of searches gets more than {@link #MAX_ANSWERS} places.
 */
final class SsdpEngine {
    static final Duration MAX_AGE = Duration.ofSeconds(1800);
    static final int MAX_ANSWERS = 256;

    private static final int ROUNDS = 2;
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Duration SPACING = Duration.ofMillis(10);
    private static final Duration MAX_INITIAL_DELAY = Duration.ofMillis(100);
    private static final int LOWEST_SOURCE_PORT = 1024;

    private final AdvertisedFaces faces;
    private final Duration maxDelay;
    private final RandomGenerator random;

    /** SSDP answers are longer than their searches. */
    private final HostLimit limit = new HostLimit(new Rate(10, 20), new Rate(100, 100));

    private final Agenda agenda = new Agenda();
    private List<Presence> present = List.of();
    private int bootId;
    private MonoTime nextAnnouncement = MonoTime.NEVER;

    /** @param maxDelay the longest that an answer to a multicast search waits, however long the control point would */
    SsdpEngine(AdvertisedFaces faces, Duration maxDelay, RandomGenerator random) {
        this.faces = faces;
        this.maxDelay = maxDelay;
        this.random = random;
    }

    MonoTime nextDue() {
        return nextAnnouncement.earlier(agenda.nextDue());
    }

    List<Send> handle(SsdpEvent event, MonoTime now) {
        return switch (event) {
            case SsdpEvent.Present(var at, int newBootId) -> present(at, newBootId, now);
            case SsdpEvent.Search search -> search(search, now);
            case SsdpEvent.Due() -> due(now);
            case SsdpEvent.Stop() -> stop();
        };
    }

    /**
     * First goodbyes, then updates, then announcements: a goodbye that came later would make control points forget the gateway.
     *
     * <p>At a new address it says goodbye too: for what a run before this one announced there, or this one at an address that is
     * already gone from its interface, so that nothing can be sent from it any more.
     */
    private List<Send> present(List<Presence> at, int newBootId, MonoTime now) {
        var gone = without(present, at);
        var come = without(at, present);
        if (gone.isEmpty() && come.isEmpty()) {
            return List.of();
        }
        int oldBootId = present.isEmpty() ? newBootId : bootId;
        var sends = new ArrayList<Send>();
        toGroups(Stream.concat(gone.stream(), come.stream()).toList(), SsdpMessage.ByeBye::new)
                .forEach(planned -> sends.add(sent(planned, oldBootId)));
        toGroups(without(at, come), (thing, face) -> new SsdpMessage.Update(thing, face, newBootId))
                .forEach(planned -> sends.add(sent(planned, oldBootId)));
        present = at;
        bootId = newBootId;
        agenda.keepAnswersFrom(at);
        announceFrom(now);
        return sends;
    }

    private List<Send> stop() {
        var goodbyes = toGroups(present, SsdpMessage.ByeBye::new).stream()
                .map(planned -> sent(planned, bootId))
                .toList();
        present = List.of();
        agenda.keepAnswersFrom(present);
        nextAnnouncement = MonoTime.NEVER;
        return goodbyes;
    }

    private List<Send> due(MonoTime now) {
        if (!nextAnnouncement.isAfter(now)) {
            announceFrom(now);
        }
        return agenda.take(now).stream().map(planned -> sent(planned, bootId)).toList();
    }

    /** Twice, because datagrams get lost; again at a random time below half of max-age. Section 1.2.2. */
    private void announceFrom(MonoTime now) {
        for (var place : present) {
            var first = now.plus(upTo(MAX_INITIAL_DELAY));
            for (int round = 0; round < ROUNDS; round++) {
                var due = first.plus(ROUND.multipliedBy(round));
                for (var planned : toGroups(List.of(place), SsdpMessage.Alive::new)) {
                    agenda.add(due, planned);
                    due = due.plus(SPACING);
                }
            }
        }
        var quarter = MAX_AGE.dividedBy(4);
        nextAnnouncement =
                present.isEmpty() ? MonoTime.NEVER : now.plus(quarter).plus(upTo(quarter));
    }

    private List<Send> search(SsdpEvent.Search search, MonoTime now) {
        if (isOrdinary(search.source().port())
                && (!search.multicast() || search.request().mx().isPresent())) {
            answering(search).ifPresent(place -> answer(search, place, now));
        }
        return due(now);
    }

    private void answer(SsdpEvent.Search search, Presence from, MonoTime now) {
        var answers = faces.found(search.request());
        if (hasRoomFor(answers.size()) && limit.admits(search.source().address(), answers.size(), now)) {
            var longest = search.multicast()
                    ? shorter(Duration.ofSeconds(search.request().mx().get()), maxDelay)
                    : Duration.ZERO;
            answers.forEach(
                    answer -> agenda.add(now.plus(upTo(longest)), new Agenda.Planned(from, search.source(), answer)));
        }
    }

    /**
     * {@return the address where {@code search} was heard, unless the searcher is no neighbour of it}
     *
     * <p>What is sent to a group is heard at each of our addresses there; the first answers for those that share its prefix.
     */
    private Optional<Presence> answering(SsdpEvent.Search search) {
        return present.stream()
                .filter(place -> search.multicast()
                        ? place.lan().sharesGroup(search.lan())
                        : place.lan().equals(search.lan()))
                .filter(place -> place.lan().prefix().contains(search.source().address()))
                .findFirst()
                .filter(place -> place.lan().equals(search.lan()));
    }

    /** A reflected attack likes to aim at well-known ports; libtorrent searches from 1900 itself. */
    private static boolean isOrdinary(int port) {
        return port >= LOWEST_SOURCE_PORT;
    }

    private boolean hasRoomFor(int answers) {
        return answers > 0 && agenda.answers() + answers <= MAX_ANSWERS;
    }

    /** {@return the whole set, said at each of {@code places}: a part of it must never be announced or taken back alone} */
    private List<Agenda.Planned> toGroups(
            List<Presence> places, BiFunction<Advertised, AdvertisedFace, SsdpMessage> message) {
        var face = faces.announced();
        return places.stream()
                .flatMap(place -> face.advertised().stream()
                        .map(thing ->
                                new Agenda.Planned(place, place.lan().group().endpoint, message.apply(thing, face))))
                .toList();
    }

    private static Send sent(Agenda.Planned planned, int bootId) {
        return new Send(planned.from(), planned.target(), planned.message(), bootId);
    }

    private static List<Presence> without(List<Presence> all, List<Presence> others) {
        return all.stream().filter(place -> !others.contains(place)).toList();
    }

    private Duration upTo(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
