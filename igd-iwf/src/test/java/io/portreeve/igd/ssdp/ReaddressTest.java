package io.portreeve.igd.ssdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What control points hear when addresses of the gateway come and go. */
class ReaddressTest {
    private static final AdvertisedFace FACE = Gateway.face(1);
    private static final Presence HOME = place("lan0", "192.168.1.1", 24);
    private static final Presence RENUMBERED = place("lan0", "10.0.0.1", 24);
    private static final Presence GUESTS = place("lan1", "192.168.2.1", 24);
    private static final int NEXT = Play.BOOT_ID + 1;

    private static Presence place(String interfaceName, String address, int prefixLength) {
        return new Presence(Gateway.lan(interfaceName, address, prefixLength), 49_200);
    }

    private static Play settled(Presence... places) {
        var engine = new SsdpEngine(AdvertisedFaces.of(FACE), Duration.ofMillis(250), Seeds.of(1));
        var play = new Play(engine, places);
        play.goesOn(Duration.ofSeconds(10));
        play.taken();
        return play;
    }

    private static void moves(Play play, int bootId, Presence... places) {
        play.happens(new SsdpEvent.Present(List.of(places), bootId));
    }

    /** A kind of message at a place, by a number. */
    record Said(Class<? extends SsdpMessage> kind, Presence at, int bootId) {
        static Said of(Play.Sent sent) {
            var send = sent.send();
            return new Said(send.message().getClass(), send.from(), send.bootId());
        }
    }

    private static List<Said> said(Play play) {
        return play.taken().stream().map(Said::of).distinct().toList();
    }

    @Test
    @Proves("igd:I-SSDP-13")
    void saysGoodbyeAtTheOldAddressAndHelloAtTheNew() {
        var play = settled(HOME);
        moves(play, NEXT, RENUMBERED);
        assertThat(said(play))
                .as("also from the new address: the old one may be gone from its interface")
                .containsExactly(
                        new Said(SsdpMessage.ByeBye.class, HOME, Play.BOOT_ID),
                        new Said(SsdpMessage.ByeBye.class, RENUMBERED, Play.BOOT_ID));

        play.goesOn(Duration.ofSeconds(10));
        assertThat(said(play)).containsExactly(new Said(SsdpMessage.Alive.class, RENUMBERED, NEXT));
    }

    @Test
    @Proves("igd:I-SSDP-13")
    void tellsTheOthersFirst() {
        var play = settled(HOME, GUESTS);
        moves(play, NEXT, RENUMBERED, GUESTS);
        var first = play.taken();
        assertThat(first.stream().map(Said::of).distinct())
                .containsExactly(
                        new Said(SsdpMessage.ByeBye.class, HOME, Play.BOOT_ID),
                        new Said(SsdpMessage.ByeBye.class, RENUMBERED, Play.BOOT_ID),
                        new Said(SsdpMessage.Update.class, GUESTS, Play.BOOT_ID));
        assertThat(first.stream().map(sent -> sent.send().message()).filter(SsdpMessage.Update.class::isInstance))
                .as("the whole set")
                .containsExactlyElementsOf(FACE.advertised().stream()
                        .<SsdpMessage>map(thing -> new SsdpMessage.Update(thing, FACE, NEXT))
                        .toList());

        play.goesOn(Duration.ofSeconds(10));
        assertThat(said(play))
                .containsExactlyInAnyOrder(
                        new Said(SsdpMessage.Alive.class, RENUMBERED, NEXT),
                        new Said(SsdpMessage.Alive.class, GUESTS, NEXT));
    }

    @Test
    @Proves({"igd:I-SSDP-18", "igd:I-SSDP-22"})
    void saysAtEachLanWhereItIsFoundThere() {
        var play = settled(HOME, GUESTS);
        play.happens(search(HOME, "192.168.1.9"));
        play.happens(search(GUESTS, "192.168.2.9"));
        play.goesOn(Duration.ofSeconds(1));
        assertThat(play.taken())
                .extracting(sent -> sent.send().from().location(FACE))
                .containsExactlyInAnyOrder(
                        "http://192.168.1.1:49200/igd1/root.xml", "http://192.168.2.1:49200/igd1/root.xml");

        play.happens(new SsdpEvent.Stop());
        assertThat(said(play))
                .containsExactly(
                        new Said(SsdpMessage.ByeBye.class, HOME, Play.BOOT_ID),
                        new Said(SsdpMessage.ByeBye.class, GUESTS, Play.BOOT_ID));
    }

    /** A kernel gives a datagram for the group to all sockets bound to it, whichever link it came by. */
    @Test
    @Proves({"igd:I-SSDP-18", "igd:I-SSDP-21"})
    void answersNobodyByTheWrongLan() {
        var play = settled(HOME, GUESTS);
        play.happens(search(GUESTS, "192.168.1.9"));
        play.happens(search(HOME, "192.168.2.9"));
        play.goesOn(Duration.ofSeconds(1));
        assertThat(play.taken()).isEmpty();
    }

    @Test
    void answersOnceThoughItHasTwoAddressesInOneNetwork() {
        var second = place("lan0", "192.168.1.2", 24);
        var play = settled(HOME, second);
        play.happens(search(HOME, "192.168.1.9"));
        play.happens(search(second, "192.168.1.9"));
        play.goesOn(Duration.ofSeconds(1));
        assertThat(said(play)).containsExactly(new Said(SsdpMessage.Found.class, HOME, Play.BOOT_ID));
    }

    @Test
    void keepsAnswersThatAreUnderWayWithTheNewNumber() {
        var play = settled(HOME, GUESTS);
        play.happens(search(HOME, "192.168.1.9"));
        play.happens(search(GUESTS, "192.168.2.9"));
        moves(play, NEXT, GUESTS);
        play.taken();
        play.goesOn(Duration.ofSeconds(10));
        assertThat(said(play))
                .containsExactlyInAnyOrder(
                        new Said(SsdpMessage.Found.class, GUESTS, NEXT),
                        new Said(SsdpMessage.Alive.class, GUESTS, NEXT));
    }

    @Test
    void isSilentWhileItHasNoAddressAndBeginsAnewWithTheNext() {
        var play = settled(HOME);
        moves(play, NEXT);
        assertThat(said(play)).containsExactly(new Said(SsdpMessage.ByeBye.class, HOME, Play.BOOT_ID));
        play.goesOn(Duration.ofDays(1));
        assertThat(play.taken()).isEmpty();

        moves(play, NEXT + 1, HOME);
        assertThat(said(play)).containsExactly(new Said(SsdpMessage.ByeBye.class, HOME, NEXT + 1));
        play.goesOn(Duration.ofSeconds(10));
        assertThat(said(play)).containsExactly(new Said(SsdpMessage.Alive.class, HOME, NEXT + 1));
    }

    @Test
    void saysNothingWhenNothingChanges() {
        var play = settled(HOME, GUESTS);
        moves(play, NEXT, GUESTS, HOME);
        play.goesOn(Duration.ofSeconds(10));
        assertThat(play.taken()).isEmpty();
    }

    @Test
    @Proves({"igd:I-SSDP-23", "rel:T-19"})
    void keepsTheScopesOfIpv6Apart() {
        var link = place("lan0", "fe80::1", 64);
        var site = place("lan0", "fd00:1::1", 64);
        var play = settled(HOME, link, site);

        play.happens(search(link, "fe80::9"));
        play.happens(search(site, "fd00:1::9"));
        play.happens(search(link, "fd00:1::9"));
        play.happens(search(site, "fe80::9"));
        play.happens(search(site, "fd00:2::9"));
        play.happens(search(site, "192.168.1.9"));
        play.goesOn(Duration.ofSeconds(1));

        assertThat(play.taken())
                .extracting(sent -> sent.send().from().lan().host() + " to "
                        + sent.send().target().address())
                .containsExactlyInAnyOrder(
                        "[fe80:0:0:0:0:0:0:1] to fe80:0:0:0:0:0:0:9", "[fd00:1:0:0:0:0:0:1] to fd00:1:0:0:0:0:0:9");
    }

    private static SsdpEvent.Search search(Presence at, String source) {
        return new SsdpEvent.Search(
                at.lan(),
                new Endpoint(PcpAddress.parse(source), 50_000),
                true,
                Gateway.request("upnp:rootdevice", "MX: 1\r\n"));
    }
}
