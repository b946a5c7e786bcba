package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.requirements.Proves;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jupnp.support.model.PortMapping;

/** Programs that people have at home open ports through the whole chain, are reached from the Internet, and close them again. */
class ControlPointsIT extends OwnChain {
    private static final String LAN = "192.168.1.10";
    private static final String PYTHON = "/usr/bin/python3"; // Debian's own, which has Debian's modules

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(chain.home().entries()).isEmpty();
        assertThat(chain.cgnTable()).isEmpty();
    }

    private Running start(String... words) throws Exception {
        return Running.start(chain.lab().inside("lan", words));
    }

    private static String script(String name) throws Exception {
        return Path.of(ControlPointsIT.class.getResource(name).toURI()).toString();
    }

    private void reachesAService(int port) throws Exception {
        try (var _ = new TcpService(lan(), port);
                var connection = stranger.connect(port)) {
            assertThat(TcpService.ask(connection, "hello")).startsWith("hello from /" + Stranger.ADDRESS + ":");
        }
    }

    /** Expects TCP and UDP {@code port} to be open for a BitTorrent client, which answers by the name {@code peer}. */
    private void reachesAPeer(Torrent torrent, int port, String peer) throws Exception {
        assertThat(chain.home().entries())
                .satisfiesExactly(
                        tcp -> assertThat(tcp).startsWith("0 TCP %1$d->192.168.1.10:%1$d ".formatted(port)),
                        udp -> assertThat(udp).startsWith("1 UDP %1$d->192.168.1.10:%1$d ".formatted(port)));
        try (var connection = stranger.connect(port)) {
            assertThat(torrent.peer(connection)).startsWith(peer);
        }
    }

    private String upnpcOnTheSecondFace(String host, String... arguments) throws Exception {
        var description = chain.home().description().toString().replace("/igd1/", "/igd2/");
        var words = Stream.concat(Stream.of("upnpc", "-u", description), Stream.of(arguments));
        return chain.lab().inside(host, words.toArray(String[]::new)).succeed();
    }

    /** {@return the entries in what {@code upnpc -L} prints, without their leases} */
    private static List<String> listed(String printed) {
        return printed.lines()
                .filter(line -> line.matches(" *[0-9]+ (TCP|UDP) .*"))
                .map(line -> line.strip().replaceAll(" +", " ").replaceAll(" [0-9]+$", ""))
                .toList();
    }

    @Test
    void upnpcUsesTheSecondVersion() throws Exception {
        upnpcOnTheSecondFace("lan", "-e", "cam", "-n", LAN, "8080", "8080", "TCP");
        upnpcOnTheSecondFace("lan", "-e", "game", "-n", LAN, "3074", "3074", "UDP");
        reachesAService(8080);
        assertThat(listed(upnpcOnTheSecondFace("lan", "-L")))
                .containsExactly("0 TCP 8080->192.168.1.10:8080 'cam' ''", "1 UDP 3074->192.168.1.10:3074 'game' ''");

        assertThat(upnpcOnTheSecondFace("lan", "-N", "1", "65535", "TCP")).contains("returned : 0");
        stranger.nobodyAnswers(8080);
        assertThat(listed(upnpcOnTheSecondFace("lan", "-L")))
                .containsExactly("0 UDP 3074->192.168.1.10:3074 'game' ''");
        assertThat(upnpcOnTheSecondFace("lan", "-N", "3074", "3074", "UDP")).contains("returned : 0");
    }

    @Test
    void upnpcTakesAnotherPortWhereItsOwnIsTaken() throws Exception {
        chain.home().open("TCP", 8080);
        try {
            assertThat(upnpcOnTheSecondFace("lan2", "-n", "192.168.1.11", "8080", "8080", "TCP"))
                    .contains(" is redirected to internal 192.168.1.11:8080")
                    .doesNotContain("external 203.0.114.1:8080 ");
            assertThat(listed(upnpcOnTheSecondFace("lan2", "-L"))).hasSize(1);
        } finally {
            assertThat(upnpcOnTheSecondFace("lan2", "-N", "1024", "65535", "TCP"))
                    .contains("returned : 0");
        }
        assertThat(chain.home().entries()).as("a range deletes one's own").hasSize(1);
        chain.home().upnpcSucceeds("-d", "8080", "TCP");
    }

    @Test
    void gssdpDiscoverFindsBothVersions() throws Exception {
        for (int version = 1; version <= 2; version++) {
            var type = "urn:schemas-upnp-org:device:InternetGatewayDevice:" + version;
            try (var search = start("gssdp-discover", "-i", "eth0", "-m", "available", "-t", type)) {
                search.await("::" + type);
                assertThat(search.await("Location: ")).endsWith("/igd" + version + "/root.xml");
            }
        }
    }

    @Test
    void gupnpIgdMapsAPort() throws Exception {
        int before = chain.home().gateway().printed();
        try (var messenger = start(PYTHON, script("gupnp-igd.py"), LAN, "6112")) {
            assertThat(messenger.await("mapped ")).isEqualTo("mapped TCP 203.0.114.1:6112");
            assertThat(chain.home().entries()).singleElement().asString().startsWith("0 TCP 6112->192.168.1.10:6112 ");
            reachesAService(6112);
            messenger.signal("USR1");
            chain.home().gateway().await("closed TCP 6112", before);
        }
        stranger.nobodyAnswers(6112);
    }

    @Test
    @Proves("igd:Q-04")
    void transmissionSharesAFile(@TempDir Path folder) throws Exception {
        var torrent = new Torrent(folder);
        var settings = Files.createDirectory(folder.resolve("settings"));
        Files.writeString(settings.resolve("settings.json"), "{\"dht-enabled\": false, \"lpd-enabled\": false}");
        int before = chain.home().gateway().printed();
        var command =
                "stdbuf -o0 transmission-cli -g %s -w %s -m -p 21413 %s".formatted(settings, folder, torrent.file);
        try (var transmission = start(command.split(" "))) {
            transmission.await("State changed from \"Not forwarded\" to \"Forwarded\"");
            transmission.await("Seeding");
            reachesAPeer(torrent, 21413, "-TR");
            transmission.signal("INT");
            closed(21413, before);
        }
    }

    @Test
    @Proves("igd:Q-06")
    void libtorrentSharesAFile(@TempDir Path folder) throws Exception {
        var torrent = new Torrent(folder);
        int before = chain.home().gateway().printed();
        try (var libtorrent =
                start(PYTHON, script("libtorrent-session.py"), LAN, "6881", "" + torrent.file, "" + folder)) {
            libtorrent.await("external port: TCP/6881");
            libtorrent.await("external port: UDP/6881");
            reachesAPeer(torrent, 6881, "-LT");
        }
        closed(6881, before);
    }

    private void closed(int port, int before) throws Exception {
        chain.home().gateway().await("closed TCP " + port, before);
        chain.home().gateway().await("closed UDP " + port, before);
        stranger.nobodyAnswers(port);
    }

    @Test
    @Proves("igd:Q-12")
    void jupnpMapsAPort() throws Exception {
        var jupnp = new JupnpPortMapper(lan(), new PortMapping(5555, LAN, PortMapping.Protocol.TCP, "Java"));
        try {
            jupnp.awaitMapped();
            assertThat(chain.home().entries()).containsExactly("0 TCP 5555->192.168.1.10:5555 'Java' '' 0");
            reachesAService(5555);
        } finally {
            jupnp.end();
        }
        stranger.nobodyAnswers(5555);
    }
}
