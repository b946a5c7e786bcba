package io.portreeve.server;

import io.portreeve.netfilter.NetfilterException;
import io.portreeve.server.cgn.Aftr;
import io.portreeve.server.cgn.CgnLimits;
import io.portreeve.server.cgn.HostedCgn;
import io.portreeve.server.cgn.MockCgn;
import io.portreeve.server.cgn.NftablesCgn;
import io.portreeve.server.cgn.NftablesFirewall;
import io.portreeve.server.cgn.NftablesRules;
import io.portreeve.server.softwire.TunnelException;
import io.portreeve.server.softwire.TunnelSettings;
import io.portreeve.server.store.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Consumer;

/** Makes the CGN that the settings say, in this program. */
final class OpenCgn {
    private static final int MOCK_CGN_CAPACITY = 1_000_000;
    private static final Path INTERFACES = Path.of("/proc/thread-self/net/dev");

    private OpenCgn() {}

    /** @param onFailure called once if it can work no longer */
    static HostedCgn of(CgnSettings.Here settings, Machine machine, Consumer<Throwable> onFailure)
            throws NetfilterException, CannotStartException, IOException {
        return switch (settings) {
            case CgnSettings.Mock(var pool) ->
                new MockCgn(pool, CgnLimits.of(MOCK_CGN_CAPACITY), machine.clock(), new SecureRandom());
            case CgnSettings.Nftables(var rules) -> {
                checkInterfaces(rules.inside(), rules.outside());
                yield NftablesCgn.open(
                        rules,
                        CgnLimits.of(NftablesRules.MOST_MAPPINGS),
                        machine.clock(),
                        new SecureRandom(),
                        onFailure);
            }
            case CgnSettings.NftablesFirewall(var rules) -> {
                checkInterfaces(rules.inside(), rules.outside());
                yield NftablesFirewall.open(rules, NftablesRules.MOST_MAPPINGS, machine.clock(), onFailure);
            }
            case CgnSettings.DsLite(var rules, var tunnels) -> {
                checkInterface("outside-interface", rules.outside());
                yield aftr(rules, tunnels, machine, onFailure);
            }
        };
    }

    private static void checkInterfaces(String inside, String outside) throws CannotStartException, IOException {
        checkInterface("inside-interface", inside);
        checkInterface("outside-interface", outside);
    }

    private static HostedCgn aftr(
            NftablesRules rules, TunnelSettings tunnels, Machine machine, Consumer<Throwable> onFailure)
            throws NetfilterException, CannotStartException {
        try {
            return Aftr.open(
                    rules,
                    tunnels,
                    CgnLimits.of(NftablesRules.MOST_MAPPINGS),
                    machine.clock(),
                    new SecureRandom(),
                    onFailure);
        } catch (TunnelException e) {
            throw new CannotStartException(e.getMessage(), e);
        }
    }

    /** The kernel takes rules about an interface that does not exist, and then translates nothing. */
    private static void checkInterface(String key, String name) throws CannotStartException, IOException {
        var interfaces = Files.readAllLines(INTERFACES).stream().map(String::strip);
        if (interfaces.noneMatch(line -> line.startsWith(name + ":"))) {
            throw new CannotStartException("there is no network interface '" + name + "'; correct '" + key + "'", null);
        }
    }
}
