package io.portreeve.server.cgn;

import io.portreeve.netfilter.NetfilterException;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.softwire.Softwires;
import io.portreeve.server.softwire.TunnelEnd;
import io.portreeve.server.softwire.TunnelException;
import io.portreeve.server.softwire.TunnelSettings;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Makes a DS-Lite provider's CGN that carries packets: tunnels end in this program, and the kernel translates behind them. */
public final class Aftr {
    private Aftr() {}

    /**
     * {@return the AFTR of this network namespace, locked} Its inside interface is made. What an earlier run left in the kernel
     * goes: the inside addresses are given anew.
     *
     * @param rules of the NAT behind the tunnels
     * @param onFailure called once if it can work no longer
     */
    public static DsLiteCgn open(
            NftablesRules rules,
            TunnelSettings tunnels,
            CgnLimits limits,
            MonoClock clock,
            RandomGenerator random,
            Consumer<Throwable> onFailure)
            throws NetfilterException, TunnelException {
        var open = new ArrayList<AutoCloseable>();
        try {
            var end = TunnelEnd.open(tunnels, rules.inside(), onFailure); // first: it fails if there is another AFTR
            open.add(end);
            NftablesCgn.forgetEarlier();
            var cutter = ConnectionCutter.open(tunnels.prefix(), clock, onFailure);
            open.add(cutter);
            var nat = NftablesCgn.open(rules, limits, clock, random, onFailure);
            open.add(nat);
            var cgn = new DsLiteCgn(
                    nat,
                    new DsLiteHomes(rules.pool(), tunnels.b4s(), NftablesRules.MOST_SUBSCRIBERS),
                    new Softwires(tunnels.prefix(), NftablesRules.MOST_SUBSCRIBERS, tunnels.hostsPerHome()),
                    cutter,
                    clock,
                    open);
            end.start(cgn);
            return cgn;
        } catch (NetfilterException | TunnelException e) {
            DsLiteCgn.close(open);
            throw e;
        }
    }
}
