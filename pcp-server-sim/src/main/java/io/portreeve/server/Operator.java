package io.portreeve.server;

import io.portreeve.json.Json;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.control.Order;
import io.portreeve.server.control.OrderRefused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** What the person who runs the server may ask it and tell it while it runs. */
final class Operator {
    private final PcpServer server;

    Operator(PcpServer server) {
        this.server = server;
    }

    Map<String, Order> orders() {
        return Map.of(
                "mappings", this::mappings,
                "subscribers", this::subscribers,
                "stats", this::stats,
                "add", new AddOrder(server::addStatic),
                "clear", this::clear,
                "renumber", new RenumberOrder(this::isOfPool, server::renumber),
                "restart", this::restart);
    }

    private String mappings(List<String> words) throws OrderRefused {
        var table = table();
        if (words.equals(List.of("json-lines"))) {
            return table.maps().stream().map(map -> Json.of(map) + "\n").collect(Collectors.joining());
        }
        return Words.isJson(words) ? Json.of(table.maps()) + "\n" : table.text();
    }

    private MappingsTable table() throws OrderRefused {
        try {
            return MappingsTable.of(server.cgn().table(), server.listing());
        } catch (CompletionException e) {
            throw new OrderRefused("the server is too busy to say");
        }
    }

    /** Who has mappings, how many, and at which external addresses. */
    private String subscribers(List<String> words) throws OrderRefused {
        var lines = table().lines().stream()
                .collect(
                        Collectors.groupingBy(MappingsTable.Line::subscriber, LinkedHashMap::new, Collectors.toList()));
        var rows = lines.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .toList();
        return Words.isJson(words) ? Json.of(rows) + "\n" : Columns.text("no subscriber has a mapping", rows);
    }

    private static Map<String, Object> row(SubscriberId subscriber, List<MappingsTable.Line> lines) {
        var row = new LinkedHashMap<String, Object>();
        row.put("subscriber", subscriber);
        row.put("mappings", lines.size());
        row.put(
                "external",
                lines.stream()
                        .map(line -> line.external().address().toString())
                        .distinct()
                        .collect(Collectors.joining(" ")));
        return row;
    }

    private String stats(List<String> words) throws OrderRefused {
        var all = server.counters().all();
        if (Words.isJson(words)) {
            return Json.of(all) + "\n";
        }
        var text = new StringBuilder();
        all.forEach((what, counts) -> {
            text.append(what).append('\n');
            counts.forEach((name, count) -> text.append("  %,12d  %s%n".formatted(count, name)));
        });
        return text.toString();
    }

    private String clear(List<String> words) throws OrderRefused {
        boolean forPrograms = Words.endInJson(words);
        var whose = words.subList(0, words.size() - (forPrograms ? 1 : 0));
        Words.atMost(1, whose);
        var subscriber = whose.isEmpty()
                ? Optional.<SubscriberId>empty()
                : Optional.of(new SubscriberId(Words.address(whose.getFirst())));
        long cleared = table().lines().stream()
                .filter(line -> subscriber.map(line.subscriber()::equals).orElse(true) && line.mayEnd())
                .count();
        subscriber.ifPresentOrElse(server::clear, server::clear);
        if (forPrograms) {
            var map = new LinkedHashMap<String, Object>();
            map.put("subscriber", subscriber);
            map.put("cleared", cleared);
            return Json.of(map) + "\n";
        }
        return "cleared: " + cleared + " mappings"
                + subscriber.map(it -> " of " + it).orElse("") + "; clients hear of it by a new epoch\n";
    }

    private String restart(List<String> words) throws OrderRefused {
        try {
            if (words.isEmpty()) {
                server.restart();
            } else if (words.equals(List.of("without-state"))) {
                server.restartWithoutState();
            } else {
                throw new OrderRefused("say: restart, or restart without-state");
            }
        } catch (CannotStartException e) {
            throw new OrderRefused("it stops, because it cannot start again: " + e.getMessage());
        }
        return "started again: " + server.restored() + " mappings restored, epoch " + server.epochTime() + "\n";
    }

    private boolean isOfPool(PcpAddress external) {
        return server.pool().stream().anyMatch(range -> range.external().equals(external));
    }
}
