package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NO_RESOURCES;

import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What is the same in all work under way: who the subscriber is, giving up, and whose turn it is then. */
final class Work {
    private final ServerState state;
    private final BiConsumer<Asker, Step> handler;

    /** @param handler what is done with a request when its turn comes */
    Work(ServerState state, BiConsumer<Asker, Step> handler) {
        this.state = state;
        this.handler = handler;
    }

    /** {@code request} waits until {@code pending} is over, unless that has its answer too or has lasted too long. */
    void await(Pending pending, Asker request, Step step) {
        if (pending.isOverdue) {
            state.refuse(request, NO_RESOURCES, step);
        } else if (!pending.await(request)) {
            step.add(new ServerEffect.Ignore(request.requestId()));
        }
    }

    /** Goes on with {@code subscriber}, whom {@code pending} is for, when the CGN has said who that is, or gives up. */
    void withSubscriber(Pending pending, SubscriberKey subscriber, BiConsumer<Subscriber, Step> next, Step step) {
        withSubscriber(pending, subscriber, next, (answer, later) -> giveUp(pending, refusal(answer), later), step);
    }

    /** @param refused takes what the CGN answers if it does not say who that is */
    void withSubscriber(
            Pending pending,
            SubscriberKey subscriber,
            BiConsumer<Subscriber, Step> next,
            BiConsumer<CgnAnswer, Step> refused,
            Step step) {
        Optional.ofNullable(state.subscribers.get(subscriber))
                .ifPresentOrElse(
                        known -> next.accept(known, step), () -> ask(pending, subscriber, next, refused, step));
    }

    private void ask(
            Pending pending,
            SubscriberKey wanted,
            BiConsumer<Subscriber, Step> next,
            BiConsumer<CgnAnswer, Step> refused,
            Step step) {
        state.calls.ask(pending, List.of(routine(wanted)), step, (answers, later) -> {
            if (!(answers.getFirst() instanceof CgnAnswer.Known(var subscriber))) {
                refused.accept(answers.getFirst(), later);
            } else if (state.calls.deadHandles.contains(subscriber.handle())) {
                ask(pending, wanted, next, refused, later);
            } else {
                state.subscribers.put(SubscriberKey.of(subscriber), subscriber);
                next.accept(subscriber, later);
            }
        });
    }

    /** Which address a CGN gives that has but one for a subscriber need not be said. */
    private CgnRoutine routine(SubscriberKey wanted) {
        return state.pool.hasBothFamilies()
                ? new CgnRoutine.CreateSubscriber(
                        wanted.subscriber(), wanted.external().any())
                : new CgnRoutine.GetSubscriber(wanted.subscriber());
    }

    /** {@return what a client is told when the CGN refuses} */
    static ResultCode refusal(CgnAnswer answer) {
        return answer instanceof CgnAnswer.Failed(var error) ? refusal(error) : NO_RESOURCES;
    }

    private static ResultCode refusal(CgnError error) {
        return switch (error) {
            case NOT_AUTHORIZED -> ResultCode.NOT_AUTHORIZED;
            case QUOTA -> ResultCode.USER_EX_QUOTA;
            case UNREACHABLE -> ResultCode.NETWORK_FAILURE;
            case NO_RESOURCES,
                    OTHER_EXTERNAL_ADDRESS,
                    BAD_EXTERNAL_ADDRESS,
                    COLLISION,
                    UNSUPPORTED,
                    INVALID_ARGUMENT,
                    INTERNAL -> NO_RESOURCES;
        };
    }

    /** Refuses, and leaves no trace. */
    void giveUp(Pending pending, ResultCode result, Step step) {
        state.giveBack(pending, step);
        pending.asker.ifPresent(asker -> state.refuse(asker, result, step));
        finish(pending, step);
    }

    /** Lets those have their turn who came while this was under way. */
    void finish(Pending pending, Step step) {
        state.end(pending).forEach(asker -> handler.accept(asker, step));
    }

    /** Has the CGN delete what nobody was granted. */
    void takeAway(Mapping mapping, Step step) {
        var pending = state.begin(mapping, Optional.empty());
        state.calls.ask(pending, deletions(mapping.handles()), step, (_, later) -> {
            state.giveBack(pending, later);
            finish(pending, later);
        });
    }

    static List<CgnRoutine.DeletePcpMapping> deletions(List<PcpMapHandle> handles) {
        return handles.stream().map(CgnRoutine.DeletePcpMapping::new).toList();
    }
}
