package io.portreeve.server.cgn;

import static io.portreeve.server.cgn.CgnContract.POOL;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import io.portreeve.runtime.MonoClock;
import io.portreeve.testing.Await;
import io.portreeve.testing.Seeds;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * A CGN in the namespace of the test, a machine with the addresses of all subscribers on one side and one on the internet on
 * the other.
 */
final class CgnNetwork implements Closeable {
    static final NftablesRules RULES = new NftablesRules(POOL, "access0", "inet0", new PortSpan(32_768, 65_535));
    static final PcpAddress INTERNET = PcpAddress.parse("198.51.100.10");
    static final PcpAddress ELSEWHERE = PcpAddress.parse("198.51.100.11");
    private static final Pattern COUNTED = Pattern.compile("counter packets (\\d+)");

    final Host subscribers;
    final Host internet;
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<NftablesCgn> open = new ArrayList<>();

    /** To be called in a network namespace of its own. */
    CgnNetwork() throws Exception {
        subscribers = new Host();
        internet = new Host();
        // As in the lab, ends with equal indexes would take a second to come up.
        Host.command("ip", "-batch", "-", """
                link add access0 index 11 type veth peer name eth0 index 10 netns %s
                link add inet0 index 12 type veth peer name eth0 index 13 netns %s
                address add 100.64.0.1/24 dev access0
                address add 198.51.100.1/24 dev inet0
                link set access0 up
                link set inet0 up
                """.formatted(subscribers.namespace(), internet.namespace()));
        subscribers.ip("""
                address add 100.64.0.2/24 dev eth0
                address add 100.64.0.3/24 dev eth0
                address add 192.168.1.10/24 dev eth0
                link set lo up
                link set eth0 up
                route add default via 100.64.0.1
                """);
        internet.ip("""
                address add 198.51.100.10/24 dev eth0
                address add 198.51.100.11/24 dev eth0
                link set lo up
                link set eth0 up
                route add 203.0.114.0/24 via 198.51.100.1
                """);
        Host.command("ip", "-batch", "-", "route add 192.168.1.0/24 via 100.64.0.2\n");
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
        Await.until(
                "both links are up", () -> Host.command("ip", "-o", "link", "").split("state UP", -1).length == 3);
    }

    NftablesCgn cgn(int capacity) throws NetfilterException {
        return cgn(CgnLimits.of(capacity), new BootClock());
    }

    NftablesCgn cgn(CgnLimits limits, MonoClock clock) throws NetfilterException {
        var cgn = NftablesCgn.open(RULES, limits, clock, Seeds.of(1), failures::add);
        open.add(cgn);
        return cgn;
    }

    void stop(NftablesCgn cgn) {
        open.remove(cgn);
        cgn.close();
    }

    Udp inside(PcpAddress address, int port) throws Exception {
        return subscribers.open(() -> Udp.bind(new Endpoint(address, port)));
    }

    Udp outside(PcpAddress address, int port) throws Exception {
        return internet.open(() -> Udp.bind(new Endpoint(address, port)));
    }

    static String table() throws IOException, InterruptedException {
        return Host.command("nft", "-f", "-", "list table ip portreeve_cgn\n");
    }

    /** {@return how many packets were dropped by a chain that counts them} */
    static int dropped(String chain) throws IOException, InterruptedException {
        return dropsIn(Host.command("nft", "-f", "-", "list chain ip portreeve_cgn " + chain + "\n"));
    }

    /** {@return how many packets were dropped by all chains} */
    static int dropped() throws IOException, InterruptedException {
        return dropsIn(Host.command("nft", "-tf", "-", "list table ip portreeve_cgn\n"));
    }

    private static int dropsIn(String rules) {
        return COUNTED.matcher(rules)
                .results()
                .mapToInt(match -> Integer.parseInt(match.group(1)))
                .sum();
    }

    @Override
    public void close() throws IOException {
        open.forEach(NftablesCgn::close);
        subscribers.close();
        internet.close();
        assertThat(failures).isEmpty();
    }
}
