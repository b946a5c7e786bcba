package io.portreeve.igd.worlds;

import io.portreeve.client.worlds.Aftermath;
import io.portreeve.client.worlds.Lives;
import io.portreeve.client.worlds.Nature;
import io.portreeve.client.worlds.ServerHost;
import io.portreeve.client.worlds.Uplink;
import io.portreeve.client.worlds.checker.ServerRow;
import io.portreeve.igd.iwf.NatRule;
import io.portreeve.igd.worlds.checker.Checker;
import io.portreeve.igd.worlds.checker.Dumps;
import io.portreeve.igd.worlds.checker.Row;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualMachine;
import io.portreeve.worlds.VirtualProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The machine on which a home's gateway is started, killed, and started again, as the checker sees it. */
final class Home implements Dumps, Lives.Program {
    private static final Duration UNTIL_ONLINE = Duration.ofSeconds(1);

    private final Nature nature;
    private final ServerHost server;
    private final int number;
    private final Lives lives;
    private final VirtualMachine machine;
    private final Checker checker;
    private final HomeGateway gateway;
    private int faults;
    private MonoTime wellSince = MonoTime.START;

    Home(Parts parts, int number) {
        nature = parts.nature;
        server = parts.server;
        this.number = number;
        lives = new Lives(nature, "gateway", this);
        machine = new VirtualMachine(nature.time(), Duration.ofDays(1));
        checker = new Checker(this, Street.OF_HOST, Street.OF_LAN);
        gateway = new HomeGateway(parts, number, machine, lives, checker);
    }

    Checker checker() {
        return checker;
    }

    HomeGateway gateway() {
        return gateway;
    }

    /** {@return what kills it} */
    Lives lives() {
        return lives;
    }

    Station forAll() {
        return uplink().forAll();
    }

    PcpAddress address() {
        return uplink().address();
    }

    private Uplink uplink() {
        return gateway.client().pcp().uplink();
    }

    /** {@return what the provider has for this home} */
    List<ServerRow> granted() {
        return server.table(address());
    }

    @Override
    public void start() {
        if (!uplink().isUp()) {
            nature.time().after(UNTIL_ONLINE, this::start);
            return;
        }
        lives.begin();
        wellSince = nature.time().now();
        nature.note("gateway started", number);
        try {
            gateway.start();
        } catch (StorageException | NetfilterException e) {
            nature.note("gateway cannot start", e.getMessage());
            lives.failToStart();
        } catch (VirtualProcess.Killed e) {
            lives.die();
        }
    }

    @Override
    public void dies(Aftermath aftermath) {
        gateway.die();
        switch (aftermath) {
            case NOTHING -> {}
            case FILES_REMOVED -> gateway.wipe();
            case REBOOT -> {
                machine.reboot();
                gateway.kernel().reboot();
            }
        }
    }

    /** Something of the gateway itself fails until {@code repair}. */
    void fail(Duration time, Consumer<HomeGateway> damage, Consumer<HomeGateway> repair) {
        faults++;
        damage.accept(gateway);
        nature.time().after(time, () -> {
            repair.accept(gateway);
            faults--;
            wellSince = nature.time().now();
        });
    }

    void loseWan(Duration without) {
        uplink().down();
        gateway.networkChanges(Optional.empty());
        nature.time().after(without, () -> {
            uplink().up(address());
            gateway.networkChanges(Optional.of(address()));
        });
    }

    @Override
    public boolean isRunning() {
        return gateway.isRunning();
    }

    @Override
    public MonoTime time() {
        return nature.time().now();
    }

    @Override
    public Instant wall() {
        return machine.wall();
    }

    @Override
    public List<Row> rows() {
        return gateway.table().rows();
    }

    @Override
    public Collection<NatRule> natRules() {
        return gateway.kernel().rules();
    }

    @Override
    public boolean isStuck(NatRule rule) {
        return gateway.kernel().isStuck(rule);
    }

    @Override
    public PcpAddress source() {
        return address();
    }

    @Override
    public boolean translates() {
        return Street.policy(number).translates();
    }

    @Override
    public MonoTime wellSince() {
        return isRunning() && faults == 0 ? wellSince : MonoTime.NEVER;
    }

    @Override
    public void after(Duration time, Runnable run) {
        nature.time().after(time, lives.process().inThisLife(run));
    }
}
