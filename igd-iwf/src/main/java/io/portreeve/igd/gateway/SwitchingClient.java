package io.portreeve.igd.gateway;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.ServerView;
import io.portreeve.igd.iwf.PortMapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Several clients in the place of one, each in its time: a gateway whose WAN address changes may have another provider to ask, or
 * none any more.
 *
 * <p>What is wanted is wanted of whoever comes next, and what was asked and not answered is asked again there. Listeners are called
 * under a lock, so that none hears of one client after it has heard of the next.
 */
public final class SwitchingClient implements PcpClient {

    /** What somebody waits for. */
    private record Question(
            MappingKey key,
            Function<PcpClient, CompletableFuture<MappingOutcome>> call,
            CompletableFuture<MappingOutcome> answer) {}

    private final Map<MappingKey, MappingRequest> wanted = new LinkedHashMap<>();
    private final Set<Question> open = new LinkedHashSet<>();
    private final List<Consumer<MappingEvent>> listeners = new ArrayList<>();
    private PcpClient current;

    /** @param first closed when another takes its place, as each of those is */
    public SwitchingClient(PcpClient first) {
        current = first;
        hear(first);
    }

    private void hear(PcpClient client) {
        client.listen(event -> heard(client, event));
    }

    private synchronized void heard(PcpClient from, MappingEvent event) {
        if (from == current) {
            listeners.forEach(listener -> listener.accept(event));
        }
    }

    /**
     * Asks {@code next} from now on, and for all that is wanted. What it gives is told to the listeners, and what it refuses is lost;
     * what it keeps from an earlier time and is not wanted any more is released.
     *
     * @param between run when nothing more is heard of the client before, and nothing yet of the next
     */
    public void switchTo(PcpClient next, Runnable between) {
        hear(next); // before the listing, or what happens in between is missed
        var kept = next.mappings().join();
        PcpClient before;
        synchronized (this) {
            before = current;
            current = next;
            between.run();
            releaseUnwanted(kept);
            askAgain();
        }
        before.close();
    }

    /** Before the asking: what is released may hold the very port that is asked for. */
    private void releaseUnwanted(Collection<MappingView> kept) {
        kept.stream()
                .filter(view -> view.owner().equals(PortMapping.OWNER) && !wanted.containsKey(view.key()))
                .forEach(view -> current.release(view.owner(), view.key()));
    }

    private void askAgain() {
        var asked = open.stream().map(Question::key).collect(Collectors.toSet());
        List.copyOf(open).forEach(this::put);
        List.copyOf(wanted.values()).stream()
                .filter(request -> !asked.contains(request.key()))
                .forEach(this::takeOver);
    }

    private void takeOver(MappingRequest request) {
        var by = current;
        by.map(request).thenAccept(outcome -> takenOver(by, request, outcome));
    }

    private synchronized void takenOver(PcpClient by, MappingRequest request, MappingOutcome outcome) {
        var key = request.key();
        if (wanted.get(key) != request) {
            return;
        }
        switch (outcome) {
            case MappingOutcome.Granted(var external, var _, int _) ->
                heard(by, new MappingEvent.Granted(key, external));
            case MappingOutcome.Refused _, MappingOutcome.HeldByOther _ -> heard(by, new MappingEvent.Lost(key));
            case MappingOutcome.Unreachable(), MappingOutcome.Released() -> {} // what becomes of it is told later
        }
    }

    @Override
    public synchronized CompletableFuture<MappingOutcome> map(MappingRequest request) {
        wanted.put(request.key(), request);
        return ask(request.key(), client -> client.map(request));
    }

    @Override
    public synchronized CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
        wanted.computeIfPresent(key, (_, request) -> request.owner().equals(owner) ? null : request);
        return ask(key, client -> client.release(owner, key));
    }

    private CompletableFuture<MappingOutcome> ask(
            MappingKey key, Function<PcpClient, CompletableFuture<MappingOutcome>> call) {
        var question = new Question(key, call, new CompletableFuture<>());
        open.add(question);
        put(question);
        return question.answer();
    }

    private void put(Question question) {
        var to = current;
        question.call().apply(to).whenComplete((outcome, failure) -> answered(to, question, outcome, failure));
    }

    /** @param failure null if there is an outcome */
    private synchronized void answered(PcpClient by, Question question, MappingOutcome outcome, Throwable failure) {
        if (by != current || !open.remove(question)) {
            return; // the next one has been asked, or has answered
        }
        if (failure == null) {
            question.answer().complete(outcome);
        } else {
            question.answer().completeExceptionally(failure);
        }
    }

    private synchronized PcpClient current() {
        return current;
    }

    @Override
    public CompletableFuture<List<MappingView>> mappings() {
        return current().mappings();
    }

    @Override
    public CompletableFuture<List<ServerView>> servers() {
        return current().servers();
    }

    @Override
    public CompletableFuture<AuditReport> audit() {
        return current().audit();
    }

    @Override
    public synchronized void listen(Consumer<MappingEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        current().close(); // without the lock, which its threads may wait for
    }
}
