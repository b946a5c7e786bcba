package io.portreeve.igd.ssdp;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Says when the gateway announces itself, and what it answers to whom. UPnP Device Architecture 1.1 section 1.
 *
 * <p>All that is to be sent later waits in one agenda, which no flood of searches can make longer than {@link #MAX_AGENDA}.
 */
final class SsdpEngine {
    static final PcpAddress GROUP = PcpAddress.parse("239.255.255.250");
    static final int PORT = 1900;
    static final Duration MAX_AGE = Duration.ofSeconds(1800);
    static final int MAX_AGENDA = 256;

    private static final Endpoint EVERYBODY = new Endpoint(GROUP, PORT);
    private static final int ROUNDS = 2;
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final Duration SPACING = Duration.ofMillis(10);
    private static final Duration MAX_INITIAL_DELAY = Duration.ofMillis(100);
    private static final int LOWEST_SOURCE_PORT = 1024;

    private record Appointment(MonoTime due, long number, Send send) {}

    private final List<Advertised> advertised;
    private final LanPrefix lan;
    private final Duration maxDelay;
    private final RandomGenerator random;
    private final AnswerLimit limit = new AnswerLimit();
    private final PriorityQueue<Appointment> agenda =
            new PriorityQueue<>(Comparator.comparing(Appointment::due).thenComparing(Appointment::number));
    private long appointments;
    private MonoTime nextAnnouncement = MonoTime.NEVER;

    /** @param maxDelay the longest that an answer to a multicast search waits, however long the control point would */
    SsdpEngine(List<Advertised> advertised, LanPrefix lan, Duration maxDelay, RandomGenerator random) {
        this.advertised = List.copyOf(advertised);
        this.lan = lan;
        this.maxDelay = maxDelay;
        this.random = random;
    }

    MonoTime nextDue() {
        var next = agenda.peek();
        return next == null ? nextAnnouncement : nextAnnouncement.earlier(next.due);
    }

    List<Send> handle(SsdpEvent event, MonoTime now) {
        return switch (event) {
            case SsdpEvent.Start() -> start(now);
            case SsdpEvent.Search(var source, boolean multicast, var request) ->
                search(source, multicast, request, now);
            case SsdpEvent.Due() -> due(now);
            case SsdpEvent.Stop() -> stop();
        };
    }

    /** A byebye after an alive would make control points forget the gateway, so all of them go first. */
    private List<Send> start(MonoTime now) {
        announceFrom(now);
        return toEverybody(SsdpMessage.ByeBye::new);
    }

    private List<Send> stop() {
        agenda.clear();
        nextAnnouncement = MonoTime.NEVER;
        return toEverybody(SsdpMessage.ByeBye::new);
    }

    private List<Send> due(MonoTime now) {
        if (!nextAnnouncement.isAfter(now)) {
            announceFrom(now);
        }
        var sends = new ArrayList<Send>();
        while (!agenda.isEmpty() && !agenda.peek().due.isAfter(now)) {
            sends.add(agenda.poll().send);
        }
        return sends;
    }

    /** Twice, because datagrams get lost; again at a random time below half of max-age. Section 1.2.2. */
    private void announceFrom(MonoTime now) {
        var first = now.plus(upTo(MAX_INITIAL_DELAY));
        for (int round = 0; round < ROUNDS; round++) {
            var due = first.plus(ROUND.multipliedBy(round));
            for (var send : toEverybody(SsdpMessage.Alive::new)) {
                schedule(due, send);
                due = due.plus(SPACING);
            }
        }
        var quarter = MAX_AGE.dividedBy(4);
        nextAnnouncement = now.plus(quarter).plus(upTo(quarter));
    }

    private List<Send> search(Endpoint source, boolean multicast, SearchRequest request, MonoTime now) {
        if (lan.contains(source.address())
                && isOrdinary(source.port())
                && (!multicast || request.mx().isPresent())) {
            var answers = advertised.stream()
                    .flatMap(thing -> thing.answering(request.target()).stream())
                    .toList();
            if (hasRoomFor(answers.size()) && limit.admits(source.address(), answers.size(), now)) {
                var longest =
                        multicast ? shorter(Duration.ofSeconds(request.mx().get()), maxDelay) : Duration.ZERO;
                answers.forEach(
                        answer -> schedule(now.plus(upTo(longest)), new Send(source, new SsdpMessage.Found(answer))));
            }
        }
        return due(now);
    }

    /** A reflected attack likes to aim at well-known ports; libtorrent searches from 1900 itself. */
    private static boolean isOrdinary(int port) {
        return port >= LOWEST_SOURCE_PORT;
    }

    private boolean hasRoomFor(int answers) {
        return answers > 0 && agenda.size() + answers <= MAX_AGENDA;
    }

    private List<Send> toEverybody(Function<Advertised, SsdpMessage> message) {
        return advertised.stream()
                .map(thing -> new Send(EVERYBODY, message.apply(thing)))
                .toList();
    }

    private void schedule(MonoTime due, Send send) {
        agenda.add(new Appointment(due, appointments++, send));
    }

    private Duration upTo(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
