package io.portreeve.server.junit;

import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import java.util.Optional;

/** A datagram that a {@link PcpTestServer} sent for a request. A client may not have it yet, or never get it. */
public final class SentAnswer {
    private final byte[] octets;
    private final Reading reading;

    SentAnswer(byte[] octets) {
        this.octets = octets;
        reading = Reading.ofAnswer(octets);
    }

    /** {@return the datagram} A copy. */
    public byte[] octets() {
        return octets.clone();
    }

    /** {@return what it says, error or not; empty if it is not PCP version 2} */
    public Optional<PcpResponse> pcp() {
        return as(PcpResponse.class);
    }

    /** {@return what it says; empty if it is not NAT-PMP, or an error that says nothing but its result} */
    public Optional<NatPmpResponse> natPmp() {
        return as(NatPmpResponse.class);
    }

    /** {@return the response, if it is one of this kind} */
    public <R> Optional<R> as(Class<R> kind) {
        return reading.as(kind);
    }

    @Override
    public String toString() {
        return reading.text();
    }
}
