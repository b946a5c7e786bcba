package io.portreeve.server.channel;

import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.channel.Words.Misspelt;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes in a new session what the server had in the last one: subscribers with their addresses, then mappings, then filters, then
 * the unlock. Everything of a kind is asked before the first answer is waited for.
 */
final class Restoring {
    private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

    private final Map<SubscriberHandle, Subscriber> wantedSubscribers;
    private final Map<PcpMapHandle, CgnMapping> wantedMappings;
    private final Map<FilterHandle, Mirror.Filtered> wantedFilters;
    private final boolean unlocks;
    private final Map<SubscriberHandle, String> subscribers = new LinkedHashMap<>();
    private final Map<PcpMapHandle, String> mappings = new LinkedHashMap<>();
    private final Map<FilterHandle, Restored.NamedFilter> filters = new LinkedHashMap<>();
    private final Set<SubscriberHandle> lost = new LinkedHashSet<>();

    /** What is wanted is copied: it may change meanwhile. */
    Restoring(
            Map<SubscriberHandle, Subscriber> subscribers,
            Map<PcpMapHandle, CgnMapping> mappings,
            Map<FilterHandle, Mirror.Filtered> filters,
            boolean unlocks) {
        wantedSubscribers = new LinkedHashMap<>(subscribers);
        wantedMappings = new LinkedHashMap<>(mappings);
        wantedFilters = new LinkedHashMap<>(filters);
        this.unlocks = unlocks;
    }

    /**
     * {@return what came of it}
     *
     * @throws CgnException if the session ends before all is done
     */
    Restored run(Link link) throws CgnException {
        var asked = new LinkedHashMap<SubscriberHandle, CompletableFuture<Words>>();
        wantedSubscribers.forEach((handle, wanted) ->
                asked.put(handle, link.ask("create-subscriber " + wanted.id() + " " + wanted.external())));
        for (var entry : asked.entrySet()) {
            var id = wantedSubscribers.get(entry.getKey()).id();
            name(entry.getValue(), entry.getKey(), "subscriber " + id)
                    .ifPresent(name -> subscribers.put(entry.getKey(), name));
        }
        restoreMappings(link);
        restoreFilters(link);
        if (unlocks) {
            unlock(link.ask("unlock-dynamic"));
        }
        return new Restored(subscribers, mappings, filters, lost);
    }

    private void restoreMappings(Link link) throws CgnException {
        var asked = new LinkedHashMap<PcpMapHandle, CompletableFuture<Words>>();
        wantedMappings.forEach((handle, wanted) -> {
            var subscriber = subscribers.get(wanted.subscriber());
            if (subscriber != null) {
                asked.put(
                        handle,
                        link.ask("create-pcp-mapping " + subscriber + " " + Words.of(wanted.protocol()) + " "
                                + Words.of(wanted.internal()) + " " + Words.of(wanted.external())));
            }
        });
        for (var entry : asked.entrySet()) {
            var wanted = wantedMappings.get(entry.getKey());
            name(entry.getValue(), wanted.subscriber(), wanted.protocol() + " " + wanted.external())
                    .ifPresent(name -> mappings.put(entry.getKey(), name));
        }
    }

    private void restoreFilters(Link link) throws CgnException {
        var asked = new LinkedHashMap<FilterHandle, CompletableFuture<Words>>();
        wantedFilters.forEach((handle, wanted) -> {
            var mapping = mappings.get(wanted.mapping());
            if (mapping != null) {
                asked.put(handle, link.ask("create-filter " + mapping + " " + Words.of(wanted.filter())));
            }
        });
        for (var entry : asked.entrySet()) {
            var mapping = wantedFilters.get(entry.getKey()).mapping();
            var owner = wantedMappings.get(mapping).subscriber();
            name(entry.getValue(), owner, "a filter")
                    .ifPresent(name -> filters.put(entry.getKey(), new Restored.NamedFilter(mapping, name)));
        }
    }

    private static void unlock(CompletableFuture<Words> answer) throws CgnException {
        try {
            answer.join();
        } catch (CompletionException e) {
            throw new CgnException(error(e), e);
        }
    }

    private static CgnError error(CompletionException e) {
        return e.getCause() instanceof CgnException failure ? failure.error() : CgnError.INTERNAL;
    }

    /** {@return what the CGN calls it; empty if it refuses it, and then {@code owner} loses all} */
    private Optional<String> name(CompletableFuture<Words> answer, SubscriberHandle owner, String what)
            throws CgnException {
        try {
            return Optional.of(answer.join().next());
        } catch (CompletionException e) {
            var error = error(e);
            if (error == CgnError.UNREACHABLE) {
                throw new CgnException(error, e);
            }
            LOG.error("the CGN refuses {} after it has come back: {}; its subscriber loses its mappings", what, error);
            lost.add(owner);
            return Optional.empty();
        } catch (Misspelt e) {
            throw new CgnException(CgnError.INTERNAL, e);
        }
    }
}
