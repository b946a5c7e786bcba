package io.portreeve.server.cgn;

import io.portreeve.netfilter.NetfilterException;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.softwire.Softwires;
import io.portreeve.server.softwire.TunnelEnd;
import io.portreeve.server.softwire.TunnelException;
import io.portreeve.server.softwire.TunnelSettings;
import java.util.ArrayDeque;
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
        NftablesCgn.forgetEarlier();
        var open = new ArrayDeque<AutoCloseable>();
        try {
            var nat = NftablesCgn.open(rules, limits, clock, random, onFailure);
            open.push(nat);
            var cutter = ConnectionCutter.open(tunnels.prefix(), clock, onFailure);
            open.push(cutter);
            var softwires = new Softwires(tunnels.prefix(), NftablesRules.MOST_SUBSCRIBERS, tunnels.hostsPerHome());
            var cgn = new DsLiteCgn(
                    nat,
                    rules.pool(),
                    new DsLiteCgn.Served(tunnels.b4s(), NftablesRules.MOST_SUBSCRIBERS),
                    softwires,
                    cutter,
                    clock,
                    open);
            open.push(TunnelEnd.open(tunnels, rules.inside(), cgn, onFailure));
            return cgn;
        } catch (NetfilterException | TunnelException e) {
            DsLiteCgn.close(open);
            throw e;
        }
    }
}
