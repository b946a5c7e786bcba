package io.portreeve.igd.worlds;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.worlds.checker.Agreement;
import io.portreeve.igd.worlds.checker.Row;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.worlds.Pool;
import io.portreeve.worlds.InvariantBroken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The end of a home's day: everything works. */
final class Evening {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** What a gateway that has lost its files left at the provider has ended by then, and the delay of its ports too. */
    private static final int PATIENCE_MINUTES = 8 * 60;

    /** A deletion is tried again, and a server that was asked too much is asked again half an hour later. */
    private static final int CLEARING_MINUTES = 35;

    private final Parts parts;
    private final Home home;

    Evening(Parts parts, Home home) {
        this.parts = parts;
        this.home = home;
    }

    void end() {
        agree(PATIENCE_MINUTES);
        makeOne();
        agree(5);
        deleteAll();
        agree(CLEARING_MINUTES);
        if (!home.rows().isEmpty()) {
            throw new InvariantBroken("gone", "deleted, and still there: " + home.rows());
        }
        home.checker().look();
    }

    /** Waits until everybody says the same. */
    private void agree(int minutes) {
        var difference = difference();
        for (int i = 0; i < minutes && difference.isPresent(); i++) {
            pass(MINUTE);
            difference = difference();
        }
        difference.ifPresent(it -> {
            throw new InvariantBroken("agreement", it);
        });
    }

    private Optional<String> difference() {
        if (!home.isRunning() || !parts.server.isRunning()) {
            return Optional.of("something is down");
        }
        var table = table();
        var address = address();
        var number = ask(Street.HOSTS.getFirst(), IgdFace.V1, new IgdAction.GetPortMappingNumberOfEntries());
        int count = number instanceof IgdReply.NumberOfEntries(int entries) ? entries : -1;
        var state = home.checker()
                .published()
                .map(it -> new GatewayState(it.linkUp(), true, address, count, it.updateId()));
        return state.equals(home.checker().published())
                ? new Agreement(home, table, home.gateway().kept(), home.granted(), address).difference()
                : Optional.of("published: " + home.checker().published() + ", true: " + state);
    }

    private Optional<PcpAddress> address() {
        // whoever has nothing of its own is told the gateway's
        var reply = ask(PcpAddress.parse("192.168.1.99"), IgdFace.V1, new IgdAction.GetExternalIPAddress());
        return reply instanceof IgdReply.ExternalAddress(var address) ? address : Optional.empty();
    }

    private List<IgdReply.Entry> table() {
        var entries = new ArrayList<IgdReply.Entry>();
        for (int index = 0; ; index++) {
            var host = Street.HOSTS.getFirst();
            if (!(ask(host, IgdFace.V1, new IgdAction.GetGenericPortMappingEntry(index))
                    instanceof IgdReply.Entry entry)) {
                return entries;
            }
            entries.add(entry);
        }
    }

    /** One of the ports that nobody has can be had. */
    private void makeOne() {
        var host =
                Street.HOSTS.stream().filter(it -> countOf(it) < Street.OF_HOST).findFirst();
        if (host.isEmpty() || home.granted().size() >= Street.OF_LAN - 3) {
            deleteAll();
            agree(CLEARING_MINUTES);
        }
        var who = host.orElse(Street.HOSTS.getFirst());
        for (int port = Street.FIRST_SPARE; port < Pool.FIRST_PORT + Street.PORTS; port++) {
            var key = new PortMappingKey(Optional.empty(), port, IpProtocol.TCP);
            var action = new IgdAction.AddPortMapping(key, 7000, who, true, "in the evening", 0);
            if (ask(who, IgdFace.V1, action) instanceof IgdReply.Done) {
                return;
            }
            pass(MINUTE);
        }
        throw new InvariantBroken("liveness", "no port can be had, with " + home.rows());
    }

    private long countOf(PcpAddress host) {
        return home.rows().stream()
                .filter(row -> row.internalClient().equals(host))
                .count();
    }

    private void deleteAll() {
        for (Row row : home.rows()) {
            var reply = ask(row.internalClient(), IgdFace.V1, new IgdAction.DeletePortMapping(row.key()));
            if (!(reply instanceof IgdReply.Done)) {
                throw new InvariantBroken("liveness", row + " cannot be deleted: " + reply);
            }
        }
    }

    /** {@return the reply, which there is} */
    private IgdReply ask(PcpAddress host, IgdFace face, IgdAction action) {
        var replies = new ArrayList<Optional<IgdReply>>();
        home.gateway().call(host, face, action, replies::add);
        for (int i = 0; i < 1000 && replies.isEmpty(); i++) {
            pass(Duration.ofMillis(6));
        }
        return replies.getFirst().orElseThrow(() -> new InvariantBroken("liveness", "no reply to " + action));
    }

    private void pass(Duration duration) {
        var time = parts.nature.time();
        time.passUntil(time.now().plus(duration));
    }
}
