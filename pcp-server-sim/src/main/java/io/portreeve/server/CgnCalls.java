package io.portreeve.server;

import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.engine.CgnAnswer;
import io.portreeve.server.engine.CgnRoutine;
import io.portreeve.server.engine.CgnRoutine.AddDynamicMap;
import io.portreeve.server.engine.CgnRoutine.CreateFilter;
import io.portreeve.server.engine.CgnRoutine.CreatePcpMapping;
import io.portreeve.server.engine.CgnRoutine.CreateSubscriber;
import io.portreeve.server.engine.CgnRoutine.DeleteFilter;
import io.portreeve.server.engine.CgnRoutine.DeletePcpMapping;
import io.portreeve.server.engine.CgnRoutine.FindTraffic;
import io.portreeve.server.engine.CgnRoutine.GetSubscriber;
import io.portreeve.server.engine.CgnRoutine.ReplaceFilter;
import io.portreeve.server.engine.ServerEffect.CgnCall;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Asks the CGN for the engine; what it answers, whenever that is, becomes an event. */
final class CgnCalls {
    private static final Logger LOG = LoggerFactory.getLogger(CgnCalls.class);

    private final Cgn cgn;
    private final Consumer<? super CgnDone> inbox;

    CgnCalls(Cgn cgn, Consumer<? super CgnDone> inbox) {
        this.cgn = cgn;
        this.inbox = inbox;
    }

    void start(CgnCall call) {
        ask(call.routine())
                .exceptionally(failure -> failed(call.routine(), failure))
                .thenAccept(answer -> inbox.accept(new CgnDone(call.callId(), answer)));
    }

    private CompletionStage<CgnAnswer> ask(CgnRoutine routine) {
        return switch (routine) {
            case GetSubscriber(var id) -> cgn.getSubscriber(id).thenApply(CgnAnswer.Known::new);
            case CreateSubscriber(var id, var external) ->
                cgn.createSubscriber(id, external).thenApply(CgnAnswer.Known::new);
            case CreatePcpMapping(var mapping) -> cgn.createPcpMapping(mapping).thenApply(CgnAnswer.Created::new);
            case CreateFilter(var mapping, var filter) ->
                cgn.createFilter(mapping, filter).thenApply(CgnAnswer.Filtered::new);
            case ReplaceFilter(var old, var filter) ->
                cgn.replaceFilter(old, filter).thenApply(CgnAnswer.Filtered::new);
            case DeleteFilter(var filter) -> cgn.deleteFilter(filter).thenApply(_ -> new CgnAnswer.Deleted());
            case AddDynamicMap(var inside, var destination, var outside, var lifetime) ->
                cgn.addDynamicMap(inside, destination, outside, lifetime).thenApply(CgnAnswer.Added::new);
            case FindTraffic(var inside, var destination) ->
                cgn.liveTraffic(inside, destination).thenApply(CgnAnswer.Found::new);
            case DeletePcpMapping(var mapping) -> cgn.deletePcpMapping(mapping).thenApply(_ -> new CgnAnswer.Deleted());
        };
    }

    private static CgnAnswer failed(CgnRoutine routine, Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        var error = cause instanceof CgnException cgnFailure ? cgnFailure.error() : CgnError.INTERNAL;
        var level = cause instanceof CgnException && isExpected(error) ? Level.DEBUG : Level.WARN;
        LOG.atLevel(level).log("the CGN answers {} to {}", error, routine);
        return new CgnAnswer.Failed(error);
    }

    /** What a subscriber can bring about must not fill the log, nor what the CGN itself says when it begins. */
    private static boolean isExpected(CgnError error) {
        return switch (error) {
            case NOT_AUTHORIZED, NO_RESOURCES, QUOTA, COLLISION, UNSUPPORTED, UNREACHABLE, INTERNAL -> true;
            case OTHER_EXTERNAL_ADDRESS, BAD_EXTERNAL_ADDRESS, INVALID_ARGUMENT -> false;
        };
    }
}
