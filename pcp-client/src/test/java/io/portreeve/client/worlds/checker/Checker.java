package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.worlds.checker.Debts.Kind;
import io.portreeve.client.worlds.checker.StoredRow.Wish;
import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows a client event by event: what goes in, what it decides, and what must come of it. */
public final class Checker {
    private final Dumps dumps;
    private final Map<MappingKey, Watch> watches = new HashMap<>();
    private final Tickets tickets = new Tickets();
    private final Debts debts = new Debts();
    private final Beliefs beliefs;
    private final Looks looks;

    /** The endpoint that applications know of. */
    private final Map<MappingKey, Endpoint> told = new HashMap<>();

    /** What they know to be gone. */
    private final Set<MappingKey> lost = new HashSet<>();

    /** What the client ever called a mapping by. */
    private final Set<Name> used = new HashSet<>();

    private final Responses responses;

    private boolean runs;

    /** Where the client's requests come from. */
    private PcpAddress source;

    public Checker(Dumps dumps) {
        this.dumps = dumps;
        beliefs = new Beliefs(dumps);
        responses = new Responses(dumps, watches, beliefs, debts, told);
        looks = new Looks(dumps, watches, beliefs, responses, () -> source);
    }

    /** The server takes away, or may, what the client's subscriber had. */
    public void serverLoses() {
        beliefs.lost();
    }

    /** The server sends a success. */
    public void serverSays(MapResponse response) {
        beliefs.says(response);
    }

    private MonoTime now() {
        return dumps.uptime();
    }

    /** The client starts with what is on its disk. */
    public void started() {
        runs = true;
        source = dumps.source();
        responses.startAgain();
        var rows = dumps.clientDisk().values();
        var restart = Recovery.atOnce(now(), rows.size());
        var elsewhere = Recovery.atOnce(now(), rows.size());
        for (var row : rows) {
            var watch = Watch.restored(row, dumps.wall(), restart, now());
            if (row.source().filter(it -> !it.equals(source)).isPresent() && watch.held.isPresent()) {
                watch.startAnew(elsewhere);
            }
            watches.put(row.key(), watch);
            watch.held.ifPresent(it -> told.put(row.key(), it.external()));
        }
    }

    /** What an earlier run left may be claimed for so long; the server is asked for it at once. */
    public void startsAuditing(Duration claims) {
        if (watches.isEmpty()) {
            responses.books().claimedUntil(MonoTime.START); // there was no earlier run
        } else {
            responses.books().claimedUntil(now().plus(claims));
            watches.values().forEach(watch -> watch.mayBeClaimedUntil(now().plus(claims)));
            responses.listing().begin();
        }
    }

    /** Somebody wants to know whether server and client have the same. */
    public void audits() {
        debts.allowActing();
        responses.listing().begin();
    }

    public void died() {
        for (var watch : watches.values()) {
            var row = dumps.clientDisk().get(watch.key);
            watch.name()
                    .filter(it -> row == null || !row.nonce().equals(it.nonce()))
                    .ifPresent(beliefs::excuse);
        }
        watches.clear();
        told.clear();
        lost.clear();
        debts.cancelAll();
        runs = false;
        tickets.cancelAll();
    }

    public void wants(long ticket, MappingRequest request) {
        debts.allowActing();
        var key = request.key();
        var wish = new Wish(request.external(), request.lifetime());
        var watch = watches.get(key);
        tickets.asked(ticket, key);
        if (watch == null) {
            var wanted = Watch.wanted(key, request.owner(), wish, now());
            watches.put(key, wanted);
            responses
                    .sparedUntil(wanted)
                    .ifPresentOrElse(
                            until -> wanted.schedule.spareNew(Window.at(until)), () -> debts.owe(Kind.REQUEST, key));
        } else if (watch.isOf(request.owner()) && !isKnownToBeRefused(watch, wish)) {
            boolean wasNotSent = watch.schedule.state() == Schedule.State.NOT_SENT;
            watch.owner = request.owner();
            watch.want(wish, now());
            askUnlessSpared(watch, wasNotSent);
        }
    }

    private void askUnlessSpared(Watch watch, boolean wasNotSent) {
        responses
                .sparedUntil(watch)
                .ifPresentOrElse(
                        until -> {
                            if (wasNotSent) {
                                watch.schedule.spareNew(Window.at(until));
                            } else {
                                watch.schedule.spare(Window.at(until));
                            }
                        },
                        () -> debts.owe(Kind.REQUEST, watch.key));
    }

    private boolean isKnownToBeRefused(Watch watch, Wish wish) {
        return watch.wish.equals(Optional.of(wish)) && watch.schedule.isRefusedUntilLater(now());
    }

    public void releases(long ticket, String owner, MappingKey key) {
        debts.allowActing();
        tickets.asked(ticket, key);
        var watch = watches.get(key);
        if (watch == null || !watch.isOf(owner)) {
            return;
        }
        if (watch.mayBeAtServer(now())) {
            boolean wasNotSent = watch.schedule.state() == Schedule.State.NOT_SENT;
            watch.release(now());
            told.remove(key);
            lost.remove(key);
            askUnlessSpared(watch, wasNotSent);
        } else {
            debts.allowForgetting();
            debts.owe(Kind.ERASURE, key);
        }
    }

    /** Routes or addresses may be others than before. */
    public void networkChanges() {
        watches.values().forEach(watch -> watch.schedule.reprobe(now(), watches.size()));
    }

    /** Nothing that was granted elsewhere is held where requests leave from now. */
    public void connects(PcpAddress from) {
        if (!from.equals(source)) {
            source = from;
            responses.startAgain();
            var recovery = Recovery.atOnce(now(), watches.size());
            watches.values().forEach(watch -> watch.startAnew(recovery));
        } else if (watches.values().stream().anyMatch(it -> it.schedule.state() == Schedule.State.MAPPED)) {
            responses.probing().begin(now());
        }
    }

    public void hears(DecodedResponse decoded) {
        responses.hear(decoded);
        if (decoded instanceof DecodedResponse.Ok(GetResponse response)) {
            responses.hear(response, source);
        }
        if (decoded instanceof DecodedResponse.Ok(MapResponse response) && response.isSuccess()) {
            looks.atServer();
        }
    }

    /** Time has passed. */
    public void due() {
        debts.allowActing();
        debts.allowForgetting();
        if (responses.sparing().isOfEverything(now())) {
            responses.probing().end();
        }
        spareWhatIsDue();
        for (var watch : watches.values()) {
            if (watch.ends(now()) && watch.isWanted()) {
                debts.owe(Kind.LOSS, watch.key);
            }
        }
    }

    /** What must have come due by now did so in vain. */
    private void spareWhatIsDue() {
        for (var watch : watches.values()) {
            if (watch.schedule.window().equals(Window.at(now()))) {
                responses.sparedUntil(watch).map(Window::at).ifPresent(watch.schedule::spare);
            } else if (!watch.schedule.window().latest().isAfter(now())) {
                responses.sparing().windowOfPutOff(watch, now()).ifPresent(watch.schedule::spare);
            }
        }
    }

    /** A request is to be sent. */
    public void decides(PcpRequest request) {
        debts.act();
        if (request instanceof AnnounceRequest) {
            responses.probing().asks(now());
            return;
        }
        if (request instanceof GetRequest get) {
            responses.listing().asks(get, now());
            return;
        }
        if (!(request instanceof MapRequest map)) {
            throw new InvariantBroken("request", "nobody wants " + request);
        }
        var watch = watches.get(Name.of(map).key());
        if (watch == null) {
            throw new InvariantBroken("request", "for what nobody wants: " + request);
        }
        responses.sparedUntil(watch).ifPresent(until -> {
            throw new InvariantBroken("sparing", request + " before " + until);
        });
        if (responses.sparing().endsNow(now())) {
            watch.schedule.spare(Window.at(now()));
        }
        watch.asks(map, source, now());
        used.add(Name.of(map));
        debts.pay(Kind.REQUEST, watch.key);
    }

    /** A mapping is to be gone from table and disk. */
    public void forgets(MappingKey key) {
        debts.forget(key);
        var watch = watches.remove(key);
        if (watch == null) {
            throw new InvariantBroken("forgotten", key + " a second time");
        }
        told.remove(key);
        watch.name().ifPresent(name -> {
            if (beliefs.isLively(name)) {
                beliefs.excuse(name); // one answer to a deletion is like the other
            }
            looks.mustBeGone(name);
        });
    }

    public void decides(long ticket, MappingOutcome outcome) {
        var key = tickets.answered(ticket);
        if (outcome instanceof MappingOutcome.Granted(var external, var _, var _)) {
            tell(key, external);
        }
    }

    public void decides(MappingEvent event) {
        debts.act();
        switch (event) {
            case MappingEvent.Granted(var key, var external) -> tell(key, external);
            case MappingEvent.Lost(var key) -> {
                if (!lost.add(key)) {
                    throw new InvariantBroken("told", "a second time that " + key + " is lost");
                }
                told.remove(key);
                debts.pay(Kind.LOSS, key);
            }
        }
    }

    private void tell(MappingKey key, Endpoint external) {
        told.put(key, external);
        lost.remove(key);
        var watch = watches.get(key);
        if (watch != null && watch.held.map(Held::external).equals(Optional.of(external))) {
            debts.pay(Kind.ENDPOINT, key);
        }
    }

    /** All that the last event brings about is decided. */
    public void settled() {
        debts.settled();
    }

    /** A request leaves. */
    public void sends(MapRequest request) {
        looks.mustBeStored(Name.of(request).key(), request);
    }

    /** A request of the client's reaches the server. */
    public void reaches(MapRequest request) {
        var name = Name.of(request);
        beliefs.reaches(request, isWanted(name.key(), name.nonce()));
    }

    /** A client that is down wants what its disk says. */
    private boolean isWanted(MappingKey key, MappingNonce nonce) {
        if (!runs) {
            var row = dumps.clientDisk().get(key);
            return row != null && row.nonce().equals(nonce) && row.wish().isPresent();
        }
        var watch = watches.get(key);
        return watch != null && watch.nonce.equals(Optional.of(nonce)) && watch.isWanted();
    }

    public void lookAtEverything() {
        spareWhatIsDue();
        looks.atTimes();
        looks.atTable();
        looks.atDisk();
        looks.atServer();
        tickets.waitedFor().forEach(looks::mustBeAskedFor);
    }

    /** {@return true if everybody has what he wants} */
    public boolean isConverged() {
        return watches.values().stream()
                .allMatch(it -> it.isWanted() && it.held.isPresent() && it.schedule.isHolding());
    }

    /** In calm weather both sides have the same. */
    public void mustAgree() {
        looks.bothSides();
        looks.noOrphans(used);
    }
}
