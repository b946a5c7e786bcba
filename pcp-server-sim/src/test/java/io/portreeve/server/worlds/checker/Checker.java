package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The one who watches: told of everything that goes in and out, it throws {@link InvariantBroken}. After each batch it looks at
 * the rows the batch was about, and {@link #lookAtEverything} when it is asked to.
 */
public final class Checker {

    /** Work that trouble left behind is done by then: repeated erasures, late answers of the CGN. */
    private static final Duration AFTERMATH = Duration.ofSeconds(10);

    private static final Duration ROUNDING = Duration.ofMillis(10);

    private final Dumps dumps;
    private final Promises promises;
    private final PeerWatch peers;
    private final PortDelays delays;
    private final Operations operations;
    private final DiskChanges changes;
    private final FilterWatch filters;
    private final EpochWatch epoch = new EpochWatch();
    private final LostFlows lostFlows;
    private final Conversation conversation;
    private final Requests requests;
    private final Tables tables;

    /** Subscribers that the administration deleted, and who have asked for nothing since. */
    private final Set<PcpAddress> departed = new HashSet<>();

    /** Subscribers that are about to move, and have something that does. */
    private final Set<PcpAddress> losing = new HashSet<>();

    /** Those that the operator moves, and of which the server has not heard that. */
    private final Set<PcpAddress> leaving = new HashSet<>();

    /** Those of which the server hears in this batch that they move: what it tells them was true before. */
    private final Set<PcpAddress> moving = new HashSet<>();

    /** What is certain when nothing has been wrong for a while. */
    private final List<Runnable> certain = new ArrayList<>();

    private StartOrder order;
    private boolean serving;
    private boolean rebooted;
    private MonoTime troubleUntil = MonoTime.START;
    private MonoTime wallStepped = new MonoTime(-1);

    public Checker(Dumps dumps, Rules rules) {
        this.dumps = dumps;
        promises = new Promises(dumps);
        peers = new PeerWatch(dumps, rules);
        lostFlows = new LostFlows(dumps, peers, epoch);
        delays = new PortDelays(dumps, rules);
        operations = new Operations(dumps);
        changes = new DiskChanges(dumps, delays, operations, this::isFilterDoubtful);
        filters = new FilterWatch(dumps, rules);
        conversation =
                new Conversation(dumps, rules, this::isQuiet, promises, changes, delays, peers, operations, filters);
        requests = conversation.requests();
        tables = new Tables(dumps, filters);
        order = new StartOrder(dumps);
    }

    /** Something is wrong around the server for {@code time} from now. */
    public void trouble(Duration time) {
        var until = dumps.now().plus(time);
        troubleUntil = until.isAfter(troubleUntil) ? until : troubleUntil;
    }

    private boolean isFilterDoubtful(DiskRow row) {
        return filters.isDoubtful(row);
    }

    private boolean isQuiet() {
        return serving && dumps.now().isAfter(troubleUntil.plus(AFTERMATH));
    }

    // ---- the life of the server

    public void starting() {
        changes.starting();
        order = new StartOrder(dumps);
        filters.starting();
        lostFlows.starting();
    }

    public void started() {
        lookAtStart();
        lostFlows.started();
        epoch.started(dumps.now());
        rebooted = false;
        serving = true;
        promises.all().forEach(who -> promises.check(who, true));
        dumps.disk().values().stream()
                .filter(row -> !row.isOver(dumps.now().plus(ROUNDING)))
                .forEach(filters::check);
    }

    /** What the CGN refused to take back is lost as soon as the disk forgets it. */
    private void lookAtStart() {
        for (var who : changes.lookAtStart()) {
            promises.forget(who);
            epoch.lost(dumps.now());
        }
    }

    public void died() {
        trouble(Duration.ZERO);
        if (serving) {
            changes.look(requests.fruitful());
        } else {
            lookAtStart();
            lostFlows.failed();
        }
        serving = false;
        requests.underWay().forEach(delays::mayHaveComeAndGone);
        promises.serverDied();
        peers.forgetAll();
        departed.clear(); // one that could not be forgotten is back
        conversation.serverDied();
        certain.clear();
        losing.clear();
        moving.clear();
        leaving.clear();
        epoch.decided();
    }

    /** Someone removed the server's files, while it was not running. */
    public void wiped() {
        promises.forget(_ -> true);
        delays.forgetAll();
        changes.accept();
        epoch.lost(dumps.now());
    }

    /** The machine boots, while the server was not running: what is on the disk ends by the wall clock. */
    public void rebooted() {
        rebooted = true;
        forgetMadeBeforeStep();
        epoch.unsure(dumps.now());
    }

    public void wallStepped() {
        wallStepped = dumps.now();
        if (rebooted) {
            forgetMadeBeforeStep();
        }
    }

    private void forgetMadeBeforeStep() {
        promises.forgetMadeBefore(wallStepped);
        delays.unsureBefore(wallStepped);
    }

    // ---- the CGN

    /** The server calls a routine that the checks below do not name. */
    public void called(String routine) {
        order.called(routine);
    }

    public void unlocks() {
        order.unlocks(changes.refused());
    }

    public void createsSubscriber(PcpAddress subscriber, PcpAddress external) {
        order.createsSubscriber(subscriber, external);
    }

    public void createsMapping(CgnRow row) {
        order.createsMapping(row);
        delays.check(row);
        tables.areUniqueWith(row);
    }

    public void deletesMapping(CgnRow row) {
        delays.mayHaveEnded(row);
    }

    public void refusedAtStart(Who who) {
        changes.refusedAtStart(who);
        epoch.unsure(dumps.now());
    }

    public void refusedAtStart(PcpAddress subscriber) {
        changes.refusedAtStart(subscriber);
        epoch.unsure(dumps.now());
    }

    /** What a set of ports had before may be refused too, when the server wants it back. */
    public void refusesFilter(Who who) {
        filters.refused(who);
    }

    /** A mapping, which has no filter yet, or its filter. */
    public void takesFilter(Who who) {
        filters.taken(who);
    }

    // ---- the operator

    public void subscriberDeleted(PcpAddress subscriber) {
        if (leaving.contains(subscriber)) {
            return; // the CGN does not know it until it has moved
        }
        operations.deletes(subscriber);
        hasNothing(subscriber);
        if (!conversation.isAnybodyWaiting(subscriber::equals)) {
            departed.add(subscriber);
        }
    }

    private void hasNothing(PcpAddress subscriber) {
        trouble(Duration.ZERO);
        promises.forget(subscriber::equals);
        peers.forget(subscriber::equals);
        dumps.cgn().stream()
                .filter(row -> row.who().subscriber().equals(subscriber))
                .forEach(delays::mayHaveEnded);
    }

    /** The CGN has deleted the subscriber, and the server is to move it. */
    public void moves(PcpAddress subscriber, PcpAddress external) {
        boolean hasMappings =
                dumps.cgn().stream().anyMatch(row -> row.who().subscriber().equals(subscriber));
        if (hasMappings) {
            losing.add(subscriber);
        }
        leaving.add(subscriber);
        operations.moves(subscriber, external);
        hasNothing(subscriber);
        dumps.cgn().stream()
                .filter(row -> row.who().subscriber().equals(subscriber))
                .forEach(delays::leavesBehind);
    }

    /** The server is about to hear of it. */
    public void hearsOfMove(PcpAddress subscriber) {
        var now = dumps.now();
        epoch.startsAgain(subscriber, now);
        leaving.remove(subscriber);
        moving.add(subscriber);
        if (losing.remove(subscriber)) {
            certain.add(() -> epoch.hasStartedAgain(subscriber, now));
        }
    }

    /** The server is about to hear that it is to take away what one subscriber has, or, if none is named, what all have. */
    public void clears(Optional<PcpAddress> subscriber) {
        trouble(Duration.ZERO);
        Predicate<PcpAddress> concerned = it -> subscriber.map(it::equals).orElse(true);
        operations.clears(concerned);
        promises.forget(concerned);
        var now = dumps.now();
        subscriber.ifPresentOrElse(it -> epoch.startsAgain(it, now), () -> epoch.startAgain(now));
        certain.add(() ->
                subscriber.ifPresentOrElse(it -> epoch.hasStartedAgain(it, now), () -> epoch.haveStartedAgain(now)));
    }

    /** The server is told to make a mapping that needs no client. */
    public void addsStatic(CgnRow row) {
        trouble(Duration.ZERO);
        operations.adds(row);
        delays.takes(row);
    }

    /** The server is about to hear of it. */
    public void hearsOfStatic(PcpAddress subscriber) {
        departed.remove(subscriber);
    }

    // ---- packets

    /** A datagram of PCP reached the server. */
    public void received(long id, Station source, byte[] octets) {
        conversation.received(id, source, octets);
        hasAsked(source);
    }

    /** One of NAT-PMP did. */
    public void receivedNatPmp(long id, Station source, byte[] octets) {
        conversation.receivedNatPmp(id, source, octets);
        hasAsked(source);
    }

    private void hasAsked(Station source) {
        if (!departed.isEmpty() && conversation.isAnybodyWaiting(source.address()::equals)) {
            departed.remove(source.address());
        }
    }

    public void ignored(long id) {
        conversation.ignored(id);
    }

    /** The server sends an answer. */
    public void answered(long id, PcpAddress client, byte[] octets) {
        checkTime(client, octets, 8);
        conversation.answered(id, octets);
    }

    public void answeredNatPmp(long id, PcpAddress client, byte[] octets) {
        checkTime(client, octets, 4);
        conversation.answeredNatPmp(id, octets);
    }

    /** The server sends what nobody asked for. */
    public void told(PcpAddress client, byte[] octets) {
        checkTime(client, octets, 8);
        if (!moving.contains(client)) {
            conversation.told(client, octets);
        }
    }

    public void toldAll(byte[] octets) {
        checkUnlocked();
        epoch.announced(epochSeconds(octets, 8), dumps.now());
    }

    private void checkTime(PcpAddress client, byte[] octets, int place) {
        checkUnlocked();
        epoch.answered(client, epochSeconds(octets, place), dumps.now());
    }

    private void checkUnlocked() {
        if (!order.isUnlocked()) {
            throw new InvariantBroken("I10", "an answer before everything was brought back");
        }
    }

    private static long epochSeconds(byte[] octets, int place) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(octets).getInt(place));
    }

    // ---- looking

    /** Looks at the rows this batch was about. */
    public void batchDone() {
        changes.look(requests.fruitful()).forEach(who -> promises.check(who, serving));
        requests.underWay().forEach(request -> promises.checkAbout(request, serving));
        peers.checkAll();
        requests.batchDone();
        operations.batchDone();
        moving.clear();
        decide();
    }

    private void decide() {
        if (isQuiet()) {
            certain.forEach(Runnable::run);
            certain.clear();
            epoch.decided();
        }
    }

    /** Looks at everything; if nothing was wrong for a while, disk and CGN must agree. */
    public void lookAtEverything() {
        promises.all().forEach(who -> promises.check(who, serving));
        tables.areUnique();
        decide();
        if (isQuiet()) {
            atRest();
        }
        conversation.checkPatience();
    }

    private void atRest() {
        operations.checkCleared();
        if (requests.waiting().isEmpty()) {
            tables.agree();
        }
        tables.haveForgotten(departed);
    }
}
