package io.portreeve.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingLease;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever happens, in whatever order: what must always hold. */
class RandomEventsTest {
    private static final int SEEDS = Boolean.getBoolean("portreeve.long") ? 20_000 : 1_000;
    private static final int EVENTS = 200;

    /** Moves between states that a mapping may make in one event; leaving and entering the table is always legal. */
    private static final Set<String> LEGAL = Set.of(
            "NOT_SENT WAIT_RESP",
            "NOT_SENT MAPPED",
            "NOT_SENT ERROR_WAIT_RESEND",
            "WAIT_RESP MAPPED",
            "WAIT_RESP ERROR_WAIT_RESEND",
            "MAPPED REFRESHING",
            "MAPPED WAIT_RESP",
            "MAPPED NOT_SENT",
            "MAPPED ERROR_WAIT_RESEND",
            "REFRESHING MAPPED",
            "REFRESHING WAIT_RESP",
            "REFRESHING NOT_SENT",
            "REFRESHING ERROR_WAIT_RESEND",
            "ERROR_WAIT_RESEND WAIT_RESP",
            "ERROR_WAIT_RESEND MAPPED",
            "ERROR_WAIT_RESEND NOT_SENT");

    @Test
    @Proves({"pcp:M-02", "pcp:M-03"})
    void everyMappingHasItsNextActionAndEveryMoveIsLegal() {
        var seen = new HashSet<String>();
        Seeds.each(SEEDS, random -> {
            var client = new Lockstep(random.nextLong(), List.of());
            for (int i = 0; i < EVENTS; i++) {
                var before = client.list();
                happen(client, random);
                check(before, client.list(), seen);
                assertThat(client.engine.nextDue().isBefore(client.now))
                        .as("an action was missed")
                        .isFalse();
            }
            drainsOnceReleased(client);
        });
        assertThat(seen).as("moves that were reached").containsExactlyInAnyOrderElementsOf(LEGAL);
    }

    private static void check(List<MappingView> before, List<MappingView> after, Set<String> seen) {
        for (var view : after) {
            before.stream()
                    .filter(it -> it.key().equals(view.key()) && !it.state().equals(view.state()))
                    .map(it -> it.state() + " " + view.state())
                    .forEach(move -> {
                        assertThat(LEGAL).contains(move);
                        seen.add(move);
                    });
        }
    }

    /** Every mapping has an action, or it would stay for ever. */
    private static void drainsOnceReleased(Lockstep client) {
        client.list().forEach(view -> client.release(view.key()));
        client.pass(Duration.ofDays(2));
        assertThat(client.engine.nextDue()).isEqualTo(MonoTime.NEVER);
    }

    private static void happen(Lockstep client, RandomGenerator random) {
        switch (random.nextInt(11)) {
            case 0 -> client.want(new MappingRequest(key(random), "test", choice(random), lease(random)));
            case 1 -> client.release(key(random));
            case 2, 3 -> client.pass(Duration.ofMillis(next(client, random)));
            case 4, 5 -> answer(client, random, 0);
            case 6 -> answer(client, random, random.nextInt(1, 20));
            case 7 -> oddities(client, random);
            case 8 -> client.otherVersion(0);
            default -> answerByNatPmp(client, random);
        }
    }

    private static void oddities(Lockstep client, RandomGenerator random) {
        switch (random.nextInt(5)) {
            case 0 -> client.handle(new ClientEvent.Unreachable(Lockstep.ADDRESS));
            case 1 -> client.otherVersion(random.nextInt(3));
            case 2 -> client.serverEpoch = random.nextInt(10_000);
            case 3 -> client.handle(new ClientEvent.NetworkChanged());
            default -> client.handle(new ClientEvent.Due());
        }
    }

    /** Mostly not further than one action, so that the moves are seen one by one. */
    private static long next(Lockstep client, RandomGenerator random) {
        var due = client.engine.nextDue();
        long action = due.isAfter(client.now.plus(Duration.ofDays(2)))
                ? 1000
                : client.now.until(due).toMillis();
        return random.nextInt(5) == 0 ? random.nextInt(1, 600_000) : Math.max(1, action);
    }

    private static void answer(Lockstep client, RandomGenerator random, int result) {
        if (client.sent.isEmpty()) {
            return;
        }
        var request = client.sent.get(random.nextInt(client.sent.size()));
        int port = request.suggestedPort() != 0 && random.nextBoolean()
                ? request.suggestedPort()
                : random.nextInt(0, 65_536);
        var lifetime = new Lifetime(random.nextInt(3) == 0 ? random.nextInt(0, 10) : random.nextInt(0, 8000));
        client.receive(client.response(request, result, lifetime, port, Lockstep.EXTERNAL));
    }

    /** Mostly to what was asked last. */
    private static void answerByNatPmp(Lockstep client, RandomGenerator random) {
        var server = new NatPmpServer(client);
        server.external = random.nextInt(10) == 0 ? PcpAddress.parse("203.0.114.9") : Lockstep.EXTERNAL;
        if (client.natPmp.isEmpty() || random.nextInt(10) == 0) {
            server.tellAddress();
            return;
        }
        int back = random.nextBoolean() ? 1 : random.nextInt(1, 1 + client.natPmp.size());
        switch (client.natPmp.get(client.natPmp.size() - back)) {
            case ExternalAddressRequest() -> server.tellAddress();
            case NatPmpMapRequest map when random.nextInt(4) == 0 -> refuseByNatPmp(server, map, random);
            case NatPmpMapRequest map
            when random.nextBoolean() -> server.grant(map, map.suggestedPort(), map.lifetime());
            case NatPmpMapRequest map ->
                server.grant(map, random.nextInt(3), new Lifetime(random.nextInt(3) * random.nextInt(4000)));
        }
    }

    private static void refuseByNatPmp(NatPmpServer server, NatPmpMapRequest map, RandomGenerator random) {
        int result = random.nextInt(1, 8);
        NatPmpResult.of(result)
                .ifPresentOrElse(
                        it -> server.receive(NatPmpMapResponse.refused(map, it, server.epoch())),
                        () -> server.client.handle(
                                new ClientEvent.NatPmpFailed(Lockstep.ADDRESS, Optional.of(map.protocol()), result)));
    }

    private static MappingKey key(RandomGenerator random) {
        return new MappingKey(
                random.nextBoolean() ? Optional.of(Lockstep.HOST) : Optional.empty(),
                random.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP,
                random.nextInt(1, 4),
                PcpAddress.ANY_IPV4);
    }

    private static MappingLease lease(RandomGenerator random) {
        return random.nextInt(3) == 0
                ? new MappingLease.Timed(Duration.ofMillis(random.nextInt(1000, 8_000_000)))
                : new MappingLease.UntilReleased(Lockstep.HOUR);
    }

    private static ExternalChoice choice(RandomGenerator random) {
        return switch (random.nextInt(3)) {
            case 0 -> new ExternalChoice.Any();
            case 1 -> new ExternalChoice.Preferred(random.nextInt(1, 4));
            default -> new ExternalChoice.Exactly(random.nextInt(1, 4));
        };
    }
}
