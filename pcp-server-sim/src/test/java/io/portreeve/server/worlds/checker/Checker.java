package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The one who watches: told of everything that goes in and out, it throws {@link InvariantBroken}. After each batch it looks at
 * the rows the batch was about, and {@link #lookAtEverything} when it is asked to.
 */
public final class Checker {

    /** Work that trouble left behind is done by then: repeated erasures, late answers of the CGN. */
    private static final Duration AFTERMATH = Duration.ofSeconds(10);

    /** No request waits longer, even if each of the CGN's answers takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** So many may wait for one mapping before the server keeps silent. */
    private static final int CROWD = 9;

    private final Dumps dumps;
    private final Promises promises;
    private final PortDelays delays;
    private final DiskChanges changes;
    private final EpochWatch epoch = new EpochWatch();
    private final Refusals refusals;
    private final Map<Long, Request> waiting = new LinkedHashMap<>();
    private final List<Request> answered = new ArrayList<>();

    /** Subscribers that the administration deleted, and who have asked for nothing since. */
    private final Set<PcpAddress> departed = new HashSet<>();

    private StartOrder order;
    private boolean serving;
    private boolean rebooted;
    private MonoTime troubleUntil = MonoTime.START;
    private MonoTime wallStepped = new MonoTime(-1);

    public Checker(Dumps dumps, Rules rules) {
        this.dumps = dumps;
        promises = new Promises(dumps);
        delays = new PortDelays(dumps, rules);
        changes = new DiskChanges(dumps, delays);
        refusals = new Refusals(dumps, rules, delays);
        order = new StartOrder(dumps);
    }

    /** Something is wrong around the server for {@code time} from now. */
    public void trouble(Duration time) {
        var until = dumps.now().plus(time);
        troubleUntil = until.isAfter(troubleUntil) ? until : troubleUntil;
    }

    private boolean isQuiet() {
        return serving && dumps.now().isAfter(troubleUntil.plus(AFTERMATH));
    }

    // ---- the life of the server

    public void starting() {
        changes.starting();
        order = new StartOrder(dumps);
    }

    public void started() {
        lookAtStart();
        epoch.started(dumps.now());
        rebooted = false;
        serving = true;
        promises.all().forEach(who -> promises.check(who, true));
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
            answered.addAll(waiting.values());
            changes.look(answered);
        } else {
            lookAtStart();
        }
        serving = false;
        promises.serverDied();
        departed.clear(); // one that could not be forgotten is back
        waiting.clear();
        answered.clear();
    }

    /** Someone removed the server's files, while it was not running. */
    public void wiped() {
        promises.forgetAll();
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
        for (var other : dumps.cgn()) {
            boolean isTwin = other.external().equals(row.external())
                    && other.who().protocol().equals(row.who().protocol());
            if (isTwin && !other.who().equals(row.who())) {
                throw new InvariantBroken("I1", row + " is wanted, and in force is " + other);
            }
        }
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

    public void subscriberDeleted(PcpAddress subscriber) {
        trouble(Duration.ZERO);
        promises.forget(subscriber);
        dumps.cgn().stream()
                .filter(row -> row.who().subscriber().equals(subscriber))
                .forEach(delays::mayHaveEnded);
        changes.subscriberDeleted(subscriber);
        if (waiting.values().stream().noneMatch(it -> it.who().subscriber().equals(subscriber))) {
            departed.add(subscriber);
        }
    }

    // ---- packets

    /** A datagram reached the server. */
    public void received(long id, Station source, byte[] octets) {
        var decoded = PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), source.address(), EnumSet.allOf(Opcode.class));
        if (decoded instanceof DecodedRequest.Ok(MapRequest map)) {
            var request = new Request(Who.of(source.address(), map), map, dumps.now());
            waiting.put(id, request);
            departed.remove(source.address());
            promises.asked(id, request);
        }
    }

    /** The server keeps silent about a request: only one that repeats another under way, or one too many. */
    public void ignored(long id) {
        var request = settle(id);
        var others =
                underWay().stream().filter(it -> it.who().equals(request.who())).toList();
        boolean isRepeated =
                others.stream().anyMatch(it -> it != request && it.map().equals(request.map()));
        if (!isRepeated && others.size() < CROWD) {
            throw new InvariantBroken("answers", "silence for " + request);
        }
    }

    private Request settle(long id) {
        var request = waiting.remove(id);
        if (request != null) {
            promises.settled(id, request);
            answered.add(request);
        }
        return request;
    }

    /** The server sends what nobody asked for. */
    public void told(byte[] octets) {
        checkTime(octets);
    }

    private void checkTime(byte[] octets) {
        if (!order.isUnlocked()) {
            throw new InvariantBroken("I10", "an answer before everything was brought back");
        }
        epoch.answered(Integer.toUnsignedLong(ByteBuffer.wrap(octets).getInt(8)), dumps.now());
    }

    /** The server sends an answer. */
    public void answered(long id, byte[] octets) {
        checkTime(octets);
        var request = settle(id);
        int result = octets[3];
        if (request == null) {
            return;
        }
        if (result != ResultCode.SUCCESS.value()) {
            refused(ResultCode.of(result).orElseThrow(), request);
        } else if (request.deletes()) {
            promises.deleted(request, isWanted(request.who()));
        } else {
            var granted = decoded(octets);
            Suggestions.check(request, granted);
            if (isQuiet() && isNewAndAlone(request)) {
                delays.checkReturn(request, granted);
            }
            promises.granted(request, granted, waiting);
        }
    }

    private boolean isNewAndAlone(Request request) {
        var subscriber = request.who().subscriber();
        return !changes.before().containsKey(request.who())
                && underWay().stream()
                        .noneMatch(it -> it != request && it.who().subscriber().equals(subscriber));
    }

    private static MapResponse decoded(byte[] octets) {
        if (PcpDecoder.decodeResponse(ByteBuffer.wrap(octets)) instanceof DecodedResponse.Ok(MapResponse response)) {
            return response;
        }
        throw new InvariantBroken("answers", "an answer that no client can read");
    }

    private boolean isWanted(Who who) {
        return waiting.values().stream().anyMatch(it -> it.who().equals(who));
    }

    private void refused(ResultCode result, Request request) {
        if (isQuiet()) {
            refusals.check(result, request, underWay(), changes.before());
        }
    }

    /** {@return the requests that have no answer yet, or got it in this batch} */
    private List<Request> underWay() {
        var all = new ArrayList<>(waiting.values());
        all.addAll(answered);
        return all;
    }

    // ---- looking

    /** Looks at the rows this batch was about. */
    public void batchDone() {
        var underWay = underWay();
        var touched = new LinkedHashSet<>(changes.look(underWay));
        underWay.forEach(request -> touched.add(request.who()));
        touched.forEach(who -> promises.check(who, serving));
        answered.clear();
    }

    /** Looks at everything; if nothing was wrong for a while, disk and CGN must agree. */
    public void lookAtEverything() {
        promises.all().forEach(who -> promises.check(who, serving));
        checkTableIsUnique();
        if (isQuiet()) {
            checkAtRest();
        }
        for (var request : waiting.values()) {
            if (request.came().plus(PATIENCE).isBefore(dumps.now())) {
                throw new InvariantBroken("I5", "never answered: " + request);
            }
        }
    }

    private void checkTableIsUnique() {
        var seen = new HashMap<List<Object>, CgnRow>();
        for (var row : dumps.cgn()) {
            var twin = seen.put(List.of(row.who().protocol(), row.external()), row);
            if (twin != null && !twin.equals(row)) {
                throw new InvariantBroken("I1", "in force are both " + twin + " and " + row);
            }
        }
    }

    private void checkAtRest() {
        var onDisk = new HashSet<CgnRow>();
        dumps.disk().values().forEach(row -> onDisk.add(new CgnRow(row.who(), row.external())));
        var inForce = new HashSet<>(dumps.cgn());
        if (waiting.isEmpty() && !onDisk.equals(inForce)) {
            throw new InvariantBroken("I3", "on the disk is " + onDisk + ", in force is " + inForce);
        }
        for (var subscriber : departed) {
            if (dumps.subscribers().containsKey(subscriber)) {
                throw new InvariantBroken("I3", "deleted, and still on the disk: subscriber " + subscriber);
            }
        }
    }
}
