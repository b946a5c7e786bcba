package io.portreeve.igd.iwf;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.AskingPolicy.Descriptions;
import io.portreeve.igd.limits.Rate;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is called and whatever fails, in whatever order: what must always hold. */
class RandomCallsTest {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 20_000 : 1_000;
    private static final int EVENTS = 150;
    private static final List<Integer> PORTS = List.of(2001, 2002, 2003);

    /** Wanted of PCP by the gateway: what it has asked for and not released since. */
    private static Set<MappingKey> wantedOfPcp(Lockstep igd) {
        var wanted = new HashSet<MappingKey>();
        for (var effect : igd.all) {
            switch (effect) {
                case IwfEffect.AskPcp(var _, var request) -> wanted.add(request.key());
                case IwfEffect.ReleasePcp(var _, var key) -> wanted.remove(key);
                default -> {}
            }
        }
        return wanted;
    }

    static Stream<Supplier<Lockstep>> gateways() {
        var few = new Quotas(2, 3, new Rate(2, 3), new Rate(3, 5));
        var failing = new DeletionPolicy(DeletionPolicy.WhileSilent.FAIL, DeletionPolicy.WhenRefused.DROP);
        return Stream.of(
                Lockstep::new,
                Lockstep::translating,
                () -> new Lockstep(IwfPolicy.ROUTING.with(few)),
                () -> new Lockstep(by(IwfPolicy.ROUTING, AddStrategy.DRAFT_ALT1)),
                () -> new Lockstep(by(IwfPolicy.ROUTING, AddStrategy.DRAFT_ALT3)),
                () -> new Lockstep(by(IwfPolicy.TRANSLATING, AddStrategy.DRAFT_ALT1)),
                () -> new Lockstep(by(IwfPolicy.TRANSLATING, AddStrategy.DRAFT_ALT3)),
                () -> new Lockstep(IwfPolicy.ROUTING.with(Quotas.NONE).with(failing)));
    }

    private static IwfPolicy by(IwfPolicy policy, AddStrategy strategy) {
        var asking = AskingPolicy.USUAL
                .with(strategy)
                .retrying(2)
                .with(AskingPolicy.WhileUnreachable.LOCAL_THEN_SYNC)
                .with(AskingPolicy.Lookup.RFC_PROBE)
                .with(Descriptions.KEPT);
        return policy.with(Quotas.NONE).with(asking);
    }

    /** Calls {@code action}, which changes nothing of other hosts, unless they wait for something themselves. */
    private static long call(Lockstep igd, PcpAddress host, RandomGenerator random, IgdAction action) {
        boolean nobodyWaits = igd.isEverybodyTold();
        var foreign = foreign(igd, host);
        long call = igd.call(host, face(random), action);
        if (nobodyWaits) {
            assertThat(foreign(igd, host)).as("what others have").isEqualTo(foreign);
        }
        return call;
    }

    private static Map<PortMappingKey, PortMapping> foreign(Lockstep igd, PcpAddress host) {
        var foreign = new HashMap<>(igd.rows);
        foreign.values().removeIf(row -> row.internalClient().equals(host));
        return foreign;
    }

    private static void checkShares(Lockstep igd) {
        var quotas = igd.policy.quotas();
        var ofHosts = igd.engine.natRules().stream()
                .collect(Collectors.groupingBy(NatRule::internalClient, Collectors.counting()));
        assertThat(ofHosts.values()).as("of each host").allMatch(count -> count <= quotas.ofHost());
        assertThat(igd.engine.natRules()).as("of all hosts").hasSizeLessThanOrEqualTo(quotas.ofLan());
    }

    @ParameterizedTest
    @MethodSource("gateways")
    @Proves({"igd:I-ACL-06", "igd:I-GENA-03"})
    void everyCallGetsOneReplyAndNothingIsLeftBehind(Supplier<Lockstep> gateways) {
        Seeds.each(SEEDS, random -> {
            var igd = gateways.get().started();
            var calls = new HashSet<Long>();
            for (int i = 0; i < EVENTS; i++) {
                happen(igd, calls, random);
                checkShares(igd);
            }
            igd.natWorks = true;
            igd.storeWorks = true;
            igd.pass(Duration.ofMinutes(5));
            assertThat(igd.replies).containsKeys(calls.toArray(Long[]::new));
            assertThat(igd.published)
                    .extracting(GatewayState::updateId)
                    .as("never falls")
                    .isSorted();

            var table =
                    igd.engine.natRules().stream().map(RandomCallsTest::pcpKey).collect(Collectors.toSet());
            assertThat(table).as("no two share a mapping").hasSameSizeAs(igd.listed());
            assertThat(igd.rules).as("every entry has its rule").containsAll(igd.engine.natRules());
            var wanted = wantedOfPcp(igd);
            boolean sentinel = wanted.removeAll(Sentinel.KEYS);
            assertThat(wanted).as("wanted of PCP is what the table holds").isEqualTo(table);
            assertThat(sentinel).as("an idle gateway keeps a sentinel").isEqualTo(table.isEmpty());
            if (igd.policy.translates()) {
                checkThatNoPortIsLeaked(igd);
            }
        });
    }

    /** Every port can be had again, but for those that a rule leads from which could not be removed. */
    private static void checkThatNoPortIsLeaked(Lockstep igd) {
        List.copyOf(igd.released.keySet())
                .forEach(id -> igd.handle(new IwfEvent.PcpAnswered(id, new MappingOutcome.Released())));
        for (var entry : igd.entries()) {
            igd.call(entry.internalClient(), IgdFace.V1, new IgdAction.DeletePortMapping(entry.key()));
            igd.answerRelease(new MappingOutcome.Released());
        }
        for (int port : PORTS) {
            boolean stuck = igd.rules.stream().anyMatch(rule -> rule.natPort().getAsInt() == port);
            igd.call(Lockstep.add(Lockstep.key(port), 80, Lockstep.HOST, 0));
            igd.grant(port);
            assertThat(igd.lastAsked().key().internalPort() == port).isEqualTo(!stuck);
        }
    }

    private static MappingKey pcpKey(NatRule rule) {
        var any = PcpAddress.ANY_IPV4;
        return rule.natPort().isPresent()
                ? new MappingKey(
                        Optional.empty(), rule.protocol(), rule.natPort().getAsInt(), any)
                : new MappingKey(Optional.of(rule.internalClient()), rule.protocol(), rule.internalPort(), any);
    }

    private static void happen(Lockstep igd, Set<Long> calls, RandomGenerator random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> calls.add(add(igd, random));
            case 3 -> calls.add(call(igd, host(random), random, deletionOrLook(random)));
            case 4, 5, 6 -> answer(igd, random);
            case 7 -> igd.pass(Duration.ofMillis(random.nextInt(1, 5000)));
            case 8 -> {
                igd.natWorks = random.nextInt(4) != 0;
                igd.storeWorks = random.nextInt(4) != 0;
            }
            default -> change(igd, random);
        }
    }

    private static IgdAction deletionOrLook(RandomGenerator random) {
        return random.nextInt(4) == 0 ? new IgdAction.GetSpecificPortMappingEntry(key(random)) : deletion(random);
    }

    private static IgdAction deletion(RandomGenerator random) {
        return random.nextInt(4) == 0
                ? new IgdAction.DeletePortMappingRange(
                        new PortRange(1024, random.nextInt(1024, 65_536), IpProtocol.TCP), random.nextBoolean())
                : new IgdAction.DeletePortMapping(key(random));
    }

    private static long add(Lockstep igd, RandomGenerator random) {
        var host = host(random);
        int internalPort = random.nextInt(8001, 8004);
        int lease = random.nextInt(4) == 0 ? 0 : 60;
        return call(
                igd,
                host,
                random,
                random.nextInt(3) == 0
                        ? new IgdAction.AddAnyPortMapping(
                                random.nextInt(3) == 0 ? Lockstep.key(0) : key(random),
                                internalPort,
                                host,
                                true,
                                "web",
                                lease)
                        : Lockstep.add(key(random), internalPort, host, lease));
    }

    private static void answer(Lockstep igd, RandomGenerator random) {
        var ids = random.nextBoolean() ? igd.asked.keySet() : igd.released.keySet();
        if (ids.isEmpty()) {
            return;
        }
        // who deletes where nobody listens never hears that it is done, and its port waits for ever
        boolean deletes = igd.policy.translates() && ids.equals(igd.released.keySet());
        long id = ids.stream().skip(random.nextInt(ids.size())).findFirst().orElseThrow();
        igd.handle(new IwfEvent.PcpAnswered(
                id,
                switch (random.nextInt(5)) {
                    case 0 -> new MappingOutcome.Refused(random.nextInt(1, 20), new Lifetime(30));
                    case 1 -> deletes ? new MappingOutcome.Released() : new MappingOutcome.Unreachable();
                    case 2 -> new MappingOutcome.Released();
                    default ->
                        new MappingOutcome.Granted(
                                new Endpoint(
                                        Lockstep.EXTERNAL,
                                        random.nextBoolean() ? port(random) : random.nextInt(1, 65_536)),
                                new Lifetime(3600));
                }));
    }

    private static void change(Lockstep igd, RandomGenerator random) {
        var natPort = igd.policy.translates() ? OptionalInt.of(port(random)) : OptionalInt.empty();
        var key = pcpKey(new NatRule(IpProtocol.TCP, natPort, host(random), random.nextInt(8001, 8004)));
        igd.handle(new IwfEvent.PcpChanged(
                random.nextBoolean()
                        ? new MappingEvent.Lost(key)
                        : new MappingEvent.Granted(key, new Endpoint(Lockstep.EXTERNAL, port(random)))));
    }

    private static PcpAddress host(RandomGenerator random) {
        return random.nextBoolean() ? Lockstep.HOST : Lockstep.OTHER_HOST;
    }

    private static IgdFace face(RandomGenerator random) {
        return random.nextBoolean() ? IgdFace.V1 : IgdFace.V2;
    }

    private static PortMappingKey key(RandomGenerator random) {
        return Lockstep.key(port(random));
    }

    private static int port(RandomGenerator random) {
        return PORTS.get(random.nextInt(PORTS.size()));
    }
}
