package io.portreeve.server.channel;

import static java.util.stream.Collectors.joining;

import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.cgn.HostedCgn;
import io.portreeve.server.cgn.InternalTuple;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.channel.Words.Misspelt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Has the CGN do what a line says, in one session. */
final class Routines {
    private final HostedCgn cgn;
    private final long session;

    Routines(HostedCgn cgn, long session) {
        this.cgn = cgn;
        this.session = session;
    }

    /** A handle of another session, which stands for nothing any more. */
    static final class Stale extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** {@return what is answered} Nothing is done if the line is wrong anywhere. */
    CompletionStage<String> run(Words words) throws Misspelt, Stale {
        var routine = read(words);
        words.end();
        return routine.get();
    }

    private Supplier<CompletionStage<String>> read(Words words) throws Misspelt, Stale {
        var routine = words.next();
        return switch (routine) {
            case "alive" -> () -> CompletableFuture.completedFuture("");
            case "list-pcp-pool" -> this::pool;
            case "get-subscriber" -> getSubscriber(words);
            case "create-subscriber" -> createSubscriber(words);
            case "block" -> block(words);
            case "delete-subscriber" -> deleteSubscriber(words);
            case "create-pcp-mapping" -> createPcpMapping(words);
            case "delete-pcp-mapping" -> deletePcpMapping(words);
            case "create-filter" -> createFilter(words);
            case "replace-filter" -> replaceFilter(words);
            case "delete-filter" -> deleteFilter(words);
            case "add-dynamic-map" -> addDynamicMap(words);
            case "live-traffic" -> liveTraffic(words);
            case "unlock-dynamic" -> () -> done(cgn.unlockDynamic());
            default -> throw new Misspelt(routine + " is no routine");
        };
    }

    private static CompletionStage<String> done(CompletionStage<Void> stage) {
        return stage.thenApply(_ -> "");
    }

    private CompletionStage<String> pool() {
        return cgn.listPcpPool().thenApply(pool -> pool.stream().map(Words::of).collect(joining(" ")));
    }

    private Supplier<CompletionStage<String>> getSubscriber(Words words) throws Misspelt {
        var id = id(words);
        return () -> cgn.getSubscriber(id).thenApply(this::text);
    }

    private Supplier<CompletionStage<String>> createSubscriber(Words words) throws Misspelt {
        var id = id(words);
        var external = words.address();
        return () -> cgn.createSubscriber(id, external).thenApply(this::text);
    }

    private Supplier<CompletionStage<String>> block(Words words) throws Misspelt {
        var id = id(words);
        return () -> {
            cgn.block(id);
            return CompletableFuture.completedFuture("");
        };
    }

    private Supplier<CompletionStage<String>> deleteSubscriber(Words words) throws Misspelt {
        var id = id(words);
        var external = words.address();
        return () -> done(cgn.deleteSubscriber(id, external));
    }

    private Supplier<CompletionStage<String>> createPcpMapping(Words words) throws Misspelt, Stale {
        var wanted = new CgnMapping(subscriber(words), words.protocol(), words.endpoint(), words.endpoint());
        return () -> cgn.createPcpMapping(wanted).thenApply(handle -> handle(handle.number()));
    }

    private Supplier<CompletionStage<String>> deletePcpMapping(Words words) throws Misspelt, Stale {
        var mapping = new PcpMapHandle(handle(words));
        return () -> done(cgn.deletePcpMapping(mapping));
    }

    private Supplier<CompletionStage<String>> createFilter(Words words) throws Misspelt, Stale {
        var mapping = new PcpMapHandle(handle(words));
        var filter = words.filter();
        return () -> cgn.createFilter(mapping, filter).thenApply(handle -> handle(handle.number()));
    }

    private Supplier<CompletionStage<String>> replaceFilter(Words words) throws Misspelt, Stale {
        var old = new FilterHandle(handle(words));
        var filter = words.filter();
        return () -> cgn.replaceFilter(old, filter).thenApply(handle -> handle(handle.number()));
    }

    private Supplier<CompletionStage<String>> deleteFilter(Words words) throws Misspelt, Stale {
        var filter = new FilterHandle(handle(words));
        return () -> done(cgn.deleteFilter(filter));
    }

    private InternalTuple inside(Words words) throws Misspelt, Stale {
        return new InternalTuple(subscriber(words), words.protocol(), words.endpoint());
    }

    private Supplier<CompletionStage<String>> addDynamicMap(Words words) throws Misspelt, Stale {
        var inside = inside(words);
        var destination = words.endpoint();
        var external = words.endpoint();
        var lifetime = words.lifetime();
        return () -> cgn.addDynamicMap(inside, destination, external, lifetime)
                .thenApply(map -> Words.of(map.external(), map.lifetime()));
    }

    private Supplier<CompletionStage<String>> liveTraffic(Words words) throws Misspelt, Stale {
        var inside = inside(words);
        var destination = words.endpoint();
        return () -> cgn.liveTraffic(inside, destination)
                .thenApply(live ->
                        live.map(it -> Words.of(it.external(), it.left())).orElse(""));
    }

    private static SubscriberId id(Words words) throws Misspelt {
        return new SubscriberId(words.address());
    }

    private SubscriberHandle subscriber(Words words) throws Misspelt, Stale {
        return new SubscriberHandle(handle(words));
    }

    private long handle(Words words) throws Misspelt, Stale {
        var parts = Words.of(words.next().replace('@', ' '));
        long number = parts.number(0, Long.MAX_VALUE);
        boolean isOfSession = parts.number(0, Long.MAX_VALUE) == session;
        parts.end();
        if (!isOfSession) {
            throw new Stale();
        }
        return number;
    }

    private String text(Subscriber subscriber) {
        return handle(subscriber.handle().number()) + " " + subscriber.external();
    }

    /** {@return how a handle is written on this channel} */
    String handle(long number) {
        return number + "@" + session;
    }
}
