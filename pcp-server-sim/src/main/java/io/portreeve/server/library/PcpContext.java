package io.portreeve.server.library;

import io.portreeve.server.cgn.Endpoint;
import java.util.Objects;

/**
 * What belongs to one request, while it is worked on.
 *
 * <p>A CGN that has a context of its own can tell by it what a call is about: {@code context == multicast} for example. Whoever
 * passes one to {@link PcpLibrary#runOnce(PcpContext)} clears it before it passes it again. One thread at a time uses it.
 */
public final class PcpContext {
    private static final byte[] NONE = {};

    private Endpoint client;
    private byte[] request = NONE;
    private byte[] response = NONE;
    private int thirdPartyOffset;

    /**
     * {@return where the request came from, and the response goes} {@link PcpMethods#receiveRequest} sets it.
     *
     * @throws IllegalStateException if nobody has set it
     */
    public Endpoint client() {
        if (client == null) {
            throw new IllegalStateException("the context has no client: call client(Endpoint) when a request comes");
        }
        return client;
    }

    public void client(Endpoint source) {
        client = Objects.requireNonNull(source);
    }

    /** {@return the octets of the request; empty if there is none} */
    public byte[] request() {
        return request.clone();
    }

    public void request(byte[] octets) {
        request = octets.clone();
    }

    /**
     * {@return the octets of the response that was sent last; empty if there is none} A MAP response with THIRD_PARTY has 80,
     * each FILTER 24 more, and none has more than 1100.
     */
    public byte[] response() {
        return response.clone();
    }

    /** Brings back a response for {@link PcpCallbacks#updateRecycle}. */
    public void response(byte[] octets) {
        response = octets.clone();
    }

    /** {@return where in the request the option THIRD_PARTY begins; 0 if there is none} */
    public int thirdPartyOffset() {
        return thirdPartyOffset;
    }

    void thirdPartyOffset(int offset) {
        thirdPartyOffset = offset;
    }

    /** Forgets everything, so that it can be used for the next request. */
    public void clear() {
        client = null;
        request = NONE;
        response = NONE;
        thirdPartyOffset = 0;
    }
}
