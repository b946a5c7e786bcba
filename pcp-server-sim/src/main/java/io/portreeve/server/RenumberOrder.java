package io.portreeve.server;

import io.portreeve.json.Json;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.control.Order;
import io.portreeve.server.control.OrderRefused;
import io.portreeve.server.engine.Move;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/** Moves a subscriber to another external address: {@code renumber SUBSCRIBER EXTERNAL-ADDRESS}. */
final class RenumberOrder implements Order {
    private static final int WORDS = 2;

    private final Predicate<PcpAddress> pool;
    private final Moves server;

    /** Where subscribers are moved. */
    @FunctionalInterface
    interface Moves {
        /** {@return what becomes of it; it fails if that takes too long} */
        CompletableFuture<Move> move(SubscriberId subscriber, PcpAddress external);
    }

    /** @param pool which addresses there are; a {@link CompletionException} if the CGN does not say */
    RenumberOrder(Predicate<PcpAddress> pool, Moves server) {
        this.pool = pool;
        this.server = server;
    }

    @Override
    public String done(List<String> words) throws OrderRefused {
        if (words.size() < WORDS) {
            throw new OrderRefused("expected: renumber SUBSCRIBER EXTERNAL-ADDRESS");
        }
        var subscriber = new SubscriberId(Words.address(words.get(0)));
        var external = Words.address(words.get(1));
        boolean forPrograms = Words.isJson(words.subList(WORDS, words.size()));
        checkPool(external);
        return switch (outcome(subscriber, external)) {
            case Move.Moved moved ->
                forPrograms ? json(subscriber, external, moved) : text(subscriber, external, moved);
            case Move.Nobody() ->
                throw new OrderRefused(subscriber + " has no external address yet, so there is nothing to move");
            case Move.RefusedByCgn(var error, int lost) ->
                throw new OrderRefused("the CGN does not give " + external + " to " + subscriber + ": "
                        + CgnErrors.text(error) + "; mappings lost: " + lost);
            case Move.Overtaken() ->
                throw new OrderRefused("not moved: the CGN does not answer, or " + subscriber
                        + " was deleted or moved again meanwhile; see 'mappings list'");
        };
    }

    private void checkPool(PcpAddress external) throws OrderRefused {
        try {
            if (!pool.test(external)) {
                throw new OrderRefused(external + " is no address of the pool");
            }
        } catch (CompletionException e) {
            throw new OrderRefused("not moved: the CGN does not answer; try again when it does");
        }
    }

    private Move outcome(SubscriberId subscriber, PcpAddress external) throws OrderRefused {
        try {
            return server.move(subscriber, external).join();
        } catch (CompletionException e) {
            throw new OrderRefused("not answered yet; see 'mappings list'");
        }
    }

    private static String text(SubscriberId subscriber, PcpAddress external, Move.Moved moved) {
        return "moved: " + subscriber + " to " + external + ", mappings: " + moved.mappings() + ", lost: "
                + moved.lost() + "\n";
    }

    private static String json(SubscriberId subscriber, PcpAddress external, Move.Moved moved) {
        var map = new LinkedHashMap<String, Object>();
        map.put("subscriber", subscriber);
        map.put("external", external);
        map.put("mappings", moved.mappings());
        map.put("lost", moved.lost());
        return Json.of(map) + "\n";
    }
}
