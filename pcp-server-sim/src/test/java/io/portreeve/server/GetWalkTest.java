package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.NONEXIST_MAP;
import static io.portreeve.server.RequestChecksTest.result;
import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedGet.inside;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A whole table, page by page, while it changes. */
final class GetWalkTest {
    private static final String MINE = "100.64.0.2";

    private final Bench bench = bench(0);

    private static Bench bench(long seed) {
        var extras = new Extras(true, 1016, 64, Disclosure.NONCE, new Lifetime(120), List.of());
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 200, true).with(extras);
        return new Bench(policy, Bench.pool(2000, 3999), 1000, seed);
    }

    private static GetTuple change(Bench bench, WantedMap wanted) {
        var answer = (MapResponse) ((Reply) bench.ask(Bench.CLIENT, wanted.build())).response();
        return GetTuple.of(
                wanted.protocol(),
                wanted.client(),
                wanted.internalPort(),
                answer.assignedAddress(),
                answer.assignedPort());
    }

    private GetTuple change(WantedMap wanted) {
        return change(bench, wanted);
    }

    private List<GetTuple> fill(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(port -> change(map().port(port)))
                .toList();
    }

    private static GetResponse page(Bench bench, WantedGet asked) {
        return (GetResponse) ((Reply) bench.ask(Bench.CLIENT, asked.build())).response();
    }

    /** {@return all pages}, and what happens after each. The locator is the last mapping of the page before. */
    private static List<List<NextMapping>> walk(Bench bench, WantedGet asked, IntConsumer afterPage) {
        var pages = new ArrayList<List<NextMapping>>();
        var next = asked;
        while (pages.isEmpty()
                || !pages.getLast().isEmpty() && !pages.getLast().getLast().end()) {
            pages.add(mappings(bench, next));
            assertThat(pages.size()).as("pages: the walk does not end").isLessThan(300);
            if (!pages.getLast().isEmpty()) {
                next = asked.after(pages.getLast().getLast().tuple());
            }
            afterPage.accept(pages.size());
        }
        return pages;
    }

    /** {@return a page; an empty one too if nothing matches any more} */
    private static List<NextMapping> mappings(Bench bench, WantedGet asked) {
        var answer = bench.ask(Bench.CLIENT, asked.build());
        if (result(answer) == NONEXIST_MAP) {
            return List.of();
        }
        var response = (GetResponse) ((Reply) answer).response();
        assertThat(PcpEncoder.encode(response)).hasSizeLessThanOrEqualTo(1100);
        return response.mappings();
    }

    private static List<GetTuple> tuples(List<List<NextMapping>> pages) {
        return pages.stream().flatMap(List::stream).map(NextMapping::tuple).toList();
    }

    @Test
    @Proves("pcp:G-08")
    void fiftyMappingsAreThreePages() {
        var all = fill(50);
        var pages = walk(bench, get(), _ -> {});
        assertThat(pages).extracting(List::size).containsExactly(21, 21, 8);
        assertThat(tuples(pages)).isEqualTo(List.copyOf(new TreeSet<>(all)));
        assertThat(pages.stream().flatMap(List::stream).filter(NextMapping::end))
                .containsExactly(pages.getLast().getLast());
    }

    @Test
    @Proves("pcp:G-08")
    void aPageThatIsJustFullIsMarkedAsTheLast() {
        fill(21);
        var pages = walk(bench, get(), _ -> {});
        assertThat(pages).extracting(List::size).containsExactly(21);
        assertThat(pages.getFirst().getLast().end()).isTrue();
    }

    @Test
    @Proves("pcp:G-05")
    void renewalsDuringAWalkLoseAndDoubleNothing() {
        var all = fill(50);
        var pages = walk(bench, get(), _ -> {
            bench.pass(Duration.ofSeconds(100));
            for (int port = 50; port > 0; port -= 3) {
                change(map().port(port).lifetime(7200));
            }
        });
        assertThat(tuples(pages)).isEqualTo(List.copyOf(new TreeSet<>(all)));
    }

    @Test
    @Proves("pcp:G-09")
    void theWalkGoesOnWhereADeletedLocatorWas() {
        fill(50);
        var pages = walk(bench, get(), page -> {
            int last = new int[] {21, 42, 50}[page - 1];
            change(map().port(last).lifetime(0));
        });
        assertThat(pages).extracting(List::size).containsExactly(21, 21, 8);
        assertThat(tuples(pages))
                .extracting(GetTuple::internalPort)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    @Proves("pcp:G-09")
    void deletionsElsewhereLoseNothing() {
        fill(50);
        var pages = walk(bench, get(), page -> {
            change(map().port(page).lifetime(0));
            change(map().port(51 - page).lifetime(0));
        });
        assertThat(tuples(pages))
                .extracting(GetTuple::internalPort)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 48).boxed().toList());
    }

    @Test
    @Proves("pcp:G-09")
    void afterTheLastThereIsAnEmptyPageAndNoError() {
        var last = fill(3).getLast();
        assertThat(page(bench, get().after(last)).options()).isEmpty();
        assertThat(page(bench, get().end().after(last)).mappings()).hasSize(1);
        change(map().port(3).lifetime(0));
        assertThat(page(bench, get().end().after(last)).options()).isEmpty();
        assertThat(page(bench, get().after(last)).options()).isEmpty();
    }

    @Test
    @Proves("pcp:G-15")
    void aLocatorMayHaveZeros() {
        fill(3);
        var beforeAll = new GetTuple(IpProtocol.TCP, 1, 1, PcpAddress.parse(MINE), PcpAddress.ANY_IPV4, 0, 0);
        assertThat(page(bench, get().after(beforeAll)).mappings()).hasSize(3);
        var afterAll = new GetTuple(new IpProtocol(7), 0, 0, PcpAddress.ANY_IPV6, PcpAddress.ANY_IPV6, 0, 0);
        assertThat(page(bench, get().after(afterAll)).mappings()).isEmpty();
    }

    @Test
    @Proves("pcp:G-10")
    void whatTheFirstOfAPageHasNoRoomForIsDroppedFromTheEnd() {
        var filter = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));
        var longest = new Description("x".repeat(976));
        change(map().port(1).with(filter, longest));
        change(map().port(2).with(new Description("y".repeat(972))));
        change(map().port(3).with(filter));
        var pages = walk(bench, get().wanting(OptionCode.FILTER, OptionCode.DESCRIPTION), _ -> {});
        assertThat(pages.get(0)).hasSize(1);
        assertThat(pages.get(0).getFirst().embedded())
                .as("the description goes")
                .containsExactly(filter);
        assertThat(pages.get(1).getFirst().embedded()).containsExactly(new Description("y".repeat(972)));
        assertThat(pages.get(2).getFirst().embedded()).containsExactly(filter);
    }

    /** 1100 octets: 76 of the message, 48 of the NEXT, 4 of the description's header. */
    @Test
    @Proves({"pcp:G-08", "pcp:G-10"})
    void whatJustFitsIsNotDropped() {
        change(map().port(1).with(new Description("x".repeat(972))));
        var wanted = get().wanting(OptionCode.DESCRIPTION);
        assertThat(PcpEncoder.encode(page(bench, wanted))).hasSize(1100);
        change(map().port(1).with(new Description("x".repeat(973))));
        assertThat(page(bench, wanted).mappings().getFirst().embedded()).isEmpty();
        change(map().port(2));
        change(map().port(1).with(new Description("x".repeat(924))));
        assertThat(page(bench, wanted).mappings()).hasSize(2);
        change(map().port(1).with(new Description("x".repeat(925))));
        assertThat(page(bench, wanted).mappings()).hasSize(1);
    }

    /** Any table, any filter, whatever happens meanwhile: what matches and lived all along comes once, in order. */
    @Test
    @Proves({"pcp:G-01", "pcp:G-05", "pcp:G-08", "pcp:G-09"})
    void anyWalkFindsAllThatLivedAllAlong() {
        Seeds.each(60, GetWalkTest::randomWalk);
    }

    private static void randomWalk(RandomGenerator random) {
        var bench = bench(random.nextLong());
        int ports = random.nextInt(1, 60);
        int count = random.nextInt(1, 120);
        for (int i = 0; i < count; i++) {
            change(bench, any(ports, random).lifetime(random.nextInt(120, 2000)));
        }
        var filter = anyFilter(ports, random);
        var there = matching(bench, filter);
        var asked = get().filter(filter).wanting(OptionCode.FILTER, OptionCode.DESCRIPTION);
        if (there.isEmpty()) {
            assertThat(result(bench.ask(Bench.CLIENT, asked.build()))).isEqualTo(NONEXIST_MAP);
            return;
        }
        var ever = new HashSet<>(there);
        var all = new TreeSet<>(there);
        var pages = walk(bench, asked, _ -> {
            for (int i = random.nextInt(20); i > 0; i--) {
                change(bench, changed(ports, random));
                var now = matching(bench, filter);
                all.retainAll(now);
                ever.addAll(now);
            }
            bench.pass(Duration.ofSeconds(random.nextInt(60)));
            all.retainAll(matching(bench, filter));
        });
        var seen = tuples(pages);
        assertThat(seen).isSorted().doesNotHaveDuplicates();
        assertThat(seen).containsAll(all);
        assertThat(ever).containsAll(seen);
    }

    private static WantedMap any(int ports, RandomGenerator random) {
        var wanted = map().port(random.nextInt(1, ports + 1)).protocol(random.nextBoolean() ? 6 : 17);
        return switch (random.nextInt(4)) {
            case 0 -> wanted.with(new Description("z".repeat(random.nextInt(1016))));
            case 1 -> wanted.with(new Filter(120, 0, PcpAddress.parse("198.51.100.0")));
            default -> wanted;
        };
    }

    /** A new one, a renewal, or a deletion: FILTER must not be in that. */
    private static WantedMap changed(int ports, RandomGenerator random) {
        var wanted = any(ports, random);
        return random.nextInt(4) == 0 ? wanted.with().lifetime(0) : wanted.lifetime(random.nextInt(120, 2000));
    }

    private static GetTuple anyFilter(int ports, RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> GetTuple.ANY;
            case 1 -> inside(6, "::", 0);
            case 2 -> inside(17, MINE, random.nextInt(1, ports + 1));
            default -> inside(0, MINE, 0);
        };
    }

    private static Set<GetTuple> matching(Bench bench, GetTuple filter) {
        var found = new TreeSet<GetTuple>();
        for (var view : bench.mappings()) {
            var tuple = GetTuple.of(
                    view.protocol(),
                    view.internal().address(),
                    view.internal().port(),
                    view.external().address(),
                    view.external().port());
            if (filter.matches(tuple)) {
                found.add(tuple);
            }
        }
        return found;
    }
}
