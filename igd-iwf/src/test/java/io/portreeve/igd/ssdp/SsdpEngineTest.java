package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SsdpEngineTest {
    private static final Duration MAX_DELAY = Duration.ofMillis(250);
    private static final Endpoint GROUP = new Endpoint(PcpAddress.parse("239.255.255.250"), 1900);
    private static final String IGD = Gateway.DEVICE + "InternetGatewayDevice:";
    private static final String WAN_IP = Gateway.SERVICE + "WANIPConnection:";

    private static Play play(int version, Duration maxDelay, RandomGenerator random) {
        var engine = new SsdpEngine(AdvertisedFaces.of(Gateway.face(version)), maxDelay, random);
        return new Play(engine, Gateway.AT_LAN);
    }

    /** {@return a gateway that has announced itself and is silent now} */
    private static Play settled(int version, Duration maxDelay, RandomGenerator random) {
        var play = play(version, maxDelay, random);
        play.goesOn(Duration.ofSeconds(10));
        play.taken();
        return play;
    }

    private static Play settled() {
        return settled(1, MAX_DELAY, Seeds.of(1));
    }

    @Test
    @Proves({"igd:I-SSDP-07", "igd:I-SSDP-09", "igd:I-SSDP-11", "igd:J-07"})
    void saysGoodbyeForAllBeforeItSaysHello() {
        Seeds.each(200, random -> {
            var play = play(1, MAX_DELAY, random);

            assertThat(play.taken()).extracting(sent -> sent.send().message()).containsExactlyElementsOf(byeByes());

            play.goesOn(Duration.ofSeconds(60));
            var alive = play.taken();
            assertThat(alive)
                    .allSatisfy(sent -> assertThat(sent.send().target()).isEqualTo(GROUP));
            assertThat(alive.stream().map(sent -> sent.send().message()).distinct())
                    .containsExactlyElementsOf(alives())
                    .hasSize(10);
            assertThat(alive).as("each twice").hasSize(20);
            assertThat(alive.get(0).at()).isLessThanOrEqualTo(MonoTime.START.plus(Duration.ofMillis(100)));
            assertThat(alive.stream().map(Play.Sent::at).distinct())
                    .as("no burst")
                    .hasSize(20);
        });
    }

    @Test
    @Proves("igd:I-SSDP-10")
    void announcesItselfAgainWellBeforeItIsForgotten() {
        Seeds.each(200, random -> {
            var play = play(1, MAX_DELAY, random);
            play.goesOn(Duration.ofSeconds(60));
            play.taken();
            for (int period = 0; period < 2; period++) {
                var pause = play.now().until(play.nextDue());
                assertThat(pause).isBetween(Duration.ofSeconds(380), Duration.ofSeconds(900));
                play.goesOn(pause.plusSeconds(10));
                assertThat(play.taken()).hasSize(20);
            }
        });
    }

    @Test
    @Proves("igd:I-SSDP-22")
    void saysGoodbyeForAllAtTheEnd() {
        var play = settled();
        play.happens(Gateway.multicast(Gateway.host(9), "ssdp:all", "5"));
        play.taken();

        play.happens(new SsdpEvent.Stop());
        play.goesOn(Duration.ofDays(1));

        assertThat(play.taken()).extracting(sent -> sent.send().message()).containsExactlyElementsOf(byeByes());
    }

    record Row(String why, int version, String searched, List<String> answers) {}

    static Stream<Row> searches() {
        return Stream.of(
                new Row("the gateway", 1, IGD + 1, List.of(Gateway.ROOT + "::" + IGD + 1)),
                new Row(
                        "a service belongs to its own device",
                        1,
                        WAN_IP + 1,
                        List.of(Gateway.CONNECTION + "::" + WAN_IP + 1)),
                new Row("the root", 1, "upnp:rootdevice", List.of(Gateway.ROOT + "::upnp:rootdevice")),
                new Row("a device by its name", 1, Gateway.WAN, List.of(Gateway.WAN)),
                new Row(
                        "an older version is answered as it was asked",
                        2,
                        IGD + 1,
                        List.of(Gateway.ROOT + "::" + IGD + 1)),
                new Row("so is an older service", 2, WAN_IP + 1, List.of(Gateway.CONNECTION + "::" + WAN_IP + 1)),
                new Row("the version there is", 2, IGD + 2, List.of(Gateway.ROOT + "::" + IGD + 2)),
                new Row("a newer version", 2, IGD + 3, List.of()),
                new Row("another type", 1, Gateway.SERVICE + "WANPPPConnection:1", List.of()),
                new Row("another device", 1, "uuid:00000000-0000-0000-0000-000000000000", List.of()));
    }

    @ParameterizedTest
    @MethodSource("searches")
    @Proves({"igd:I-SSDP-03", "igd:I-SSDP-04", "igd:I-SSDP-08", "igd:J-02", "igd:J-03", "igd:Q-09"})
    void answers(Row row) {
        var play = settled(row.version(), MAX_DELAY, Seeds.of(1));
        play.happens(Gateway.multicast(Gateway.host(9), row.searched(), "2"));
        play.goesOn(Duration.ofSeconds(10));

        var about =
                play.taken().stream().map(sent -> sent.send().message().about()).toList();
        assertThat(about).as(row.why()).extracting(Advertised::usn).isEqualTo(row.answers());
        assertThat(about).as(row.why()).extracting(Advertised::target).allMatch(row.searched()::equals);
    }

    /** One after the other until something other than a rootdevice answers; it waits as long as it says, at least a second. */
    @Test
    @Proves("igd:Q-01")
    void answersMiniupnpcInTime() {
        Seeds.each(100, random -> {
            var play = settled(1, Duration.ofDays(1), random);
            var answered = new ArrayList<String>();
            for (var target : List.of(IGD + 1, WAN_IP + 1, Gateway.SERVICE + "WANPPPConnection:1", "upnp:rootdevice")) {
                play.happens(Gateway.multicast(Gateway.host(9), target, "1"));
                play.goesOn(Duration.ofSeconds(1));
                play.taken()
                        .forEach(sent ->
                                answered.add(sent.send().message().about().target()));
            }
            assertThat(answered).containsExactly(IGD + 1, WAN_IP + 1, "upnp:rootdevice");
        });
    }

    record Wait(String why, String mx, Duration maxDelay, Duration longest) {}

    static Stream<Wait> waits() {
        var aDay = Duration.ofDays(1);
        return Stream.of(
                new Wait("ours is shorter", "1", MAX_DELAY, MAX_DELAY),
                new Wait("theirs is shorter", "1", aDay, Duration.ofSeconds(1)),
                new Wait("at once", "0", aDay, Duration.ZERO),
                new Wait("never longer than five seconds", "120", aDay, Duration.ofSeconds(5)),
                new Wait("nor by overflow", "100000000000", aDay, Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @MethodSource("waits")
    @Proves({"igd:I-SSDP-15", "rel:T-21", "igd:J-04", "igd:Q-09"})
    void waitsAtRandomUpTo(Wait wait) {
        var longest = new ArrayList<Duration>();
        Seeds.each(500, random -> {
            var play = settled(1, wait.maxDelay(), random);
            var asked = play.now();
            play.happens(Gateway.multicast(Gateway.host(9), IGD + 1, wait.mx()));
            play.goesOn(Duration.ofMinutes(1));
            assertThat(play.sent()).as(wait.why()).hasSize(1);
            longest.add(asked.until(play.sent().get(0).at()));
        });
        assertThat(longest).as(wait.why()).allMatch(waited -> waited.compareTo(wait.longest()) <= 0);
        assertThat(longest.stream().max(Duration::compareTo))
                .as(wait.why())
                .hasValueSatisfying(most -> assertThat(most)
                        .isGreaterThanOrEqualTo(wait.longest().multipliedBy(9).dividedBy(10)));
    }

    @Test
    @Proves({"igd:I-SSDP-14", "rel:T-21"})
    void isSilentWhenAMulticastSearchSaysNotHowLongItWaits() {
        var play = settled();
        play.happens(Gateway.multicast(Gateway.host(9), IGD + 1, "-1"));
        play.happens(Gateway.multicast(Gateway.host(9), IGD + 1, ""));
        play.goesOn(Duration.ofMinutes(1));
        assertThat(play.sent()).isEmpty();
    }

    @Test
    @Proves({"igd:I-SSDP-16", "rel:T-21"})
    void answersAUnicastSearchAtOnce() {
        var play = settled();
        play.happens(Gateway.unicast(Gateway.host(9), IGD + 1));
        assertThat(play.taken())
                .extracting(Play.Sent::send)
                .containsExactly(new Send(
                        Gateway.AT_LAN,
                        Gateway.host(9),
                        new SsdpMessage.Found(new Advertised(IGD + 1, Gateway.ROOT), Gateway.face(1)),
                        Play.BOOT_ID));
    }

    record Source(String why, String address, int port, boolean answered) {}

    static Stream<Source> sources() {
        return Stream.of(
                new Source("a LAN host", "192.168.1.254", 1024, true),
                new Source("libtorrent searches from 1900 itself", "192.168.1.9", 1900, true),
                new Source("the gateway's own programs", "192.168.1.1", 40_000, true),
                new Source("one bit off the prefix", "192.168.0.9", 40_000, false),
                new Source("a host of the provider", "100.64.0.9", 40_000, false),
                new Source("IPv6", "fe80::1", 40_000, false),
                new Source("a well-known port is somebody's victim", "192.168.1.9", 53, false),
                new Source("the last of them", "192.168.1.9", 1023, false));
    }

    @ParameterizedTest
    @MethodSource("sources")
    @Proves({"igd:I-SSDP-21", "rel:T-19"})
    void answersOnly(Source row) {
        var source = new Endpoint(PcpAddress.parse(row.address()), row.port());
        var play = settled();
        play.happens(Gateway.multicast(source, IGD + 1, "1"));
        play.happens(Gateway.unicast(source, IGD + 1));
        play.goesOn(Duration.ofMinutes(1));
        assertThat(play.sent()).as(row.why()).hasSize(row.answered() ? 2 : 0);
    }

    @Test
    @Proves({"igd:I-SSDP-21", "rel:T-20"})
    void isNoAmplifier() {
        var play = settled();
        for (int i = 0; i < 100; i++) {
            play.happens(Gateway.unicast(Gateway.host(9), "ssdp:all"));
        }
        assertThat(play.taken()).as("a host's first burst").hasSize(20);

        play.goesOn(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            play.happens(Gateway.unicast(Gateway.host(9), "ssdp:all"));
        }
        assertThat(play.taken()).as("ten a second").hasSize(10);
    }

    @Test
    @Proves("rel:T-20")
    void answersAHundredTimesASecondAtMost() {
        var play = settled();
        for (int host = 2; host < 250; host++) {
            play.happens(Gateway.unicast(Gateway.host(host), "ssdp:all"));
        }
        assertThat(play.taken()).hasSize(100);
    }

    @Test
    void remembersABoundedNumberOfAnswers() {
        var play = settled(1, Duration.ofSeconds(5), new Latest());
        for (int second = 0; second < 5; second++) {
            for (int host = 0; host < 10; host++) {
                play.happens(Gateway.multicast(Gateway.host(2 + 10 * second + host), "ssdp:all", "5"));
            }
            play.goesOn(Duration.ofSeconds(1));
        }
        play.goesOn(Duration.ofMinutes(1));
        assertThat(play.taken()).hasSize(SsdpEngine.MAX_ANSWERS / 10 * 10);
    }

    /** Draws the largest number it may. */
    private static final class Latest implements RandomGenerator {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    private static List<SsdpMessage> byeByes() {
        return Gateway.advertised(1).stream()
                .<SsdpMessage>map(thing -> new SsdpMessage.ByeBye(thing, Gateway.face(1)))
                .toList();
    }

    private static List<SsdpMessage> alives() {
        return Gateway.advertised(1).stream()
                .<SsdpMessage>map(thing -> new SsdpMessage.Alive(thing, Gateway.face(1)))
                .toList();
    }
}
