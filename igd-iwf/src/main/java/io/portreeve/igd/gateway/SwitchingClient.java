package io.portreeve.igd.gateway;

import io.portreeve.client.AuditReport;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.ServerView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Several clients in the place of one, each in its time: a gateway whose WAN address changes may have another provider to ask, or
 * none any more.
 *
 * <p>What was asked and not answered is asked again of whoever comes next; what else is wanted is for the interworking to say.
 * Listeners are called under a lock, so that none hears of one client after it has heard of the next.
 */
public final class SwitchingClient implements PcpClient {

    /** What somebody waits for. */
    private record Question(
            Function<PcpClient, CompletableFuture<MappingOutcome>> call, CompletableFuture<MappingOutcome> answer) {}

    private final Set<Question> open = new LinkedHashSet<>();
    private final List<Consumer<MappingEvent>> listeners = new ArrayList<>();
    private PcpClient current;

    /** What is heard of those of whom nobody knows yet whether they are asked from now on. */
    private final Map<PcpClient, List<MappingEvent>> held = new HashMap<>();

    /** @param first closed when another takes its place, as each of those is */
    public SwitchingClient(PcpClient first) {
        current = first;
        hear(first);
    }

    private void hear(PcpClient client) {
        client.listen(event -> heard(client, event));
    }

    private synchronized void heard(PcpClient from, MappingEvent event) {
        if (held.containsKey(from)) {
            held.get(from).add(event);
        } else if (from == current) {
            tell(event);
        }
    }

    private void tell(MappingEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    /**
     * Keeps what is heard to itself until {@link #resume} or {@link #switchTo}: a client whose gateway gets another address asks from
     * there at once, and what it hears may concern nobody any more.
     */
    public synchronized void hold() {
        hold(current);
    }

    private synchronized void hold(PcpClient client) {
        held.putIfAbsent(client, new ArrayList<>());
    }

    /** The same one is asked on: what was heard meanwhile is told. */
    public synchronized void resume() {
        Optional.ofNullable(held.remove(current)).ifPresent(heard -> heard.forEach(this::tell));
    }

    /**
     * Asks {@code next} from now on.
     *
     * @param between given what {@code next} keeps from an earlier time, when nothing more is heard of the client before, and nothing
     *     yet of the next; what the next has said by then is told afterwards
     */
    public void switchTo(PcpClient next, Consumer<List<MappingView>> between) {
        hold(next);
        hear(next); // before the listing, or what happens in between is missed
        var kept = next.mappings().join();
        PcpClient before;
        synchronized (this) {
            before = current;
            held.remove(before);
            current = next;
            between.accept(kept);
            resume();
            List.copyOf(open).forEach(this::put);
        }
        before.close();
    }

    @Override
    public synchronized CompletableFuture<MappingOutcome> map(MappingRequest request) {
        return ask(client -> client.map(request));
    }

    @Override
    public synchronized CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
        return ask(client -> client.release(owner, key));
    }

    private CompletableFuture<MappingOutcome> ask(Function<PcpClient, CompletableFuture<MappingOutcome>> call) {
        var question = new Question(call, new CompletableFuture<>());
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
