package io.portreeve.igd.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingView;
import io.portreeve.client.worlds.checker.ServerRow;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.pcp.PcpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What everybody has to say of one home when nothing is under way.
 *
 * @param table as control points read it
 * @param kept by the client
 * @param granted by the provider
 * @param address as a control point is told
 */
public record Agreement(
        Dumps home,
        List<IgdReply.Entry> table,
        List<MappingView> kept,
        Collection<ServerRow> granted,
        Optional<PcpAddress> address) {

    /** {@return what two of them do not agree on} */
    public Optional<String> difference() {
        return differs("table and disk", read(), stored())
                .or(() -> home.translates() ? differs("disk and kernel", rules(), led()) : Optional.empty())
                .or(() -> differs("disk and client", wanted(), external(kept)))
                .or(() -> differs("client and provider", external(kept), provided()))
                .or(() -> address.filter(it -> granted.stream()
                                        .anyMatch(
                                                row -> row.external().address().equals(it)))
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of("the external address is told to be " + address + ", granted: " + granted));
    }

    private static Optional<String> differs(String what, Object one, Object other) {
        return one.equals(other) ? Optional.empty() : Optional.of(what + " differ: " + one + ", " + other);
    }

    private List<List<Object>> read() {
        return table.stream()
                .map(it -> List.<Object>of(it.key(), it.internalClient(), it.internalPort(), it.leaseSeconds() == 0))
                .toList();
    }

    private List<List<Object>> stored() {
        return home.rows().stream()
                .map(it -> List.<Object>of(it.key(), it.internalClient(), it.internalPort(), it.leaseSeconds() == 0))
                .toList();
    }

    private Set<Object> rules() {
        return home.rows().stream().map(Row::rule).collect(Collectors.toSet());
    }

    private Set<Object> led() {
        var led = new HashSet<Object>(home.natRules());
        home.natRules().stream().filter(home::isStuck).forEach(led::remove);
        return led;
    }

    /** What is on the disk, by what PCP knows it by; an idle gateway has a mapping of its own. */
    private Map<MappingKey, Integer> wanted() {
        var wanted = new HashMap<MappingKey, Integer>();
        home.rows().forEach(row -> wanted.put(row.inside(), row.key().externalPort()));
        if (wanted.isEmpty() && kept.size() == 1) {
            return external(kept);
        }
        return wanted;
    }

    private static Map<MappingKey, Integer> external(List<MappingView> views) {
        return views.stream()
                .collect(Collectors.toMap(
                        MappingView::key,
                        view -> view.left().isPositive()
                                ? view.external().map(Endpoint::port).orElse(0)
                                : 0));
    }

    private Map<MappingKey, Integer> provided() {
        var provided = new HashMap<MappingKey, Integer>();
        for (var row : granted) {
            var host = row.internal().address();
            provided.put(
                    new MappingKey(
                            home.source().equals(host) ? Optional.empty() : Optional.of(host),
                            row.protocol(),
                            row.internal().port(),
                            PcpAddress.ANY_IPV4),
                    row.external().port());
        }
        return provided;
    }
}
