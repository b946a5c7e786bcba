package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanPrefix;
import io.portreeve.igd.ssdp.SsdpSettings;
import io.portreeve.igd.upnp.LinuxWanLink;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Failures;
import io.portreeve.testing.OwnNetwork;
import io.portreeve.testing.Seeds;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A gateway with two LANs and a WAN, and a host at the end of each. */
@ExtendWith(OwnNetwork.class)
class LanLinksTest {
    private static final String GROUP = "239.255.255.250";
    private static final String PATH = "/0123456789abcdef0123456789abcdef/igd1/root.xml";
    private static final String EVENTS = "/0123456789abcdef0123456789abcdef/igd1/WANIPConn1/event";
    private static final int PORT = 49_200;
    private static final Lan HOME = lan("lan0", "192.168.1.1", 24);
    private static final Lan HOME_LINK = lan("lan0", "fe80::1", 64);
    private static final Lan HOME_SITE = lan("lan0", "fd00:1::1", 64);
    private static final Lan GUESTS = lan("lan1", "192.168.2.1", 24);

    private final AtomicInteger bootIds = new AtomicInteger(100);
    private LanHost home;
    private LanHost guest;
    private LanHost stranger;
    private LanServer server;

    private static Lan lan(String interfaceName, String address, int prefixLength) {
        return new Lan(interfaceName, new LanPrefix(PcpAddress.parse(address), prefixLength));
    }

    @BeforeEach
    void connect() throws Exception {
        home = new LanHost(
                "lan0",
                List.of("192.168.1.1/24", "fe80::1/64", "fd00:1::1/64"),
                List.of("192.168.1.10/24", "10.0.0.10/24", "fe80::10/64", "fd00:1::10/64"));
        guest = new LanHost("lan1", List.of("192.168.2.1/24"), List.of("192.168.2.10/24"));
        stranger = new LanHost(
                "wan0",
                List.of("100.64.0.2/24", "fe80::1/64", "fd00:2::2/64"),
                List.of("100.64.0.1/24", "fe80::10/64", "fd00:2::1/64"));
        stranger.inside(() -> {
            LanHost.run("ip", "route", "add", "192.168.0.0/16", "via", "100.64.0.2");
            LanHost.run("ip", "route", "add", "fd00:1::/64", "via", "fd00:2::2");
            return null;
        });
    }

    private void serve(SsdpSettings ssdp, Lan... lans) throws Exception {
        var settings = new LanSettings(List.of(lans), PORT, PATH.split("/")[1], UUID.randomUUID(), "Test", ssdp);
        server = LanServer.open(
                settings,
                new ScriptedIgdCalls(),
                new LinuxWanLink("wan0"),
                bootIds::incrementAndGet,
                new BootClock(),
                Seeds.of(1),
                Failures::unexpected);
        server.start();
    }

    @AfterEach
    void disconnect() throws Exception {
        try {
            if (server != null) {
                server.close();
            }
        } finally {
            List.of(home, guest, stranger).forEach(LanHost::close);
        }
    }

    private static String found(LanHost host, String own, String target) throws Exception {
        var socket = host.searching(own);
        host.search(socket, target);
        var answer = LanHost.next(socket);
        var location = LanHost.text(answer)
                .lines()
                .filter(line -> line.startsWith("LOCATION: "))
                .findFirst()
                .orElseThrow();
        return location.substring(10) + " says " + answer.getAddress().getHostAddress();
    }

    private static String description(String hostHeader) {
        return "GET " + PATH + " HTTP/1.1\r\nHost: " + hostHeader + "\r\nConnection: close\r\n\r\n";
    }

    @Test
    @Proves({"igd:I-SSDP-01", "igd:I-SSDP-18", "igd:I-SSDP-17"})
    void leadsEachLanToItsOwnAddress() throws Exception {
        serve(SsdpSettings.DEFAULT, HOME, GUESTS);
        assertThat(found(home, "192.168.1.10", GROUP))
                .isEqualTo("http://192.168.1.1:49200" + PATH + " says 192.168.1.1");
        assertThat(found(guest, "192.168.2.10", GROUP))
                .isEqualTo("http://192.168.2.1:49200" + PATH + " says 192.168.2.1");
        assertThat(home.exchange("192.168.1.1", PORT, description("192.168.1.1:49200")))
                .startsWith("HTTP/1.1 200 ");
        assertThat(guest.exchange("192.168.2.1", PORT, description("192.168.2.1:49200")))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    @Proves({"igd:I-SSDP-23", "igd:I-DESC-12", "igd:J-10"})
    void servesIpv6InBothScopes() throws Exception {
        serve(SsdpSettings.DEFAULT, HOME, HOME_LINK, HOME_SITE);
        assertThat(found(home, "fe80::10", "ff02::c"))
                .startsWith("http://[fe80:0:0:0:0:0:0:1]:49200" + PATH + " says fe80:0:0:0:0:0:0:1%");
        assertThat(found(home, "fd00:1::10", "ff05::c"))
                .isEqualTo("http://[fd00:1:0:0:0:0:0:1]:49200" + PATH + " says fd00:1:0:0:0:0:0:1");
        for (var host : new String[] {
            "[fe80::1]:49200", "[fe80:0:0:0:0:0:0:1]:49200", "[FE80::0001]:49200", "[fe80::1%25eth0]:49200"
        }) {
            assertThat(home.exchange("fe80::1", PORT, description(host)))
                    .as(host)
                    .startsWith("HTTP/1.1 200 ");
        }
        assertThat(home.exchange("fd00:1::1", PORT, description("[fd00:1::1]:49200")))
                .startsWith("HTTP/1.1 200 ");
        for (var host : new String[] {
            "[fd00:1::1]:49200", "[fe80::1]", "fe80::1:49200", "[fe80::2%25eth0]:49200", "[192.168.1.1]:49200"
        }) {
            assertThat(home.exchange("fe80::1", PORT, description(host)))
                    .as(host)
                    .startsWith("HTTP/1.1 40");
        }
    }

    /** What a stranger says comes first to the sockets that answer a host afterwards, so nothing is under way to it any more. */
    @Test
    @Proves({"igd:I-SSDP-01", "rel:T-19"})
    void isSilentTowardsTheWan() throws Exception {
        var hears = stranger.listening(GROUP);
        serve(SsdpSettings.DEFAULT, HOME, HOME_LINK, HOME_SITE, GUESTS);
        var asks = stranger.searching("100.64.0.1");
        var asksByLink = stranger.searching("fe80::10");
        var asksBySite = stranger.searching("fd00:2::1");
        for (var target : new String[] {GROUP, "192.168.1.1", "192.168.2.1"}) {
            stranger.search(asks, target);
        }
        for (var target : new String[] {"ff02::c", "fe80::1"}) {
            stranger.search(asksByLink, target);
        }
        for (var target : new String[] {"ff05::c", "fd00:1::1"}) {
            stranger.search(asksBySite, target);
        }
        assertThat(stranger.exchange("192.168.1.1", PORT, description("192.168.1.1:49200")))
                .isEmpty();
        assertThat(stranger.exchange("fe80::1", PORT, description("[fe80::1]:49200")))
                .isEmpty();
        assertThat(stranger.exchange("fd00:1::1", PORT, description("[fd00:1::1]:49200")))
                .isEmpty();

        for (var target : new String[] {GROUP, "192.168.1.1"}) {
            found(home, "192.168.1.10", target);
        }
        found(guest, "192.168.2.10", "192.168.2.1");
        for (var target : new String[] {"ff02::c", "fe80::1"}) {
            found(home, "fe80::10", target);
        }
        for (var target : new String[] {"ff05::c", "fd00:1::1"}) {
            found(home, "fd00:1::10", target);
        }
        for (var socket : List.of(hears, asks, asksByLink, asksBySite)) {
            socket.setSoTimeout(1);
            assertThatThrownBy(() -> LanHost.next(socket)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    @Proves({"igd:I-SSDP-13", "igd:I-SSDP-09", "igd:I-SSDP-12"})
    void movesToAnotherAddress() throws Exception {
        serve(SsdpSettings.DEFAULT, HOME, GUESTS);
        var atHome = home.listening(GROUP);
        var atGuests = guest.listening(GROUP);
        LanHost.until(atHome, text -> text.contains("ssdp:alive") && text.contains("WANIPConnection"));
        LanHost.until(atGuests, text -> text.contains("ssdp:alive") && text.contains("WANIPConnection"));

        LanHost.address("lan0", "delete", "192.168.1.1/24");
        LanHost.address("lan0", "add", "10.0.0.1/24");
        server.readdress(List.of(lan("lan0", "10.0.0.1", 24), GUESTS));

        var heard = LanHost.until(atHome, text -> text.contains("LOCATION: http://10.0.0.1:49200/"));
        assertThat(heard.getLast()).contains("ssdp:alive", "BOOTID.UPNP.ORG: 102\r\n");
        assertThat(heard).filteredOn(text -> text.contains("ssdp:byebye")).hasSizeGreaterThanOrEqualTo(10);
        var told =
                LanHost.until(atGuests, text -> text.contains("BOOTID.UPNP.ORG: 102") && text.contains("ssdp:alive"));
        assertThat(told)
                .filteredOn(text -> text.contains("ssdp:update"))
                .hasSize(10)
                .allSatisfy(text -> assertThat(text)
                        .contains(
                                "BOOTID.UPNP.ORG: 101\r\n",
                                "NEXTBOOTID.UPNP.ORG: 102\r\n",
                                "http://192.168.2.1:49200/"));

        assertThat(home.exchange("10.0.0.1", PORT, description("10.0.0.1:49200")))
                .startsWith("HTTP/1.1 200 ");
        assertThat(found(home, "10.0.0.10", GROUP)).endsWith(" says 10.0.0.1");
        assertThat(guest.exchange("192.168.2.1", PORT, description("192.168.2.1:49200")))
                .as("the other LAN is served as before")
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void staysWhereItIsIfItCannotMove() throws Exception {
        serve(SsdpSettings.DEFAULT, HOME);
        assertThatThrownBy(() -> server.readdress(List.of(GUESTS, lan("lan1", "10.9.9.9", 24))))
                .isInstanceOf(LanServerException.class)
                .hasMessageStartingWith("TCP 10.9.9.9:49200 cannot be had: the address is not one of this machine's");
        assertThat(found(home, "192.168.1.10", GROUP)).endsWith(" says 192.168.1.1");
        assertThat(guest.exchange("192.168.2.1", PORT, description("192.168.2.1:49200")))
                .isEmpty();
        server.readdress(List.of(GUESTS));
        assertThat(guest.exchange("192.168.2.1", PORT, description("192.168.2.1:49200")))
                .startsWith("HTTP/1.1 200 ");
        assertThat(home.exchange("192.168.1.1", PORT, description("192.168.1.1:49200")))
                .isEmpty();
    }

    record Change(Lan before, Lan after) {}

    static Stream<Change> changes() {
        return Stream.of(
                new Change(lan("lan1", "192.168.2.1", 30), GUESTS),
                new Change(lan("lan0", "192.168.2.1", 24), GUESTS),
                new Change(lan("wan0", "192.168.2.1", 30), GUESTS));
    }

    /** The guest has the number 10, so it is no host of a network of four. */
    @ParameterizedTest
    @MethodSource("changes")
    void takesAnotherPrefixLengthOrInterfaceAtTheSameAddress(Change change) throws Exception {
        serve(SsdpSettings.DEFAULT, change.before());
        server.readdress(List.of(change.after()));
        assertThat(guest.exchange("192.168.2.1", PORT, description("192.168.2.1:49200")))
                .startsWith("HTTP/1.1 200 ");
        assertThat(found(guest, "192.168.2.10", GROUP)).endsWith(" says 192.168.2.1");
        assertThat(found(guest, "192.168.2.10", "192.168.2.1")).endsWith(" says 192.168.2.1");
    }

    @Test
    void comesBackToAnAddress() throws Exception {
        serve(SsdpSettings.DEFAULT, HOME);
        for (int i = 0; i < 20; i++) {
            server.readdress(List.of());
            server.readdress(List.of(HOME));
        }
        assertThat(found(home, "192.168.1.10", GROUP)).endsWith(" says 192.168.1.1");
        assertThat(found(home, "192.168.1.10", "192.168.1.1")).endsWith(" says 192.168.1.1");
        assertThat(home.exchange("192.168.1.1", PORT, description("192.168.1.1:49200")))
                .startsWith("HTTP/1.1 200 ");
    }

    /** The WAN has the same link-local addresses as the LAN, so the link must be known. */
    @Test
    void tellsSubscribersOnTheLinkWhatChanges() throws Exception {
        serve(SsdpSettings.DEFAULT, HOME, HOME_LINK);
        server.publish(new GatewayState(true, true, Optional.of(PcpAddress.parse("203.0.114.7")), 0, 0));
        try (var receiver = home.inside(() -> new EventReceiver(LanHost.scoped("fe80::10")))) {
            var subscribe = "SUBSCRIBE " + EVENTS + " HTTP/1.1\r\nHost: [fe80::1]:49200\r\nConnection: close\r\n"
                    + "NT: upnp:event\r\nCALLBACK: <" + receiver.url() + ">\r\n\r\n";
            assertThat(home.exchange("fe80::1", PORT, subscribe)).startsWith("HTTP/1.1 200 ");
            var event = receiver.next();
            assertThat(event.from()).startsWith("fe80:0:0:0:0:0:0:1%");
            assertThat(event.body()).contains("<ExternalIPAddress>203.0.114.7</ExternalIPAddress>");
        }
    }

    record Hops(SsdpSettings settings, int link, int site) {}

    /** The host hears nothing that came with another number of hops. */
    @Test
    @Proves({"igd:I-SSDP-20", "igd:I-SSDP-23", "rel:T-20"})
    void reachesAsFarAsItIsTold() throws Exception {
        for (var hops :
                List.of(new Hops(SsdpSettings.DEFAULT, 2, 10), new Hops(new SsdpSettings(Duration.ZERO, 7, 5), 7, 5))) {
            home.inside(() -> {
                LanHost.run(
                        "nft",
                        "add table inet t; flush table inet t; add chain inet t in { type filter hook input priority 0; };"
                                + "add rule inet t in ip ttl != %d udp dport 1900 drop;".formatted(hops.link())
                                + "add rule inet t in ip6 daddr ff02::c ip6 hoplimit != %d udp dport 1900 drop;"
                                        .formatted(hops.link())
                                + "add rule inet t in ip6 daddr ff05::c ip6 hoplimit != %d udp dport 1900 drop"
                                        .formatted(hops.site()));
                return null;
            });
            var sockets = List.of(home.listening(GROUP), home.listening("ff02::c"), home.listening("ff05::c"));
            serve(hops.settings(), HOME, HOME_LINK, HOME_SITE);
            for (var socket : sockets) {
                LanHost.until(socket, text -> text.contains("ssdp:alive"));
            }
            server.close();
        }
    }

    @Test
    @Proves("igd:I-SSDP-22")
    void saysGoodbyeOnEveryLan() throws Exception {
        serve(SsdpSettings.DEFAULT, HOME, GUESTS);
        var sockets = List.of(home.listening(GROUP), guest.listening(GROUP));
        for (var socket : sockets) {
            LanHost.until(socket, text -> text.contains("ssdp:alive") && text.contains("WANIPConnection"));
        }
        server.close();
        for (var socket : sockets) {
            LanHost.until(socket, text -> text.contains("ssdp:byebye") && text.contains("WANIPConnection"));
        }
    }
}
