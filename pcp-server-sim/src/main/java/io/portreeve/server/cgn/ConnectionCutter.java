package io.portreeve.server.cgn;

import io.portreeve.netfilter.Connections;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.runtime.Owner;
import io.portreeve.server.softwire.InsidePrefix;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the kernel's connections of inside addresses. To find them it looks at all there are, so it has a thread of its own, and
 * looks once for all that wait.
 */
final class ConnectionCutter implements DsLiteHosts.Cutting, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionCutter.class);

    private record Order(Set<PcpAddress> insides, CompletableFuture<Void> done) {}

    private final Connections connections;
    private final Owner<Order> owner;

    private ConnectionCutter(Connections connections, MonoClock clock, Consumer<Throwable> onFailure) {
        this.connections = connections;
        owner = new Owner<>("cgn-cutter", new Work(), clock, onFailure);
    }

    /**
     * {@return one for the network namespace of this thread} What an earlier run left of {@code prefix} is cut already: nobody
     * knows whose it was.
     */
    static ConnectionCutter open(InsidePrefix prefix, MonoClock clock, Consumer<Throwable> onFailure)
            throws NetfilterException {
        var connections = Connections.open();
        try {
            connections.cut(prefix::contains);
        } catch (NetfilterException e) {
            connections.close();
            throw e;
        }
        var cutter = new ConnectionCutter(connections, clock, onFailure);
        cutter.owner.start();
        return cutter;
    }

    private final class Work implements Owned<Order> {
        @Override
        public MonoTime nextDue() {
            return MonoTime.NEVER;
        }

        @Override
        public void handle(List<Order> orders, MonoTime now) {
            var insides = new HashSet<PcpAddress>();
            orders.forEach(order -> insides.addAll(order.insides()));
            try {
                connections.cut(insides::contains);
                orders.forEach(order -> order.done().complete(null));
            } catch (NetfilterException e) {
                LOG.error("{}; {} inside addresses are not used again", e.getMessage(), insides.size());
                orders.forEach(order -> order.done().completeExceptionally(new CgnException(CgnError.INTERNAL, e)));
            }
        }
    }

    @Override
    public CompletionStage<Void> cut(Set<PcpAddress> insides) {
        var done = new CompletableFuture<Void>();
        owner.put(new Order(insides, done));
        return done;
    }

    @Override
    public void close() {
        owner.close();
        connections.close();
    }
}
