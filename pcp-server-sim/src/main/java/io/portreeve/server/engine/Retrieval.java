package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.NONEXIST_MAP;

import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.DisclosedNonce;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** GET: the explicit mappings of a client, a page at a time. After draft-boucadair-pcp-failure section 4. */
final class Retrieval {
    private final ServerState state;

    Retrieval(ServerState state) {
        this.state = state;
    }

    /** One GET in which nothing is wrong. */
    record Got(long requestId, Client client, GetRequest get) implements Asker {
        @Override
        public boolean repeats(Asker earlier) {
            return earlier instanceof Got other && client.equals(other.client) && get.equals(other.get);
        }
    }

    /** What is not on disk yet may never have been. */
    void get(Got got, Step step) {
        if (!state.unsaved.isEmpty()) {
            state.unsaved.add(new Unsaved.Awaited(got)); // nothing is told that is not on disk
            return;
        }
        var found = matching(got);
        if (found.isNone()) {
            state.refuse(got, NONEXIST_MAP, step);
            return;
        }
        var next = new ArrayList<PcpOption>(got.get().options().stream()
                .filter(ThirdParty.class::isInstance)
                .toList());
        got.get().next().ifPresent(from -> addPage(next, from, found, step));
        var response = new GetResponse(
                ResultCode.SUCCESS.value(),
                Lifetime.DELETE,
                state.epochs.of(got.subscriber(), step.now),
                got.get().nonce(),
                got.get().filter(),
                next);
        step.add(new ServerEffect.Reply(got.requestId(), response));
    }

    /** {@return what the filter lets pass of those the client may see} */
    private Nearest matching(Got got) {
        var nearest = new Nearest(got.get().next());
        var filter = got.get().filter();
        state.living(got.subscriber())
                .map(Mapping::row)
                .filter(row -> maySee(got, row))
                .forEach(row -> {
                    var tuple = row.tuple();
                    if (filter.matches(tuple)) {
                        nearest.offer(tuple, row);
                    }
                });
        return nearest;
    }

    /** Who may delete a mapping may see it. */
    private boolean maySee(Got got, MappingRow row) {
        var host = got.get().thirdParty().orElse(got.client().address());
        boolean isKnown = state.policy.extras().get() != Disclosure.NONCE
                || row.nonce().equals(got.get().nonce());
        return !row.isStatic() && isKnown && row.key().internal().address().equals(host);
    }

    private void addPage(List<PcpOption> options, NextRequest from, Nearest found, Step step) {
        for (var row : found.rows()) {
            boolean isLast = found.isLast(row);
            var mapping = fitting(options, row, isLast, from, step);
            mapping.ifPresent(options::add);
            if (mapping.isEmpty() || from.end()) {
                return;
            }
        }
    }

    /** {@return the mapping, with fewer options if the first of a page has no room for all; empty if the page is full} */
    private Optional<NextMapping> fitting(
            List<PcpOption> page, MappingRow row, boolean isLast, NextRequest from, Step step) {
        var embedded = new ArrayList<>(embedded(row, from.wanted()));
        var mapping = new NextMapping(row.tuple(), isLast, row.left(step.now), embedded);
        boolean isFirst = page.stream().noneMatch(NextMapping.class::isInstance);
        while (isFirst && !embedded.isEmpty() && !fits(page, mapping)) {
            embedded.removeLast();
            mapping = new NextMapping(row.tuple(), isLast, row.left(step.now), embedded);
        }
        return Optional.of(mapping).filter(it -> fits(page, it));
    }

    private static boolean fits(List<PcpOption> page, NextMapping mapping) {
        return Opcode.GET.hasRoomFor(
                Stream.concat(page.stream(), Stream.of(mapping)).toList());
    }

    /** The description last: it is the first that can be done without. */
    private List<PcpOption> embedded(MappingRow row, List<Integer> wanted) {
        var terms = row.terms();
        var all = new ArrayList<PcpOption>();
        terms.filter().ifPresent(all::add);
        if (row.isForThirdParty()) {
            all.add(new ThirdParty(row.key().internal().address()));
        }
        if (terms.ports() > 1) {
            all.add(new PortSet(terms.ports(), row.key().internal().port(), false));
        }
        if (state.policy.extras().get() == Disclosure.ADDRESS_WITH_NONCES) {
            all.add(new DisclosedNonce(row.nonce()));
        }
        all.addAll(state.policy.extras().prefixes());
        if (!terms.description().isEmpty()) {
            all.add(new Description(terms.description()));
        }
        return all.stream().filter(option -> isWanted(option, wanted)).toList();
    }

    private static boolean isWanted(PcpOption option, List<Integer> wanted) {
        boolean isPair = option instanceof PortSet set && set.size() == 2;
        return wanted.contains(option.code()) || isPair && wanted.contains(OptionCode.PORT_RESERVATION);
    }
}
