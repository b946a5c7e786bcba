package io.portreeve.server.library;

import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.library.PcpMethods.Counter;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PCP in front of a CGN, as its slave: the CGN calls {@link #runOnce()} when there is a request, or to wait for one. Source:
 * libpcpd, the _lib_ functions.
 *
 * <p>One thread calls {@code runOnce}; any may call the callbacks. Settings and methods stay what they are.
 */
public final class PcpLibrary implements PcpCallbacks, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PcpLibrary.class);

    private final LibrarySettings settings;
    private final PcpMethods methods;
    private final MonoClock clock;
    private final HeldMappings held = new HeldMappings();
    private final Subscribers subscribers;
    private final RequestHandler requests;
    private final MappingUpdates updates;

    /** Held while methods are called, but not while receiveRequest waits; they may call back. */
    private final Lock lock = new ReentrantLock();

    private volatile boolean closed;

    public PcpLibrary(LibrarySettings settings, PcpMethods methods, MonoClock clock) {
        this.settings = settings;
        this.methods = methods;
        this.clock = clock;
        subscribers = new Subscribers(methods, settings);
        requests = new RequestHandler(settings, methods, subscribers, held);
        updates = new MappingUpdates(settings.type(), held);
    }

    public LibrarySettings settings() {
        return settings;
    }

    /** As {@link #runOnce(PcpContext)}, with a context of the library's own. */
    public boolean runOnce() {
        return runOnce(new PcpContext());
    }

    /**
     * Receives a request, processes it and sends the response. Octets that are no request are met with silence.
     *
     * @param context cleared by the caller since the last call
     * @return false if no request was received, or the library is closed
     * @throws IllegalStateException if {@link PcpMethods#receiveRequest} does not say where the request came from
     */
    public boolean runOnce(PcpContext context) {
        var octets = closed ? new byte[0] : methods.receiveRequest(context);
        if (octets.length == 0) {
            return false;
        }
        context.request(octets);
        var client = context.client();
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            requests.answer(context, octets, clock.now()).ifPresent(response -> send(context, response));
        } catch (RuntimeException e) {
            LOG.error("a request of {} gets no answer: {}", client, e, e);
        } finally {
            lock.unlock();
        }
        return true;
    }

    private void send(PcpContext context, byte[] response) {
        context.response(response);
        methods.incrementCounter(Counter.RESULT, Byte.toUnsignedInt(response[3]));
        methods.sendResponse(context, response);
    }

    @Override
    public void announce(PcpContext context, EpochTime epoch) {
        require(LibraryFlag.ANNOUNCE);
        lock.lock();
        try {
            if (!closed) {
                subscribers.forgetAll();
                send(context, PcpEncoder.encode(new AnnounceResponse(ResultCode.SUCCESS.value(), epoch)));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean update(
            PcpContext context, IpProtocol protocol, Endpoint internal, Endpoint external, Lifetime lifetime) {
        var client = context.client().address();
        return tell(context, external, lifetime, now -> updates.update(client, protocol, internal, now));
    }

    @Override
    public boolean updateRecycle(PcpContext context, Endpoint external, Lifetime lifetime) {
        return tell(context, external, lifetime, now -> updates.recycle(context, now));
    }

    private boolean tell(
            PcpContext context,
            Endpoint external,
            Lifetime lifetime,
            Function<MappingUpdates.Now, Optional<MapResponse>> response) {
        require(LibraryFlag.UPDATE);
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            var time = clock.now();
            var epoch = subscribers.get(context, time).epoch();
            var update = response.apply(new MappingUpdates.Now(external, lifetime, epoch, time));
            update.ifPresent(it -> send(context, PcpEncoder.encode(it)));
            return update.isPresent();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void uncache(PcpContext context) {
        var client = context.client().address();
        lock.lock();
        try {
            subscribers.forget(client);
            held.forgetAllOf(client);
        } finally {
            lock.unlock();
        }
    }

    private void require(LibraryFlag flag) {
        if (!settings.has(flag)) {
            throw new IllegalStateException("this library has no flag " + flag + ": add " + Names.of(flag));
        }
    }

    /** Calls no method after the one it is in. A thread that waits in {@code receiveRequest} goes on waiting. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
