package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/** A firewall in the namespace of the test, with subscribers on one side and the internet on the other, both families on each. */
final class FirewallNetwork implements Closeable {
    static final PcpAddress INTERNET = PcpAddress.parse("2001:db8:9::10");
    static final PcpAddress ELSEWHERE = PcpAddress.parse("2001:db8:9::11");
    private static final Pattern COUNTED = Pattern.compile("counter packets (\\d+)");

    final Host subscribers;
    final Host internet;
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private NftablesFirewall firewall;

    /** To be called in a network namespace of its own. */
    FirewallNetwork() throws Exception {
        subscribers = new Host();
        internet = new Host();
        Host.command("ip", "-batch", "-", """
                link add access0 index 11 type veth peer name eth0 index 10 netns %s
                link add inet0 index 12 type veth peer name eth0 index 13 netns %s
                address add 2001:db8:5::1/64 dev access0 nodad
                address add 2001:db8:9::1/64 dev inet0 nodad
                address add 100.64.0.1/24 dev access0
                address add 198.51.100.1/24 dev inet0
                link set access0 up
                link set inet0 up
                """.formatted(subscribers.namespace(), internet.namespace()));
        subscribers.ip("""
                address add 2001:db8:5::2/64 dev eth0 nodad
                address add 2001:db8:5::3/64 dev eth0 nodad
                address add 100.64.0.2/24 dev eth0
                link set lo up
                link set eth0 up
                route add default via 2001:db8:5::1
                route add default via 100.64.0.1
                """);
        internet.ip("""
                address add 2001:db8:9::10/64 dev eth0 nodad
                address add 2001:db8:9::11/64 dev eth0 nodad
                address add 198.51.100.10/24 dev eth0
                link set lo up
                link set eth0 up
                route add default via 2001:db8:9::1
                route add default via 198.51.100.1
                """);
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1");
        Await.until(
                "both links are up", () -> Host.command("ip", "-o", "link", "").split("state UP", -1).length == 3);
        firewall = open();
        done(firewall.unlockDynamic());
    }

    private NftablesFirewall open() throws NetfilterException {
        return NftablesFirewall.open(new FirewallRules("access0", "inet0"), 100, new BootClock(), failures::add);
    }

    NftablesFirewall firewall() {
        return firewall;
    }

    /** Ends this firewall, and begins the next one, which is locked. */
    void restart() throws NetfilterException {
        firewall.close();
        firewall = open();
    }

    Udp inside(Endpoint endpoint) throws Exception {
        return subscribers.open(() -> Udp.bind(endpoint));
    }

    Udp outside(PcpAddress address, int port) throws Exception {
        return internet.open(() -> Udp.bind(new Endpoint(address, port)));
    }

    /** {@return how many packets were dropped} */
    static int dropped() throws IOException, InterruptedException {
        return COUNTED.matcher(Host.command("nft", "-tf", "-", "list table inet portreeve_firewall\n"))
                .results()
                .mapToInt(match -> Integer.parseInt(match.group(1)))
                .sum();
    }

    @Override
    public void close() throws IOException {
        firewall.close();
        subscribers.close();
        internet.close();
        assertThat(failures).isEmpty();
    }
}
