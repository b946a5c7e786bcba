package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who waits for what becomes of a mapping, and at which servers. The first success answers, else the first bad news when all
 * servers have spoken.
 */
final class Waiters {
    private final Map<MappingKey, List<Waiter>> waiting = new TreeMap<>(Mapping.ORDER);

    private static final class Waiter {
        final long ticket;
        final Set<String> silent;
        private Optional<MappingOutcome> soFar = Optional.empty();

        Waiter(long ticket, Collection<String> servers) {
            this.ticket = ticket;
            silent = new HashSet<>(servers);
        }

        /** {@return the answer, if there is one now} */
        Optional<Effect> hear(String server, MappingOutcome outcome) {
            if (!silent.remove(server)) {
                return Optional.empty();
            }
            var worst =
                    soFar.filter(it -> !(it instanceof MappingOutcome.Released)).orElse(outcome);
            soFar = Optional.of(worst);
            if (outcome instanceof MappingOutcome.Granted) {
                return Optional.of(new Effect.Answer(ticket, outcome));
            }
            return silent.isEmpty() ? Optional.of(new Effect.Answer(ticket, worst)) : Optional.empty();
        }
    }

    void add(MappingKey key, long ticket, Collection<String> servers) {
        waiting.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Waiter(ticket, servers));
    }

    /** {@return true if somebody has not heard of this server yet} */
    boolean isAwaited(String server, MappingKey key) {
        return waiting.getOrDefault(key, List.of()).stream().anyMatch(waiter -> waiter.silent.contains(server));
    }

    /** {@return the answers to those who need to hear no more than this} */
    List<Effect> tell(String server, MappingKey key, MappingOutcome outcome) {
        var waiters = waiting.get(key);
        if (waiters == null) {
            return List.of();
        }
        var answers = new ArrayList<Effect>();
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            each.next().hear(server, outcome).ifPresent(answer -> {
                answers.add(answer);
                each.remove();
            });
        }
        if (waiters.isEmpty()) {
            waiting.remove(key);
        }
        return answers;
    }

    /** {@return the answers to all who wait for {@code key}, whatever they have heard} */
    List<Effect> tellAll(MappingKey key, MappingOutcome outcome) {
        var waiters = waiting.remove(key);
        return waiters == null
                ? List.of()
                : waiters.stream()
                        .<Effect>map(waiter -> new Effect.Answer(waiter.ticket, outcome))
                        .toList();
    }

    /** {@return the answers that follow from a server's being out of reach, or being none of ours any more} */
    List<Effect> tellOf(String server, MappingOutcome outcome) {
        var answers = new ArrayList<Effect>();
        List.copyOf(waiting.keySet()).forEach(key -> answers.addAll(tell(server, key, outcome)));
        return answers;
    }
}
