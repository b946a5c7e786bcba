package io.portreeve.image;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody on the link between the gateway and its provider who is neither, and sends to the gateway's ports by every address it
 * can be reached at from there: its own on that link, and those of its LAN.
 */
final class WanNeighbour implements AutoCloseable {
    private static final String LINK = "access0";
    private static final int HTTP = 49_200;
    private static final int SSDP = 1900;
    private static final int PCP_CLIENT = 5350;
    private static final int PCP_SERVER = 5351;
    private static final int HUNG_MILLIS = 60_000;

    private static final byte[] ANNOUNCE =
            ByteBuffer.allocate(24).put(0, (byte) 2).array();
    private static final byte[] ANNOUNCED =
            ByteBuffer.allocate(24).put(0, (byte) 2).put(1, (byte) 0x80).array();
    /** A search that is answered without delay. */
    static final byte[] SEARCH = """
            M-SEARCH * HTTP/1.1\r
            HOST: 239.255.255.250:1900\r
            MAN: "ssdp:discover"\r
            MX: 0\r
            ST: upnp:rootdevice\r
            \r
            """.getBytes(StandardCharsets.US_ASCII);

    private record Way(String from, String to) {}

    private record Shout(String from, String group, int port, byte[] octets) {}

    private final Host host;
    private final List<Way> ways;
    private final List<Shout> shouts;
    private final List<DatagramSocket> sockets = new ArrayList<>();

    WanNeighbour(Lab lab) throws Exception {
        host = lab.host("cgn");
        lab.inside("cgn", "ip", "address", "add", "100.64.0.9/24", "dev", LINK).succeed();
        lab.inside("cgn", "ip", "-6", "address", "add", "2001:db8:64::9/64", "dev", LINK, "nodad")
                .succeed();
        var link = linkLocal(lab, "cgn", LINK);
        ways = List.of(
                new Way("100.64.0.9", "100.64.0.2"),
                new Way("100.64.0.9", "192.168.1.1"),
                new Way("2001:db8:64::9", "2001:db8:64::2"),
                new Way("2001:db8:64::9", "2001:db8:1:1::1"),
                new Way(link, linkLocal(lab, "cpe", "wan0")),
                new Way(link, "2001:db8:1:1::1"));
        shouts = List.of(
                new Shout("100.64.0.9", "239.255.255.250", SSDP, SEARCH),
                new Shout(link, "ff02::c", SSDP, SEARCH),
                new Shout("2001:db8:64::9", "ff05::c", SSDP, SEARCH),
                new Shout("100.64.0.9", "224.0.0.1", PCP_CLIENT, ANNOUNCED),
                new Shout(link, "ff02::1", PCP_CLIENT, ANNOUNCED));
    }

    private static String linkLocal(Lab lab, String namespace, String link) throws Exception {
        var shown = lab.inside(namespace, "ip", "-6", "-o", "address", "show", "dev", link, "scope", "link")
                .succeed();
        return shown.replaceFirst("(?s).* inet6 ([0-9a-f:]+)/.*", "$1");
    }

    /** {@return how many of {@link #send}'s datagrams come to the gateway's sockets and firewall: it is in no other group there} */
    int arriving() {
        return 3 * ways.size() + 2;
    }

    /** Sends what each port is for. */
    void send() throws Exception {
        for (var shout : shouts) {
            send(shout.from(), shout.group(), shout.port(), shout.octets());
        }
        for (var way : ways) {
            send(way.from(), way.to(), SSDP, SEARCH);
            send(way.from(), way.to(), PCP_CLIENT, ANNOUNCED);
            send(way.from(), way.to(), PCP_SERVER, ANNOUNCE);
        }
    }

    private void send(String from, String to, int port, byte[] octets) throws Exception {
        host.inside(() -> {
            var socket = new MulticastSocket(new InetSocketAddress(scoped(from), 0));
            sockets.add(socket);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(LINK));
            socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
            socket.send(new DatagramPacket(octets, octets.length, scoped(to), port));
            return socket;
        });
    }

    /** Called inside. */
    private static InetAddress scoped(String literal) throws IOException {
        var address = InetAddress.ofLiteral(literal);
        return address instanceof Inet6Address
                ? Inet6Address.getByAddress(
                        null,
                        address.getAddress(),
                        NetworkInterface.getByName(LINK).getIndex())
                : address;
    }

    /** {@return what was answered to what was sent} */
    List<String> heard() throws IOException {
        var heard = new ArrayList<String>();
        for (var socket : sockets) {
            socket.setSoTimeout(1);
            try {
                var packet = new DatagramPacket(new byte[2048], 2048);
                socket.receive(packet);
                heard.add(packet.getSocketAddress() + ": "
                        + new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1));
            } catch (SocketTimeoutException _) {
                // nothing has come
            }
        }
        return heard;
    }

    /** {@return what each way leads to when a page is asked for; nothing if the connection is refused or closed} */
    List<String> answers() throws Exception {
        var answers = new ArrayList<String>();
        for (var way : ways) {
            answers.add(host.inside(() -> answer(way)));
        }
        return answers;
    }

    private static String answer(Way way) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(HUNG_MILLIS);
            socket.bind(new InetSocketAddress(scoped(way.from()), 0));
            socket.connect(new InetSocketAddress(scoped(way.to()), HTTP), HUNG_MILLIS);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            return "hangs: " + e;
        } catch (IOException _) {
            return "";
        }
    }

    /** {@return a connection by each way, its first packet on the way} */
    List<SocketChannel> connecting() throws Exception {
        var channels = new ArrayList<SocketChannel>();
        for (var way : ways) {
            channels.add(host.inside(() -> {
                var channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.bind(new InetSocketAddress(scoped(way.from()), 0));
                channel.connect(new InetSocketAddress(scoped(way.to()), HTTP));
                return channel;
            }));
        }
        return channels;
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
    }
}
