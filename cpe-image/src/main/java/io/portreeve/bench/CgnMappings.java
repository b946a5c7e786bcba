package io.portreeve.bench;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.cgn.Cgn;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Ports of one subscriber, opened at the CGN itself. */
final class CgnMappings implements PortMappings {
    private static final int LONGEST_WAIT_SECONDS = 30;

    private final Cgn cgn;
    private final Subscriber subscriber;
    private final Map<Integer, PcpMapHandle> made = new ConcurrentHashMap<>();

    CgnMappings(Cgn cgn, Subscriber subscriber) {
        this.cgn = cgn;
        this.subscriber = subscriber;
    }

    @Override
    public void create(int port) throws Exception {
        var mapping = new CgnMapping(
                subscriber.handle(),
                IpProtocol.TCP,
                new Endpoint(subscriber.id().address(), port),
                new Endpoint(subscriber.external(), port));
        made.put(port, done(cgn.createPcpMapping(mapping)));
    }

    @Override
    public void delete(int port) throws Exception {
        done(cgn.deletePcpMapping(made.remove(port)));
    }

    static <T> T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
