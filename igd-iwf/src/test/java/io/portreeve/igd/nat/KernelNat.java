package io.portreeve.igd.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.NatChange;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.BootClock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** The NAT of a kernel in the test's own network, and what is asked of it. */
abstract class KernelNat {
    static final PcpAddress WAN = PcpAddress.parse("100.64.0.2");
    static final PcpAddress HOST = PcpAddress.parse("192.168.1.10");

    final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (var part : open.reversed()) {
            part.close();
        }
        assertThat(failures).isEmpty();
    }

    NftablesNat nat(NatRule... rules) throws NetfilterException {
        return nat(2_500, rules);
    }

    NftablesNat nat(int mostEntries, NatRule... rules) throws NetfilterException {
        return nat(WAN, mostEntries, rules);
    }

    NftablesNat nat(PcpAddress wan, NatRule... rules) throws NetfilterException {
        return nat(wan, 2_500, rules);
    }

    private NftablesNat nat(PcpAddress wan, int mostEntries, NatRule... rules) throws NetfilterException {
        var nat = NftablesNat.open("lan0", "wan0", wan, mostEntries, new BootClock(), failures::add);
        open.add(nat);
        nat.start(List.of(rules));
        return nat;
    }

    static NatRule rule(int natPort, int internalPort) {
        return new NatRule(IpProtocol.UDP, OptionalInt.of(natPort), HOST, internalPort);
    }

    static void done(CompletableFuture<Void> change) throws Exception {
        change.get(60, TimeUnit.SECONDS);
    }

    static void install(LocalNat nat, NatRule rule) throws Exception {
        done(nat.apply(new NatChange.Install(rule)));
    }

    static void remove(LocalNat nat, NatRule rule) throws Exception {
        done(nat.apply(new NatChange.Remove(rule)));
    }
}
