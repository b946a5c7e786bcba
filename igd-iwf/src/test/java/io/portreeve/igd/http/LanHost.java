package io.portreeve.igd.http;

import io.portreeve.testing.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** A machine in a network of its own, at the other end of a cable. Sockets are made inside; then any thread may use them. */
final class LanHost implements AutoCloseable {
    private static final int TEN_SECONDS = 10_000;
    private static final int SSDP = 1900;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("lan-host").daemon().factory());
    private final List<MulticastSocket> sockets = new ArrayList<>();

    /**
     * @param link the name of the cable on this side; there it is eth0
     * @param near addresses on this side
     */
    LanHost(String link, List<String> near, List<String> far) throws Exception {
        var id = inside(() -> {
            NetworkNamespace.unshare();
            return Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString();
        });
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", id);
        connect(link, near);
        inside(() -> {
            connect("eth0", far);
            return null;
        });
    }

    /** Addresses are there at once: nobody asks whether another host has them. */
    private static void connect(String link, List<String> addresses) throws Exception {
        run("ip", "link", "set", link, "addrgenmode", "none", "up");
        for (var address : addresses) {
            address(link, "add", address);
        }
    }

    static void address(String link, String change, String address) throws Exception {
        if (address.contains(":")) {
            run("ip", "-6", "address", change, address, "dev", link, "nodad");
        } else {
            run("ip", "address", change, address, "dev", link);
        }
    }

    static void run(String... words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", words) + ": " + output);
        }
    }

    <T> T inside(Callable<T> action) throws Exception {
        try {
            return thread.submit(action).get();
        } catch (ExecutionException e) {
            throw new AssertionError("on the host", e);
        }
    }

    /** {@return a socket that hears what is said to {@code group}} */
    MulticastSocket listening(String group) throws Exception {
        return inside(() -> {
            var socket = new MulticastSocket(SSDP);
            sockets.add(socket);
            socket.setSoTimeout(TEN_SECONDS);
            socket.joinGroup(new InetSocketAddress(scoped(group), SSDP), NetworkInterface.getByName("eth0"));
            return socket;
        });
    }

    /** {@return a socket of this host that hears answers only} */
    MulticastSocket searching(String own) throws Exception {
        return inside(() -> {
            var socket = new MulticastSocket(new InetSocketAddress(scoped(own), 0));
            sockets.add(socket);
            socket.setSoTimeout(TEN_SECONDS);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("eth0"));
            socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false); // or this host would hear itself
            return socket;
        });
    }

    /** Searches for a gateway that is to answer without delay. */
    void search(MulticastSocket from, String target) throws Exception {
        var octets = ("M-SEARCH * HTTP/1.1\r\nHOST: " + target
                        + ":1900\r\nMAN: \"ssdp:discover\"\r\nMX: 0\r\nST: upnp:rootdevice\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        inside(() -> {
            from.send(new DatagramPacket(octets, octets.length, new InetSocketAddress(scoped(target), SSDP)));
            return null;
        });
    }

    static DatagramPacket next(MulticastSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[2_048], 2_048);
        socket.receive(packet);
        return packet;
    }

    static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    /** {@return all that is heard up to and with the first for which {@code last} is true} */
    static List<String> until(MulticastSocket socket, Predicate<String> last) throws IOException {
        var heard = new ArrayList<String>();
        do {
            heard.add(text(next(socket)));
        } while (!last.test(heard.getLast()));
        return heard;
    }

    /** {@return what {@code request} gets, or nothing if the connection is closed or refused} */
    String exchange(String address, int port, String request) throws Exception {
        return inside(() -> {
            try (var socket = new Socket()) {
                socket.setSoTimeout(TEN_SECONDS);
                socket.connect(new InetSocketAddress(scoped(address), port), TEN_SECONDS);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return "";
            }
        });
    }

    /** Called inside. */
    static InetAddress scoped(String literal) throws IOException {
        var address = InetAddress.ofLiteral(literal);
        return address instanceof Inet6Address
                ? Inet6Address.getByAddress(
                        null,
                        address.getAddress(),
                        NetworkInterface.getByName("eth0").getIndex())
                : address;
    }

    @Override
    public void close() {
        sockets.forEach(MulticastSocket::close);
        thread.shutdownNow();
    }
}
