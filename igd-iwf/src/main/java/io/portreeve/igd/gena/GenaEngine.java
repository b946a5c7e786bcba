package io.portreeve.igd.gena;

import io.portreeve.igd.gena.GenaAnswer.Refused;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Says who subscribes, and who is told what when. UPnP Device Architecture 1.1 section 4.
 *
 * <p>All subscriptions last equally long, whatever TIMEOUT asks: for less than {@link Subscription#LIFETIME} nobody is to be refused, and
 * more would keep the places of those who have gone away.
 */
final class GenaEngine {
    static final int MAX_PER_HOST = 4;
    static final int MAX_SUBSCRIPTIONS = 64;

    private final Supplier<UUID> sids;
    private final Map<String, SequencedMap<String, String>> variables = new HashMap<>();
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();

    /** @param sids each drawn once; who guesses one of another host cannot use it, but should not guess it either */
    GenaEngine(Supplier<UUID> sids) {
        this.sids = sids;
    }

    MonoTime nextDue() {
        return subscriptions.values().stream().map(Subscription::nextDue).reduce(MonoTime.NEVER, MonoTime::earlier);
    }

    /** {@return what is to be done, in this order} */
    List<GenaEffect> handle(GenaEvent event, MonoTime now) {
        subscriptions.values().forEach(subscription -> subscription.endIfExpired(now));
        subscriptions.values().removeIf(Subscription::isOver);
        var effects = new ArrayList<GenaEffect>();
        switch (event) {
            case GenaEvent.Subscribe(long call, var path, var from, var callback) ->
                effects.add(new GenaEffect.Answer(call, subscribe(path, from, callback, now)));
            case GenaEvent.Renew(long call, var path, var requester, var sid) ->
                effects.add(new GenaEffect.Answer(call, renew(path, requester, sid, now)));
            case GenaEvent.Unsubscribe(long call, var path, var requester, var sid) ->
                effects.add(new GenaEffect.Answer(call, unsubscribe(path, requester, sid)));
            case GenaEvent.Answered(var sid) -> answered(sid, now);
            case GenaEvent.NotAnswered(var sid) -> notAnswered(sid);
            case GenaEvent.Published(var path, var values) -> publish(path, values, now);
            case GenaEvent.Delivered(var sid, var outcome) ->
                subscriptions.get(sid).delivered(outcome, now);
            case GenaEvent.Due() -> {}
        }
        effects.addAll(sends(now));
        return effects;
    }

    private GenaAnswer subscribe(String path, ScopedAddress from, CallbackUrl callback, MonoTime now) {
        boolean full = subscriptions.size() >= MAX_SUBSCRIPTIONS || placesOf(callback.address()) >= MAX_PER_HOST;
        if (full || !variables.containsKey(path)) {
            return Refused.UNAVAILABLE;
        }
        var sid = "uuid:" + sids.get();
        subscriptions.put(sid, new Subscription(sid, path, from, callback, now));
        return new GenaAnswer.Granted(sid, Subscription.LIFETIME);
    }

    private long placesOf(PcpAddress host) {
        return subscriptions.values().stream()
                .filter(subscription -> subscription.subscriber().equals(host))
                .count();
    }

    private GenaAnswer renew(String path, PcpAddress requester, String sid, MonoTime now) {
        return of(path, requester, sid)
                .<GenaAnswer>map(subscription -> {
                    subscription.renew(now);
                    return new GenaAnswer.Granted(sid, Subscription.LIFETIME);
                })
                .orElse(Refused.PRECONDITION_FAILED);
    }

    private GenaAnswer unsubscribe(String path, PcpAddress requester, String sid) {
        return of(path, requester, sid)
                .<GenaAnswer>map(subscription -> {
                    subscription.end();
                    return new GenaAnswer.Unsubscribed();
                })
                .orElse(Refused.PRECONDITION_FAILED);
    }

    private Optional<Subscription> of(String path, PcpAddress requester, String sid) {
        return Optional.ofNullable(subscriptions.get(sid))
                .filter(subscription -> subscription.tellsOf(path))
                .filter(subscription -> subscription.subscriber().equals(requester));
    }

    private void answered(String sid, MonoTime now) {
        Optional.ofNullable(subscriptions.get(sid))
                .ifPresent(subscription ->
                        subscription.begin(variables.get(subscription.path()).keySet(), now));
    }

    private void notAnswered(String sid) {
        Optional.ofNullable(subscriptions.get(sid)).ifPresent(Subscription::endIfNotBegun);
    }

    /** What changes together is owed together, and so is told together. */
    private void publish(String path, SequencedMap<String, String> values, MonoTime now) {
        var before = variables.put(path, values);
        var changed = new HashMap<>(values);
        if (before != null) {
            changed.entrySet().removeAll(before.entrySet());
        }
        subscriptions.values().stream()
                .filter(subscription -> subscription.tellsOf(path))
                .forEach(subscription -> subscription.changed(changed.keySet(), now));
    }

    private List<GenaEffect> sends(MonoTime now) {
        return subscriptions.values().stream()
                .flatMap(subscription -> subscription.next(variables.get(subscription.path()), now).stream())
                .<GenaEffect>map(GenaEffect.Send::new)
                .toList();
    }
}
