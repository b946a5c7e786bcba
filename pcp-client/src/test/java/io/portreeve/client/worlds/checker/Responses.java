package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.worlds.checker.Debts.Kind;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedResponse;
import java.util.Map;
import java.util.Optional;

/** What the server says makes of the mappings. Sources: RFC 6887 sections 8.3, 8.5, 11.4, 13.2, 15.1. */
final class Responses {
    private final Dumps dumps;
    private final Map<MappingKey, Watch> watches;
    private final Beliefs beliefs;
    private final Debts debts;
    private final Map<MappingKey, Endpoint> told;
    private EpochJudge epochs = new EpochJudge();
    private Sparing sparing = new Sparing();
    private final Probing probing = new Probing();
    private final Listing listing = new Listing();
    private final Books books;

    Responses(
            Dumps dumps, Map<MappingKey, Watch> watches, Beliefs beliefs, Debts debts, Map<MappingKey, Endpoint> told) {
        this.dumps = dumps;
        this.watches = watches;
        this.beliefs = beliefs;
        this.debts = debts;
        this.told = told;
        books = new Books(watches, beliefs, debts, told);
    }

    /** A client that starts, or asks from elsewhere, knows of no epoch. */
    void startAgain() {
        probing.end();
        listing.abandon();
        epochs = new EpochJudge();
        sparing = new Sparing();
    }

    Probing probing() {
        return probing;
    }

    Listing listing() {
        return listing;
    }

    Books books() {
        return books;
    }

    /** @param client where requests come from */
    void hear(GetResponse response, PcpAddress client) {
        if (!listing.isFor(response)) {
            return;
        }
        debts.allowActing();
        if (!judge(response.epoch().seconds(), Optional.empty())) {
            listing.hears(response).ifPresent(it -> books.compare(it, response.nonce(), client, dumps.uptime()));
        }
    }

    Sparing sparing() {
        return sparing;
    }

    /** {@return until when the server is to be spared what {@code watch} would ask now} */
    Optional<MonoTime> sparedUntil(Watch watch) {
        return sparing.until(watch, dumps.uptime());
    }

    void hear(DecodedResponse decoded) {
        if (decoded instanceof DecodedResponse.Ok(MapResponse response)) {
            matching(response).ifPresent(watch -> hears(watch, response));
        } else if (decoded instanceof DecodedResponse.Ok(AnnounceResponse response)) {
            probing.end();
            judge(response.epoch().seconds(), Optional.empty());
        }
    }

    private Optional<Watch> matching(MapResponse response) {
        return watches.values().stream()
                .filter(it -> it.key.thirdParty().equals(response.thirdParty())
                        && it.key.protocol().equals(response.protocol())
                        && it.key.internalPort() == response.internalPort()
                        && it.key
                                .externalFamily()
                                .equals(response.assignedAddress().anyOfFamily())
                        && it.nonce.equals(Optional.of(response.nonce())))
                .findAny();
    }

    private void hears(Watch watch, MapResponse response) {
        debts.allowActing();
        probing.end();
        judge(response.epoch().seconds(), Optional.of(watch));
        sparing.hears(watch, response, dumps.uptime());
        if (!watch.isWanted()) {
            hearsOfDeletion(watch, response);
        } else if (!response.isSuccess()) {
            hearsOfRefusal(watch, response);
        } else if (watch.adopts(response)) {
            beliefs.adopts(response);
            watch.granted(
                    new Endpoint(response.assignedAddress(), response.assignedPort()),
                    response.lifetime(),
                    dumps.uptime());
            if (!watch.external.equals(Optional.ofNullable(told.get(watch.key)))) {
                debts.owe(Kind.ENDPOINT, watch.key);
            }
        } else if (watch.moves(response, dumps.uptime())) {
            beliefs.adopts(response);
            debts.owe(Kind.ENDPOINT, watch.key);
        }
    }

    private void hearsOfRefusal(Watch watch, MapResponse response) {
        if (watch.mayBeElsewhere(response)) {
            watch.askElsewhere(response, dumps.uptime());
            sparedUntil(watch)
                    .map(Window::at)
                    .ifPresentOrElse(watch.schedule::spare, () -> debts.owe(Kind.REQUEST, watch.key));
        } else if (!watch.isSaidAgain(response)) {
            if (watch.isTakenBack(response)) {
                watch.held = Optional.empty();
                debts.owe(Kind.LOSS, watch.key);
            }
            watch.schedule.refused(response.lifetime(), dumps.uptime());
        }
    }

    private void hearsOfDeletion(Watch watch, MapResponse response) {
        if (response.assignedPort() != 0
                && !(response.isSuccess() && response.lifetime().isDelete())) {
            if (response.isSuccess()) {
                watch.isKnown(response.lifetime(), dumps.uptime());
            }
            return; // to a request before it, or unasked: a deletion has no port
        }
        boolean isPassing = response.result() == ResultCode.NO_RESOURCES.value()
                || response.result() == ResultCode.NETWORK_FAILURE.value();
        if (isPassing) {
            watch.schedule.refused(response.lifetime(), dumps.uptime());
            return;
        }
        debts.allowForgetting();
        if (!response.isSuccess() || response.lifetime().isDelete()) {
            debts.owe(Kind.ERASURE, watch.key);
        }
    }

    /** {@return true if the server has lost its state} */
    private boolean judge(long epochSeconds, Optional<Watch> answered) {
        if (!epochs.isLoss(epochSeconds, dumps.uptime())) {
            return false;
        }
        listing.abandon();
        var recovery = Recovery.afterLoss(dumps.uptime(), watches.size());
        for (var watch : watches.values()) {
            if (watch.isWanted()
                    && watch.held.isPresent()
                    && answered.filter(it -> it == watch).isEmpty()) {
                watch.recover(recovery);
            }
        }
        return true;
    }
}
