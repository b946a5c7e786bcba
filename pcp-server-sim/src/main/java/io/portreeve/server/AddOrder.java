package io.portreeve.server;

import io.portreeve.json.Json;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.control.Order;
import io.portreeve.server.control.OrderRefused;
import io.portreeve.server.engine.Addition;
import io.portreeve.server.engine.MappingView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Makes a mapping that no client asked for: {@code add PROTOCOL SUBSCRIBER INTERNAL EXTERNAL}. */
final class AddOrder implements Order {
    private static final int WORDS = 4;
    private static final String SEE = "; see 'mappings list'";

    private final Additions server;

    /** Where mappings are made. */
    @FunctionalInterface
    interface Additions {
        /** {@return what becomes of it; it fails if that takes too long} */
        CompletableFuture<Addition> add(
                SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Endpoint external);
    }

    private record Wanted(SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Endpoint external) {
        @Override
        public String toString() {
            return protocol + " " + internal + " at " + external;
        }
    }

    AddOrder(Additions server) {
        this.server = server;
    }

    @Override
    public String done(List<String> words) throws OrderRefused {
        if (words.size() < WORDS) {
            throw new OrderRefused("expected: add PROTOCOL SUBSCRIBER INTERNAL-ADDRESS:PORT EXTERNAL-ADDRESS:PORT");
        }
        var wanted = new Wanted(
                new SubscriberId(Words.address(words.get(1))),
                Words.protocol(words.get(0)),
                Words.endpoint(words.get(2)),
                Words.endpoint(words.get(3)));
        boolean forPrograms = Words.isJson(words.subList(WORDS, words.size()));
        return switch (outcome(wanted)) {
            case Addition.Added() -> forPrograms ? json(wanted, true) : "added: " + wanted + "\n";
            case Addition.WasThere() -> forPrograms ? json(wanted, false) : "it is there already: " + wanted + "\n";
            case Addition.InTheWay(var mapping) -> throw new OrderRefused("in the way: " + text(mapping));
            case Addition.Busy() ->
                throw new OrderRefused(wanted + ": one of these ports is just being given or taken away; try again");
            case Addition.NotOfPool() ->
                throw new OrderRefused(wanted.external() + " is no " + wanted.protocol() + " port of the pool");
            case Addition.RefusedByCgn(var error) ->
                throw new OrderRefused("the CGN refuses " + wanted + ": " + CgnErrors.text(error));
            case Addition.NotSaved() ->
                throw new OrderRefused("not added: it could not be saved; the server's log says why");
            case Addition.Overtaken() ->
                throw new OrderRefused(
                        "not added: the CGN does not answer, or the subscriber was deleted or moved meanwhile" + SEE);
        };
    }

    private Addition outcome(Wanted wanted) throws OrderRefused {
        try {
            return server.add(wanted.subscriber(), wanted.protocol(), wanted.internal(), wanted.external())
                    .join();
        } catch (CompletionException e) {
            throw new OrderRefused("not answered yet" + SEE);
        }
    }

    private static String json(Wanted wanted, boolean isNew) {
        var map = new LinkedHashMap<String, Object>();
        map.put("added", isNew);
        map.put("subscriber", wanted.subscriber());
        map.put("protocol", wanted.protocol());
        map.put("internal", wanted.internal());
        map.put("external", wanted.external());
        return Json.of(map) + "\n";
    }

    private static String text(MappingView mapping) {
        var ends = mapping.protocol() + " " + mapping.internal() + " at " + mapping.external();
        return mapping.left().equals(Lifetime.INFINITE)
                ? ends + ", which was added before"
                : ends + ", asked for by " + mapping.askedBy() + ", " + mapping.left() + " left";
    }
}
