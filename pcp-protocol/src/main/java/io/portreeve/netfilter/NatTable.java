package io.portreeve.netfilter;

import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An nftables table of our own in the kernel, kept as it is wanted whatever others do to it.
 *
 * <p>Its rules are written once, by nft. The entries of its maps come and go by netlink, and all changes that wait go into one
 * transaction. It belongs to the network namespace of the thread that opens it.
 */
public final class NatTable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatTable.class);

    private final NetlinkSocket socket;
    private final KeptTable kept;
    private final Owner<TableEvent> owner;
    private final TableWatch watch;
    private final Set<CompletableFuture<Void>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    private NatTable(NetlinkSocket socket, KeptTable kept, MonoClock clock, Consumer<Throwable> onFailure)
            throws NetlinkException {
        this.socket = socket;
        this.kept = kept;
        owner = new Owner<>("nat-" + kept.name(), kept, clock, failure -> {
            end();
            onFailure.accept(failure);
        });
        watch = TableWatch.start(kept.name(), socket.port(), () -> owner.put(new TableEvent.Touched()), onFailure);
        owner.put(new TableEvent.Touched()); // what others did before it was watched
        owner.start();
    }

    /**
     * {@return the table, in force} The entries that an earlier run left in its maps stay until they are removed.
     *
     * @param chains what nft reads between the braces of the table, without the maps
     * @param onFailure called once if its owner thread fails
     */
    public static NatTable open(
            TableFamily family,
            String name,
            List<NatMap> maps,
            String chains,
            MonoClock clock,
            Consumer<Throwable> onFailure)
            throws NetfilterException {
        NetlinkSocket socket = null;
        try {
            socket = NetlinkSocket.open(NetlinkSocket.NETFILTER);
            var kept = KeptTable.install(new Ruleset(family, name, maps, chains), socket);
            warnIfNothingPasses(family, name);
            return new NatTable(socket, kept, clock, onFailure);
        } catch (NetlinkException | NetfilterException e) {
            if (socket != null) {
                socket.close();
            }
            throw new NetfilterException("table " + name + ": " + e.getMessage());
        }
    }

    private static void warnIfNothingPasses(TableFamily family, String name) {
        for (var setting : family.forwarding) {
            var file = Path.of("/proc/sys", setting.replace('.', '/'));
            try {
                if (Files.readString(file).startsWith("0")) {
                    LOG.warn(
                            "table {} is in force, but this machine does not forward all packets: sysctl -w {}=1",
                            name,
                            setting);
                }
            } catch (IOException e) {
                LOG.debug("{}: {}", file, e.getMessage());
            }
        }
    }

    /** Takes a table of family ip out of the kernel. That it is not there, or that there is no nft to make one, is fine. */
    public static void remove(String name) throws NetfilterException {
        if (!Nft.listing("ip " + name).isEmpty()) {
            Nft.run("delete table ip " + name);
        }
    }

    /** {@return what is wanted in the maps now} */
    public Set<Element> elements() {
        return kept.elements();
    }

    /** {@return when {@code change} is in force} It fails with {@link NetfilterException}, and then nothing has changed. */
    public CompletableFuture<Void> apply(TableChange change) {
        return ask(done -> new TableEvent.Change(change, Set.of(), done));
    }

    /**
     * {@return when {@code elements} are in the maps} They are those of an earlier run, whose connections may have outlived the
     * table. Fails as {@link #apply} does.
     */
    public CompletableFuture<Void> restore(List<Element> elements) {
        return ask(done ->
                new TableEvent.Change(new TableChange(elements, List.of(), List.of()), Set.copyOf(elements), done));
    }

    /** {@return when the chains of these names have these rules, the maps as they are} Fails as {@link #apply} does. */
    public CompletableFuture<Void> replaceChains(String chains) {
        return ask(done -> new TableEvent.Chains(chains, done));
    }

    private CompletableFuture<Void> ask(Function<CompletableFuture<Void>, TableEvent> event) {
        var done = new CompletableFuture<Void>();
        waiting.add(done);
        done.whenComplete((_, _) -> waiting.remove(done));
        owner.put(event.apply(done));
        if (ended) {
            end();
        }
        return done;
    }

    /** Nobody does what was asked and is not done yet. */
    private void end() {
        ended = true;
        waiting.forEach(done ->
                done.completeExceptionally(new NetfilterException("table " + kept.name() + " is kept no longer")));
    }

    /** Ends the keeping; what waits fails. The table stays in force, so that connections outlive a restart. */
    @Override
    public void close() {
        watch.close();
        owner.close();
        end();
        socket.close();
    }
}
