package io.portreeve.server.library;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.server.cgn.Endpoint;

/**
 * What a CGN tells the library. Any thread may call, {@link PcpMethods} included. Source: libpcpd, "functions".
 *
 * <p>A call waits while a request is worked on, so it is made without a lock that a method of the CGN waits for.
 *
 * <p>Each call sends one datagram by {@link PcpMethods#sendResponse}. RFC 6887 wants several in case some are lost: ten
 * announcements at most, the first 250 ms apart, then twice as long each (section 14.1.3), and three updates, after 250 ms and
 * 500 ms (section 14.2). The CGN has the timers, and calls again.
 */
public interface PcpCallbacks {

    /**
     * Says that the CGN has started again or lost mappings.
     *
     * @param context whom to tell; how it is told to many is for {@code sendResponse} to find out, from this very context
     * @param epoch seconds since then
     * @throws IllegalStateException if the library has no flag ANNOUNCE
     */
    void announce(PcpContext context, EpochTime epoch);

    /**
     * Tells the context's client that one of its mappings has another external address, port or lifetime.
     *
     * @return false if this library has granted no such mapping, or not any more: without its nonce the client would not listen
     * @throws IllegalStateException if the library has no flag UPDATE
     */
    boolean update(PcpContext context, IpProtocol protocol, Endpoint internal, Endpoint external, Lifetime lifetime);

    /**
     * As {@link #update}, for a CGN that has kept the last response to the client, or the request: it is in the context, and
     * everything but the external end, the lifetime and the epoch is sent as it is there.
     *
     * @return false if the context has neither a MAP response that grants nor a MAP request, or if the mapping has another nonce by now
     * @throws IllegalStateException if the library has no flag UPDATE
     */
    boolean updateRecycle(PcpContext context, Endpoint external, Lifetime lifetime);

    /** Says that the CGN has destroyed or reset the context's client with all it had: the library forgets it too. */
    void uncache(PcpContext context);
}
