package io.portreeve.server;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingView;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The CGN's table, with what only the server knows of each line: its lifetime, and who asked. */
record MappingsTable(List<Line> lines) {

    /**
     * @param left empty, as {@code askedBy}, for one the server knows nothing of: it is being made or deleted just now
     */
    record Line(
            SubscriberId subscriber,
            IpProtocol protocol,
            Endpoint internal,
            Endpoint external,
            Optional<Lifetime> left,
            Optional<Endpoint> askedBy) {

        private static Line of(LocalCgn.Entry entry, Optional<MappingView> view) {
            var mapping = entry.mapping();
            return new Line(
                    entry.subscriber(),
                    mapping.protocol(),
                    mapping.internal(),
                    mapping.external(),
                    view.map(MappingView::left),
                    view.map(MappingView::askedBy));
        }

        /** {@return false for what an operator added} */
        boolean mayEnd() {
            return left.filter(it -> !it.equals(Lifetime.INFINITE)).isPresent();
        }

        private Map<String, Object> map(String left, Object leftValue, Object askedByValue) {
            var map = new LinkedHashMap<String, Object>();
            map.put("subscriber", subscriber);
            map.put("protocol", protocol);
            map.put("internal", internal);
            map.put("external", external);
            map.put(left, leftValue);
            map.put("asked-by", askedByValue);
            return map;
        }
    }

    private record External(IpProtocol protocol, Endpoint endpoint) {}

    static MappingsTable of(List<LocalCgn.Entry> table, List<MappingView> views) {
        Map<External, MappingView> byExternal = new HashMap<>();
        views.forEach(view -> byExternal.put(new External(view.protocol(), view.external()), view));
        return new MappingsTable(table.stream()
                .map(entry -> Line.of(
                        entry,
                        Optional.ofNullable(byExternal.get(new External(
                                entry.mapping().protocol(), entry.mapping().external())))))
                .toList());
    }

    /** {@return it for people} */
    String text() {
        return Columns.text(
                "no mappings",
                lines.stream()
                        .map(line -> line.map(
                                "left",
                                line.left().map(MappingsTable::text).orElse("-"),
                                line.askedBy().map(Endpoint::toString).orElse("-")))
                        .toList());
    }

    private static String text(Lifetime left) {
        return left.equals(Lifetime.INFINITE) ? "for ever" : left.toString();
    }

    /** {@return it for programs: what is not known is null} */
    List<Map<String, Object>> maps() {
        return lines.stream()
                .map(line -> line.map("left-seconds", line.left().map(Lifetime::seconds), line.askedBy()))
                .toList();
    }
}
