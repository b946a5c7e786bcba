package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IwfEvent.HostLeft;
import io.portreeve.igd.iwf.IwfEvent.HostSeen;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a host's entries when it leaves. */
class HostsTest {
    private static final Optional<HardwareAddress> ITS = Optional.of(new HardwareAddress("02:00:5e:10:00:01"));
    private static final Optional<HardwareAddress> ANOTHERS = Optional.of(new HardwareAddress("02:00:5e:10:00:02"));

    private final Lockstep igd = Lockstep.up();

    HostsTest() {
        igd.opened();
        igd.call(OTHER_HOST, IgdFace.V1, add(key(9090), 9090, OTHER_HOST, 0));
        igd.grant(9090);
        igd.handle(new HostSeen(HOST, ITS));
    }

    private void isGone() {
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.rows).as("and only its entries").containsOnlyKeys(key(9090));
    }

    private void isThere() {
        assertThat(igd.rows).containsOnlyKeys(KEY, key(9090)); // nobody has called: who calls is there
    }

    @Test
    @Proves({"igd:I-IWFR-06", "igd:F-04"})
    void aHostThatGivesBackItsAddressTakesItsEntriesWithIt() {
        igd.handle(new HostLeft(HOST, Departure.RELEASED));
        igd.handle(new IwfEvent.Due());
        isGone();
        assertThat(igd.audited()).contains("closed TCP 8080 -> 192.168.1.10:8080: its host has given back its address");
    }

    @Test
    @Proves("igd:I-IWFR-06")
    void aHostThatDoesNotRenewItsAddressIsWaitedFor() {
        igd.handle(new HostLeft(HOST, Departure.EXPIRED));
        igd.pass(Duration.ofMinutes(1).minusMillis(1));
        isThere();
        igd.pass(Duration.ofMillis(1));
        isGone();
    }

    @Test
    @Proves("igd:I-IWFR-06")
    void theSameHostAtTheSameAddressKeepsThem() {
        igd.handle(new HostLeft(HOST, Departure.EXPIRED));
        igd.pass(Duration.ofSeconds(59));
        igd.handle(new HostSeen(HOST, ITS));
        igd.pass(Duration.ofHours(2));
        isThere();
    }

    @Test
    @Proves("igd:I-IWFR-06")
    void anotherHostAtTheSameAddressDoesNotInheritThem() {
        igd.handle(new HostSeen(HOST, ANOTHERS));
        isGone();
    }

    @Test
    void whoCallsIsThere() {
        igd.handle(new HostLeft(HOST, Departure.EXPIRED));
        igd.pass(Duration.ofSeconds(59));
        igd.reply(new IgdAction.GetExternalIPAddress());
        igd.pass(Duration.ofMinutes(2));
        isThere();
    }

    @Test
    void theFirstReasonToGoCounts() {
        igd.handle(new HostLeft(HOST, Departure.EXPIRED));
        igd.pass(Duration.ofSeconds(30));
        igd.handle(new HostLeft(HOST, Departure.EXPIRED));
        igd.pass(Duration.ofSeconds(30));
        isGone();
    }

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "ABSENT"})
    void whoIsSurelyGoneIsNotWaitedFor(Departure how) {
        igd.handle(new HostLeft(HOST, Departure.EXPIRED));
        igd.handle(new HostLeft(HOST, how));
        igd.handle(new IwfEvent.Due());
        isGone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:5e:10:00", "02-00-5e-10-00-01", "02:00:5e:10:00:0g", "02:00:5e:10:00:01\n"})
    void aHardwareAddressIsOctets(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HardwareAddress(text))
                .withMessageContaining("expected: 6 to 20 octets");
        assertThat(new HardwareAddress("02:00:5E:10:00:01")).isEqualTo(ITS.orElseThrow());
    }
}
