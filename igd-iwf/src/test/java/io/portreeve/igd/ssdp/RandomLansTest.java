package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Addresses of several LANs come and go while hosts of all of them search: what must hold for every message. */
class RandomLansTest {
    private static final List<Presence> PLACES = List.of(
            place("lan0", "192.168.1.1", 24),
            place("lan0", "10.0.0.1", 8),
            place("lan0", "fe80::1", 64),
            place("lan0", "fd00:1::1", 64),
            place("lan1", "192.168.2.1", 24),
            place("lan1", "fe80::1", 64),
            place("lan1", "2001:db8::1", 64));
    private static final List<String> HOSTS = List.of(
            "192.168.1.9", "192.168.1.10", "10.9.9.9", "fe80::9", "fd00:1::9", "192.168.2.9", "2001:db8::9", "8.8.8.8");
    private static final List<String> TARGETS = List.of(
            "ssdp:all",
            "upnp:rootdevice",
            Gateway.WAN,
            Gateway.SERVICE + "WANIPConnection:1",
            Gateway.SERVICE + "WANIPConnection:2",
            Gateway.DEVICE + "InternetGatewayDevice:3");
    private static final AdvertisedFaces FACES = AdvertisedFaces.of(Gateway.face(1), Gateway.face(2));
    private static final Duration MAX_DELAY = Duration.ofMillis(250);

    private static Presence place(String interfaceName, String address, int prefixLength) {
        return new Presence(Gateway.lan(interfaceName, address, prefixLength), 49_200);
    }

    @Test
    @Proves({
        "igd:I-SSDP-09",
        "igd:I-SSDP-12",
        "igd:I-SSDP-13",
        "igd:I-SSDP-18",
        "igd:I-SSDP-21",
        "igd:I-SSDP-23",
        "rel:T-20"
    })
    void speaksOnlyForWhatItIsAndWhereItIs() {
        Seeds.each(1_000, random -> new Life(random).lives(60));
    }

    /** A gateway and what it must never do. */
    private static final class Life {
        private final RandomGenerator random;
        private final SsdpEngine engine;
        private final Map<PcpAddress, List<MonoTime>> answers = new HashMap<>();
        private final Map<Presence, Integer> said = new HashMap<>();
        private List<Presence> present = List.of();
        private int bootId;
        private MonoTime now = MonoTime.START;

        Life(RandomGenerator random) {
            this.random = random;
            engine = new SsdpEngine(FACES, MAX_DELAY, random);
        }

        void lives(int steps) {
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> moves();
                    case 1, 2 -> passes(Duration.ofMillis(random.nextLong(1_500)));
                    case 3 -> passes(Duration.ofMinutes(random.nextLong(20)));
                    default -> isSearched();
                }
            }
            present.forEach(place -> assertThat(said).containsKey(place));
            check(engine.handle(new SsdpEvent.Stop(), now), present);
            assertThat(engine.nextDue()).isEqualTo(MonoTime.NEVER);
        }

        private void moves() {
            var next = PLACES.stream().filter(_ -> random.nextBoolean()).toList();
            var gone = without(present, next);
            var unaffected = without(present, gone);
            int nextBootId = bootId + random.nextInt(1, 10);
            var sends = engine.handle(new SsdpEvent.Present(next, nextBootId), now);
            if (next.equals(present)) {
                assertThat(sends).isEmpty();
                return;
            }
            bootId = nextBootId;
            var speaking = new ArrayList<>(next);
            speaking.addAll(gone);
            check(sends, speaking);
            assertThat(goodbyes(sends)).isEqualTo(new HashSet<>(without(speaking, unaffected)));
            assertThat(sends.stream()
                            .filter(send -> send.message() instanceof SsdpMessage.Update)
                            .map(Send::from)
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(unaffected);
            said.keySet().removeAll(gone);
            present = next;
            passes(Duration.ofMillis(random.nextLong(3) * 700));
        }

        private static HashSet<Presence> goodbyes(List<Send> sends) {
            var from = new HashSet<Presence>();
            sends.stream()
                    .filter(send -> send.message() instanceof SsdpMessage.ByeBye)
                    .forEach(send -> from.add(send.from()));
            return from;
        }

        private static List<Presence> without(List<Presence> all, List<Presence> others) {
            return all.stream().filter(place -> !others.contains(place)).toList();
        }

        private void isSearched() {
            var at = PLACES.get(random.nextInt(PLACES.size())).lan();
            var source = PcpAddress.parse(HOSTS.get(random.nextInt(HOSTS.size())));
            var request = Gateway.request(TARGETS.get(random.nextInt(TARGETS.size())), "MX: 1\r\n");
            var search = new SsdpEvent.Search(at, new Endpoint(source, 50_000), random.nextBoolean(), request);
            check(engine.handle(search, now), present);
        }

        private void passes(Duration time) {
            var end = now.plus(time);
            while (!engine.nextDue().isAfter(end)) {
                assertThat(engine.nextDue()).isGreaterThanOrEqualTo(now);
                now = engine.nextDue();
                check(engine.handle(new SsdpEvent.Due(), now), present);
            }
            now = end;
        }

        private void check(List<Send> sends, List<Presence> speaking) {
            for (var send : sends) {
                assertThat(speaking).contains(send.from());
                assertThat(send.from().location(send.message().face()))
                        .contains(send.from().lan().prefix().address().toString());
                assertThat(send.bootId()).isLessThanOrEqualTo(bootId);
                switch (send.message()) {
                    case SsdpMessage.Found _ -> answered(send);
                    case SsdpMessage.Alive alive -> announced(send, alive);
                    case SsdpMessage.Update update ->
                        assertThat(update.nextBootId()).isEqualTo(bootId).isGreaterThan(send.bootId());
                    case SsdpMessage.ByeBye _ -> said.put(send.from(), 0);
                }
            }
        }

        private void announced(Send send, SsdpMessage.Alive alive) {
            assertThat(send.target()).isEqualTo(send.from().lan().group().endpoint);
            assertThat(alive.face()).isEqualTo(FACES.announced());
            assertThat(said).as("a goodbye comes before").containsKey(send.from());
            int before = said.put(send.from(), send.bootId());
            assertThat(send.bootId()).isEqualTo(bootId).isGreaterThanOrEqualTo(before);
        }

        /** No more than twenty at once and ten a second. */
        private void answered(Send send) {
            var host = send.target().address();
            assertThat(send.from().lan().prefix().contains(host)).isTrue();
            assertThat(send.bootId()).isEqualTo(bootId);
            var times = answers.computeIfAbsent(host, _ -> new ArrayList<>());
            times.add(now);
            long lately = times.stream()
                    .filter(time -> time.until(now).compareTo(Duration.ofSeconds(1)) < 0)
                    .count();
            assertThat(lately).isLessThanOrEqualTo(20 + 10 + 3);
        }
    }
}
