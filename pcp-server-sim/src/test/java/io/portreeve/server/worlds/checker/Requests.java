package io.portreeve.server.worlds.checker;

import io.portreeve.pcp.MonoTime;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The requests for mappings on which the server works, or has worked in this batch. */
final class Requests {

    /** So many may wait for one mapping before the server keeps silent. */
    private static final int CROWD = 9;

    /** One that is about several mappings has its answer when the first of them is done. */
    private static final Duration LINGERS = Duration.ofMinutes(2);

    private final Dumps dumps;
    private final Promises promises;
    private final Map<Long, Request> waiting = new LinkedHashMap<>();
    private final Map<Long, Request> answered = new LinkedHashMap<>();
    private final Map<Long, Request> lingering = new LinkedHashMap<>();

    /** Of those that were answered the ones that failed, and so have changed nothing. */
    private final Set<Request> failed = Collections.newSetFromMap(new IdentityHashMap<>());

    Requests(Dumps dumps, Promises promises) {
        this.dumps = dumps;
        this.promises = promises;
    }

    void add(long id, Request request) {
        waiting.put(id, request);
        promises.asked(id, request);
    }

    Map<Long, Request> waiting() {
        return waiting;
    }

    /** {@return the request, which has its answer now; null if it is none for a mapping} */
    Request settle(long id) {
        var request = waiting.remove(id);
        if (request != null) {
            answered.put(id, request);
        }
        return request;
    }

    /** The last one that was settled has an error for its answer. */
    void failed(Request request) {
        if (request.deletes()) {
            promises.forgetDeleted(request);
        } else if (request.ports().count() == 1) {
            failed.add(request);
        }
    }

    void ignored(long id) {
        var request = settle(id);
        if (request == null) {
            return;
        }
        var others = underWay().stream()
                .filter(it -> it != request && it.ports().overlaps(request.ports()))
                .toList();
        if (others.stream().noneMatch(request::repeats) && others.size() + 1 < CROWD) {
            throw new InvariantBroken("answers", "silence for " + request);
        }
    }

    /** {@return those that have no answer yet, or got it in this batch, or of which more may come} */
    List<Request> underWay() {
        var all = new ArrayList<>(waiting.values());
        all.addAll(answered.values());
        all.addAll(lingering.values());
        return all;
    }

    /** {@return those besides {@code one} on which work may still be under way} */
    Map<Long, Request> unsettledBesides(Request one) {
        var all = new LinkedHashMap<>(waiting);
        answered.forEach((id, request) -> {
            if (request != one && request.ports().count() > 1) {
                all.put(id, request);
            }
        });
        all.putAll(lingering);
        return all;
    }

    /** {@return those that may have changed something in this batch} */
    List<Request> fruitful() {
        var all = underWay();
        if (!failed.isEmpty()) {
            all.removeIf(failed::contains);
        }
        return all;
    }

    boolean areOthersFor(Request request) {
        return unsettledBesides(request).values().stream()
                .anyMatch(it -> it.concerns(request.ports()) || request.concerns(it.ports()));
    }

    /** The server says that a request has ended more than its answer told. */
    void endedMore() {
        unsettledBesides(null).values().stream().filter(Request::deletes).forEach(promises::forgetDeleted);
    }

    /** {@return true if no other request of this subscriber is under way} */
    boolean isAlone(Request request) {
        return underWay().stream()
                .noneMatch(it -> it != request && it.subscriber().equals(request.subscriber()));
    }

    void batchDone() {
        answered.forEach((id, request) -> {
            if (request.ports().count() > 1) {
                lingering.put(id, request);
            } else {
                promises.settled(id);
            }
        });
        forget();
        if (lingering.isEmpty()) {
            return;
        }
        var now = dumps.now();
        lingering.entrySet().removeIf(entry -> isOver(entry, now));
    }

    private boolean isOver(Map.Entry<Long, Request> entry, MonoTime now) {
        boolean isOver = entry.getValue().came().plus(LINGERS).isBefore(now);
        if (isOver) {
            promises.settled(entry.getKey());
        }
        return isOver;
    }

    private void forget() {
        answered.clear();
        failed.clear();
    }

    void clear() {
        waiting.clear();
        lingering.clear();
        forget();
    }
}
