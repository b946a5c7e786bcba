package io.portreeve.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Time, network, disk, machine and process of a world. */
final class VirtualPartsTest {
    private static final Station HERE = new Station(PcpAddress.parse("100.64.0.2"), 1);
    private static final Station THERE = new Station(PcpAddress.parse("100.64.0.1"), 5351);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final List<Integer> arrived = new ArrayList<>();

    @Test
    void whatHappensAtOneInstantHappensInTheOrderItWasPut() {
        time.after(SECOND.multipliedBy(2), () -> arrived.add(3));
        time.after(SECOND, () -> arrived.add(1));
        time.after(SECOND, () -> {
            arrived.add(2);
            time.at(MonoTime.START, () -> arrived.add((int) time.now().seconds()));
        });
        time.passUntil(MonoTime.START.plus(SECOND));
        assertThat(arrived).containsExactly(1, 2, 1);
        assertThat(time.now()).isEqualTo(MonoTime.START.plus(SECOND));
        assertThat(time.happened()).isEqualTo(3);
    }

    @Test
    void aWorldThatNeverGetsOnIsReported() {
        time.after(SECOND, this::again);
        assertThatThrownBy(() -> time.passUntil(MonoTime.NEVER)).hasMessageStartingWith("progress: time does not pass");
    }

    private void again() {
        time.at(time.now(), this::again);
    }

    private VirtualNetwork network(Weather weather) {
        var network = new VirtualNetwork(time);
        network.setWeather(weather);
        network.listen(THERE, (_, octets) -> arrived.add((int) octets[0]));
        return network;
    }

    private void send(int count, VirtualNetwork network, Chance chance) {
        for (int i = 0; i < count; i++) {
            network.send(HERE, THERE, new byte[] {(byte) i}, chance);
        }
    }

    private void settle() {
        time.passUntil(time.now().plus(SECOND.multipliedBy(60)));
    }

    @Test
    void goodWeatherDeliversEverythingOnce() {
        send(100, network(Weather.CALM), new Chance(0));
        settle();
        assertThat(arrived).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void badWeatherLosesDoublesAndDisorders() {
        send(100, network(new Weather(0.5, 0.5, SECOND)), new Chance(0));
        settle();
        assertThat(new HashSet<>(arrived)).hasSizeBetween(30, 70);
        assertThat(arrived).hasSizeBetween(50, 100);
        assertThat(arrived).isNotEqualTo(arrived.stream().sorted().toList());
    }

    @Test
    void whoIsCutOffOrDoesNotListenGetsNothing() {
        var network = network(Weather.CALM);
        network.cutOff(HERE.address());
        send(1, network, new Chance(0));
        network.reconnect(HERE.address());
        send(1, network, new Chance(0));
        network.close(THERE);
        settle();
        assertThat(arrived).isEmpty();
    }

    @Test
    void aCrashLeavesTheDiskAsItWasAfterSomeTransactionSinceTheLastSync() {
        var left = new HashSet<Map<String, Integer>>();
        Seeds.each(100, random -> {
            var disk = new VirtualDisk<String, Integer>();
            disk.write(Map.of("a", 1));
            disk.sync();
            disk.write(Map.of("a", 1, "b", 2));
            disk.write(Map.of("b", 3));
            assertThat(disk.written()).isEqualTo(Map.of("b", 3));
            assertThat(disk.durable()).isEqualTo(Map.of("a", 1));
            disk.crash(new Chance(random.nextLong()));
            assertThat(disk.written()).isEqualTo(disk.durable());
            left.add(Map.copyOf(disk.durable()));
        });
        assertThat(left).containsExactlyInAnyOrder(Map.of("a", 1), Map.of("a", 1, "b", 2), Map.of("b", 3));
    }

    @Test
    void aRebootStartsOneClockAgainAndNotTheOther() {
        var machine = new VirtualMachine(time, Duration.ofDays(3));
        var wall = machine.wall();
        var boot = machine.bootId();
        time.passUntil(MonoTime.START.plus(SECOND));
        assertThat(machine.uptime())
                .isEqualTo(new MonoTime(Duration.ofDays(3).plusSeconds(1).toNanos()));
        machine.reboot();
        machine.stepWall(Duration.ofHours(-1));
        assertThat(machine.uptime()).isEqualTo(MonoTime.START);
        assertThat(machine.bootId()).isNotEqualTo(boot);
        assertThat(machine.wall()).isEqualTo(wall.plusSeconds(1).minus(Duration.ofHours(1)));
        assertThat(machine.atUptime(machine.uptime())).isEqualTo(time.now());
    }

    @Test
    void aProcessDiesAtTheStepItWasToldAndThenForGood() {
        var process = new VirtualProcess();
        var late = process.inThisLife(() -> arrived.add(1));
        process.killAfter(1);
        assertThatCode(process::step).doesNotThrowAnyException();
        assertThat(process.isAlive()).isTrue();
        assertThatThrownBy(process::step).isInstanceOf(VirtualProcess.Killed.class);
        assertThatThrownBy(process::step).isInstanceOf(VirtualProcess.Killed.class);
        late.run();
        assertThat(arrived).isEmpty();
    }
}
