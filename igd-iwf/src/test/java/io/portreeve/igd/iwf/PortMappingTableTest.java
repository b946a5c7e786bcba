package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PortMappingTableTest {
    private static final PcpAddress REMOTE = PcpAddress.parse("203.0.114.77");

    private final PortMappingTable table = new PortMappingTable();

    private static MonoTime at(int seconds) {
        return MonoTime.START.plus(Duration.ofSeconds(seconds));
    }

    private static PortMapping mapping(PortMappingKey key, int internalPort, int end) {
        var lease = end == 0 ? new Lease.Infinite() : new Lease.Timed(Duration.ofHours(1), at(end));
        return new PortMapping(key, internalPort, HOST, "", lease);
    }

    private static PortMapping tcp(int port, int end) {
        return mapping(Lockstep.key(port), port, end);
    }

    @Test
    void knowsTenThousandByAllTheirSides() {
        for (int port = 10_000; port < 20_000; port++) {
            table.put(tcp(port, port));
        }
        table.list();
        for (int port = 10_000; port < 20_000; port++) {
            var mapping = tcp(port, port);
            assertThat(table.listing().orElseThrow().get(port - 10_000)).isEqualTo(mapping);
            assertThat(table.onPort(port, IpProtocol.TCP)).contains(mapping);
            assertThat(table.get(mapping.pcpKey())).contains(mapping);
            assertThat(table.nextEnd(_ -> true)).isEqualTo(at(10_000));
        }
        assertThat(table.listing().orElseThrow()).hasSize(10_000);
        assertThat(table.onPort(20_000, IpProtocol.TCP)).isEmpty();
        assertThat(table.onPort(10_000, IpProtocol.UDP)).isEmpty();
        assertThat(table.ended(at(10_001))).containsExactly(tcp(10_000, 10_000), tcp(10_001, 10_001));
        for (int port = 10_000; port < 20_000; port++) {
            table.remove(Lockstep.key(port));
        }
        assertThat(table.isEmpty()).isTrue();
        assertThat(table.nextEnd(_ -> true)).isEqualTo(MonoTime.NEVER);
    }

    @Test
    void findsAPortWhateverItsRemoteHost() {
        var narrow = mapping(new PortMappingKey(Optional.of(REMOTE), 80, IpProtocol.TCP), 80, 0);
        table.put(narrow);
        assertThat(table.onPort(80, IpProtocol.TCP)).contains(narrow);
        table.put(tcp(80, 0));
        table.remove(Lockstep.key(80));
        assertThat(table.onPort(80, IpProtocol.TCP)).contains(narrow);
    }

    @Test
    void doesNotWaitForTheEndOfWhatIsBeingRemoved() {
        table.put(tcp(80, 100));
        table.put(tcp(81, 200));
        table.removing(tcp(80, 100));
        assertThat(table.nextEnd(_ -> true)).isEqualTo(at(200));
        assertThat(table.ended(at(100))).isEmpty();
        assertThat(table.get(Lockstep.key(80))).isPresent();
    }

    /** Against a list that is searched from one end to the other. */
    @Test
    void isWhatAPlainListIs() {
        Seeds.each(200, random -> {
            var indexed = new PortMappingTable();
            var plain = new LinkedHashMap<PortMappingKey, PortMapping>();
            for (int i = 0; i < 100; i++) {
                change(indexed, plain, random);
                check(indexed, plain, at(random.nextInt(1, 20)));
            }
        });
    }

    private static void change(
            PortMappingTable indexed, Map<PortMappingKey, PortMapping> plain, RandomGenerator random) {
        var remote = random.nextInt(3) == 0 ? Optional.of(REMOTE) : Optional.<PcpAddress>empty();
        var protocol = random.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP;
        var key = new PortMappingKey(remote, random.nextInt(1, 5), protocol);
        if (random.nextInt(3) == 0) {
            indexed.remove(key);
            plain.remove(key);
        } else {
            int internalPort = key.externalPort() * 10 + (remote.isPresent() ? 1 : 0);
            var mapping = mapping(key, internalPort + 100 * random.nextInt(3), random.nextInt(0, 20));
            indexed.put(mapping);
            plain.put(key, mapping);
        }
    }

    private static void check(PortMappingTable indexed, Map<PortMappingKey, PortMapping> plain, MonoTime now) {
        var all = new ArrayList<>(plain.values());
        indexed.list();
        assertThat(indexed.listing()).contains(all);
        for (int port = 1; port < 5; port++) {
            int wanted = port;
            assertThat(indexed.onPort(port, IpProtocol.TCP).isPresent())
                    .isEqualTo(all.stream().anyMatch(it -> it.key().isOn(wanted, IpProtocol.TCP)));
        }
        for (var mapping : all) {
            assertThat(indexed.get(mapping.pcpKey())).contains(mapping);
        }
        assertThat(indexed.get(new MappingKey(Optional.of(HOST), IpProtocol.TCP, 999, PcpAddress.ANY_IPV4)))
                .isEmpty();
        assertThat(indexed.ended(now)).containsExactlyInAnyOrderElementsOf(ended(all, now));
        assertThat(indexed.nextEnd(it -> it.internalPort() % 2 == 0))
                .isEqualTo(all.stream()
                        .filter(it -> it.internalPort() % 2 == 0)
                        .map(it -> it.lease().due())
                        .min(Comparator.naturalOrder())
                        .orElse(MonoTime.NEVER));
    }

    private static List<PortMapping> ended(List<PortMapping> all, MonoTime now) {
        return all.stream().filter(it -> !now.isBefore(it.lease().due())).toList();
    }
}
