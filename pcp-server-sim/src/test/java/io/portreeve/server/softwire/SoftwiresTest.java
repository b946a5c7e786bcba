package io.portreeve.server.softwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SoftwiresTest {
    private static final InsidePrefix PREFIX = new InsidePrefix(PcpAddress.parse("100.96.0.0"), 28);
    private static final InnerHost HERS = new InnerHost(b4(1), PcpAddress.parse("192.168.1.10"));
    private static final InnerHost HIS = new InnerHost(b4(2), HERS.address());
    private static final MonoTime NOW = MonoTime.START;

    private final Softwires softwires = new Softwires(PREFIX, 1000, 1000);

    private static PcpAddress b4(int number) {
        return PcpAddress.parse("2001:db8:64::" + number);
    }

    private static InnerHost host(int b4, int number) {
        return new InnerHost(b4(b4), PcpAddress.parse("192.168.1." + number));
    }

    @Test
    void theSameAddressInTwoHomesIsTwoHosts() {
        var hers = softwires.assign(HERS, NOW).orElseThrow();
        var his = softwires.assign(HIS, NOW).orElseThrow();
        assertThat(hers).isNotEqualTo(his);
        assertThat(softwires.hostAt(hers)).contains(HERS);
        assertThat(softwires.hostAt(his)).contains(HIS);
        assertThat(softwires.insideOf(HERS)).contains(hers);
        assertThat(softwires.of(HIS.b4())).containsExactly(his);
    }

    @Test
    void aHomeHasNoMoreThanItsShare() {
        var few = new Softwires(PREFIX, 1000, 2);
        assertThat(few.assign(host(1, 1), NOW)).isPresent();
        assertThat(few.assign(host(1, 2), NOW)).isPresent();
        assertThat(few.assign(host(1, 3), NOW)).isEmpty();
        assertThat(few.assign(host(2, 1), NOW)).isPresent();
    }

    @Test
    void thereAreNoMoreThanThePrefixHas() {
        var given = new HashSet<PcpAddress>();
        for (int i = 1; i <= 14; i++) {
            given.add(softwires.assign(host(1, i), NOW).orElseThrow());
        }
        assertThat(given).hasSize(14).allMatch(PREFIX::contains);
        assertThat(given).doesNotContain(PcpAddress.parse("100.96.0.0"), PcpAddress.parse("100.96.0.15"));
        assertThat(softwires.assign(host(2, 1), NOW)).isEmpty();
    }

    @Test
    void whatIsRetiredIsNobodysUntilItIsFreed() {
        var only = new Softwires(PREFIX, 1, 1);
        var inside = only.assign(HERS, NOW).orElseThrow();
        only.retire(inside);
        assertThat(only.hostAt(inside)).isEmpty();
        assertThat(only.insideOf(HERS)).isEmpty();
        assertThat(only.of(HERS.b4())).isEmpty();
        assertThat(only.assign(HIS, NOW)).isEmpty();
        only.free(inside);
        assertThat(only.assign(HIS, NOW)).isPresent();
    }

    /** Whoever still sends to the host that had it must not reach the next one. */
    @Test
    void whatIsFreedIsTheLastToBeGivenAgain() {
        var first = softwires.assign(HERS, NOW).orElseThrow();
        softwires.retire(first);
        softwires.free(first);
        for (int i = 1; i < 14; i++) {
            assertThat(softwires.assign(host(2, i), NOW)).isNotEmpty().isNotEqualTo(Optional.of(first));
        }
        assertThat(softwires.assign(HERS, NOW)).contains(first);
    }

    @Test
    void whoIsNotUsedIsIdle() {
        var hers = softwires.assign(HERS, NOW).orElseThrow();
        var his = softwires.assign(HIS, NOW).orElseThrow();
        softwires.use(hers, NOW.plus(Duration.ofHours(2)));
        softwires.use(hers, NOW.plus(Duration.ofHours(1)));
        var idle = Duration.ofHours(1);
        assertThat(softwires.idle(idle, NOW.plus(idle))).isEmpty();
        assertThat(softwires.idle(idle, NOW.plus(Duration.ofMinutes(61)))).containsExactly(his);
        assertThat(softwires.idle(idle, NOW.plus(Duration.ofHours(3)))).containsExactly(his);
        assertThat(softwires.idle(idle, NOW.plus(Duration.ofMinutes(181)))).containsExactlyInAnyOrder(hers, his);
    }

    /** Each host has one address and each address one host, whatever comes and goes. */
    @Test
    void staysOneToOne() {
        Seeds.each(200, random -> {
            var some = new Softwires(PREFIX, 10, 4);
            var model = new HashMap<InnerHost, PcpAddress>();
            var retired = new ArrayList<PcpAddress>();
            for (int step = 0; step < 60; step++) {
                var host = host(random.nextInt(1, 5), random.nextInt(1, 7));
                switch (random.nextInt(3)) {
                    case 0 -> {
                        if (!model.containsKey(host)) {
                            some.assign(host, NOW).ifPresent(inside -> {
                                assertThat(model).doesNotContainValue(inside);
                                assertThat(retired).doesNotContain(inside);
                                model.put(host, inside);
                            });
                        }
                    }
                    case 1 -> {
                        if (model.containsKey(host)) {
                            some.retire(model.get(host));
                            retired.add(model.remove(host));
                        }
                    }
                    default -> {
                        if (!retired.isEmpty()) {
                            some.free(retired.remove(0));
                        }
                    }
                }
                assertThat(model.size() + retired.size()).isLessThanOrEqualTo(10);
                assertAgree(some, model);
            }
        });
    }

    private static void assertAgree(Softwires softwires, Map<InnerHost, PcpAddress> model) {
        for (int b4 = 1; b4 < 5; b4++) {
            assertThat(softwires.of(b4(b4))).hasSizeLessThanOrEqualTo(4);
            for (int number = 1; number < 7; number++) {
                var host = host(b4, number);
                var inside = softwires.insideOf(host);
                assertThat(inside.orElse(null)).isEqualTo(model.get(host));
                inside.ifPresent(it -> assertThat(softwires.hostAt(it)).contains(host));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.1.10", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.0.0.2"})
    void aHomeMayHave(String address) {
        assertThat(new InnerHost(b4(1), PcpAddress.parse(address)).isPlausible())
                .isTrue();
    }

    /** A host elsewhere, another home's inside address, this AFTR. */
    @ParameterizedTest
    @ValueSource(
            strings = {"198.51.100.10", "100.96.0.1", "192.0.0.1", "192.0.0.8", "172.32.0.1", "0.0.0.0", "2001:db8::1"})
    void noHomeHas(String address) {
        assertThat(new InnerHost(b4(1), PcpAddress.parse(address)).isPlausible())
                .isFalse();
    }

    @Test
    void aPrefixHasNoHostBits() {
        assertThatThrownBy(() -> new InsidePrefix(PcpAddress.parse("100.96.0.1"), 12))
                .hasMessageContaining("100.96.0.1/12");
        assertThatThrownBy(() -> new InsidePrefix(PcpAddress.parse("100.96.0.0"), 31))
                .hasMessageContaining("31");
    }
}
