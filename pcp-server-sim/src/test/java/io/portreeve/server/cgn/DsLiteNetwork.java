package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.POOL;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.server.softwire.B4;
import io.portreeve.server.softwire.InsidePrefix;
import io.portreeve.server.softwire.TunnelSettings;
import io.portreeve.testing.Await;
import io.portreeve.testing.Seeds;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An AFTR in the namespace of the test, two homes with tunnels to it, and the internet. Between AFTR and homes is IPv6 only. */
final class DsLiteNetwork implements Closeable {
    /** Both homes have it. */
    static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");

    static final PcpAddress AFTR = PcpAddress.parse("2001:db8:64::1");
    static final SubscriberId ALICE = new SubscriberId(PcpAddress.parse("2001:db8:64:a::2"));
    static final SubscriberId BOB = new SubscriberId(PcpAddress.parse("2001:db8:64:b::2"));

    /** Beside Bob's, on his link, and no home's. */
    static final PcpAddress NOBODY = PcpAddress.parse("2001:db8:64:b::bad");

    static final NftablesRules RULES = new NftablesRules(POOL, "dslite0", "inet0", new PortSpan(32_768, 65_535));
    static final TunnelSettings TUNNELS = new TunnelSettings(
            AFTR, new InsidePrefix(PcpAddress.parse("100.96.0.0"), 24), 1460, 16, b4 -> !b4.equals(NOBODY));

    final Host alice = new Host();
    final Host bob = new Host();
    final Host internet = new Host();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<DsLiteCgn> open = new ArrayList<>();

    /** To be called in a network namespace of its own. */
    DsLiteNetwork() throws Exception {
        Host.command("ip", "-batch", "-", """
                link add home1 index 11 type veth peer name eth0 index 10 netns %s
                link add home2 index 12 type veth peer name eth0 index 13 netns %s
                link add inet0 index 14 type veth peer name eth0 index 15 netns %s
                address add 2001:db8:64::1/128 dev lo
                address add 2001:db8:64:a::1/64 dev home1 nodad
                address add 2001:db8:64:b::1/64 dev home2 nodad
                address add 198.51.100.1/24 dev inet0
                link set home1 up
                link set home2 up
                link set inet0 up
                """.formatted(alice.namespace(), bob.namespace(), internet.namespace()));
        home(alice, "2001:db8:64:a::", "address add 2001:db8:64:a::2/64 dev eth0 nodad");
        home(
                bob,
                "2001:db8:64:b::",
                "address add 2001:db8:64:b::2/64 dev eth0 nodad\n" + "address add " + NOBODY + "/64 dev eth0 nodad");
        internet.ip("""
                address add 198.51.100.10/24 dev eth0
                address add 198.51.100.11/24 dev eth0
                link set lo up
                link set eth0 up
                route add 203.0.114.0/24 via 198.51.100.1
                """);
        Await.until(
                "all links are up", () -> Host.command("ip", "-o", "link", "").split("state UP", -1).length == 4);
        tunnel(alice, ALICE);
        tunnel(bob, BOB);
    }

    /** A home's router is its one host, too. */
    private static void tunnel(Host home, SubscriberId b4) throws Exception {
        home.open(() -> B4.open(b4.address(), AFTR, "tunnel0"));
        home.ip("""
                link set tunnel0 mtu 1460 up
                address add %s/32 dev tunnel0
                route add default dev tunnel0
                """.formatted(HOST));
    }

    private static void home(Host home, String prefix, String addresses) throws Exception {
        home.ip("""
                %s
                link set lo up
                link set eth0 up
                route add default via %s1
                """.formatted(addresses, prefix));
    }

    DsLiteCgn cgn() throws Exception {
        var cgn = Aftr.open(RULES, TUNNELS, CgnLimits.of(100), new BootClock(), Seeds.of(1), failures::add);
        open.add(cgn);
        return cgn;
    }

    void stop(DsLiteCgn cgn) {
        open.remove(cgn);
        cgn.close();
    }

    /** {@return a socket of the host that both homes have} */
    static Udp at(Host home, int port) throws Exception {
        return home.open(() -> Udp.bind(new Endpoint(HOST, port)));
    }

    Udp outside(int port) throws Exception {
        return internet.open(() -> Udp.bind(new Endpoint(CgnNetwork.INTERNET, port)));
    }

    static boolean forwards() throws IOException {
        return Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).startsWith("1");
    }

    @Override
    public void close() throws IOException {
        open.forEach(DsLiteCgn::close);
        alice.close();
        bob.close();
        internet.close();
        assertThat(failures).isEmpty();
    }
}
