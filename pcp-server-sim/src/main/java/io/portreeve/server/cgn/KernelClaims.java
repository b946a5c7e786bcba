package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.portreeve.netfilter.Element;
import io.portreeve.netfilter.NatTable;
import io.portreeve.netfilter.OuterEndpoint;
import io.portreeve.netfilter.TableChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the books of a CGN want in the kernel, and what is there though nobody wants it. All is done under the lock of the
 * books; what is told later is told under it too.
 */
final class KernelClaims implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelClaims.class);

    private final NatTable kernel;
    private final MappingRules rules;
    private final Object lock;
    private final Set<Element> claimed = new HashSet<>();

    /** In the kernel, and nobody's. */
    private final Set<Element> leftovers;

    /** Which subjects the kernel is being asked for: who asks again waits for the same answer. */
    private final Map<Object, CompletableFuture<Void>> underway = new HashMap<>();

    private boolean unlocked;
    private boolean failing;

    /** @param rules say whose connections are cut */
    KernelClaims(NatTable kernel, MappingRules rules, Object lock) {
        this.kernel = kernel;
        this.rules = rules;
        this.lock = lock;
        leftovers = new HashSet<>(kernel.elements());
    }

    /** {@return {@code subject}, for which the kernel has been asked before, when it is in force} */
    <T> CompletionStage<T> whenInForce(T subject) {
        return underway.getOrDefault(subject, completedFuture(null)).thenApply(_ -> subject);
    }

    /**
     * Claims {@code elements} if they are there, else has the kernel add them; what is being removed may be either.
     *
     * @return {@code subject} when it is in force
     * @param undo takes it out of the books if that fails; false if it is not there any more
     */
    <T> CompletionStage<T> put(T subject, List<Element> elements, BooleanSupplier undo) {
        return unlocked ? replace(subject, List.of(), elements, undo) : putOlder(subject, elements, undo);
    }

    /** The same for elements that may have connections already. */
    <T> CompletionStage<T> putOlder(T subject, List<Element> elements, BooleanSupplier undo) {
        claim(elements);
        return awaited(subject, answer(kernel.restore(elements), () -> unclaim(List.of(), elements, undo)));
    }

    /** Puts {@code elements} in the place of {@code old}, in one step. */
    <T> CompletionStage<T> replace(T subject, List<Element> old, List<Element> elements, BooleanSupplier undo) {
        old.forEach(claimed::remove);
        claim(elements);
        var gone = old.stream().filter(element -> !claimed.contains(element)).toList();
        return awaited(subject, change(elements, gone, List.of(), () -> unclaim(old, elements, undo)));
    }

    private void claim(List<Element> elements) {
        claimed.addAll(elements);
        elements.forEach(leftovers::remove);
    }

    private void unclaim(List<Element> old, List<Element> elements, BooleanSupplier undo) {
        if (undo.getAsBoolean()) {
            elements.forEach(claimed::remove);
            claimed.addAll(old);
        }
    }

    private <T> CompletionStage<T> awaited(T subject, CompletableFuture<Void> answer) {
        underway.put(subject, answer);
        answer.whenComplete((_, _) -> answered(subject, answer));
        return answer.thenApply(_ -> subject);
    }

    private void answered(Object subject, CompletableFuture<Void> answer) {
        synchronized (lock) {
            underway.remove(subject, answer);
        }
    }

    CompletableFuture<Void> remove(Collection<Element> elements) {
        return remove(elements, List.of());
    }

    /** @param cut whose connections are cut, besides those of the mappings that go */
    CompletableFuture<Void> remove(Collection<Element> elements, List<OuterEndpoint> cut) {
        elements.forEach(claimed::remove);
        return change(List.of(), elements, cut, () -> {});
    }

    /** Has the kernel do this and, once the leftovers are known to be nobody's, remove them too. */
    private CompletableFuture<Void> change(
            List<Element> added, Collection<Element> removed, List<OuterEndpoint> cut, Runnable undo) {
        var gone = new ArrayList<>(removed);
        if (unlocked) {
            gone.addAll(leftovers);
            leftovers.clear();
        }
        var ended = Stream.concat(cut.stream(), gone.stream().map(rules::end).flatMap(Optional::stream))
                .distinct()
                .toList();
        return answer(kernel.apply(new TableChange(added, gone, ended)), () -> {
            undo.run();
            gone.stream().filter(element -> !claimed.contains(element)).forEach(leftovers::add);
        });
    }

    /** From now on nobody claims leftovers: they go, and then {@code chains} are in force. */
    CompletionStage<Void> unlock(String chains) {
        unlocked = true;
        return remove(List.of()).thenCompose(_ -> answer(kernel.replaceChains(chains), () -> {}));
    }

    /** From now on {@code chains} are in force, {@code elements} are gone, and what is made is older than the unlock that follows. */
    CompletionStage<Void> lock(String chains, List<Element> elements) {
        unlocked = false;
        elements.forEach(claimed::remove);
        return answer(kernel.replaceChains(chains), () -> {}).thenCompose(_ -> remove(elements));
    }

    boolean isUnlocked() {
        return unlocked;
    }

    private CompletableFuture<Void> answer(CompletableFuture<Void> asked, Runnable undo) {
        var answer = new CompletableFuture<Void>();
        asked.whenComplete((_, failure) -> {
            if (failure == null) {
                succeeded();
                answer.complete(null);
            } else {
                failed(failure, undo);
                answer.completeExceptionally(new CgnException(CgnError.INTERNAL, failure));
            }
        });
        return answer;
    }

    private void succeeded() {
        synchronized (lock) {
            if (failing) {
                LOG.info("the kernel does what the CGN asks again");
            }
            failing = false;
        }
    }

    private void failed(Throwable failure, Runnable undo) {
        synchronized (lock) {
            undo.run();
            if (!failing) {
                LOG.error("{}; mappings neither come nor go until this is better", failure.getMessage());
            }
            failing = true;
        }
    }

    /** The rules stay in force. */
    @Override
    public void close() {
        kernel.close();
    }
}
