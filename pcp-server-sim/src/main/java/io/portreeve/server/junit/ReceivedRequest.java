package io.portreeve.server.junit;

import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** A datagram that came to a {@link PcpTestServer}, and what had been answered when it was looked at. */
public final class ReceivedRequest {
    private final InetSocketAddress source;
    private final byte[] octets;
    private final Reading reading;
    private final List<SentAnswer> answers;

    ReceivedRequest(InetSocketAddress source, byte[] octets, Reading reading, List<SentAnswer> answers) {
        this.source = source;
        this.octets = octets;
        this.reading = reading;
        this.answers = List.copyOf(answers);
    }

    /** {@return where it came from} */
    public InetSocketAddress source() {
        return source;
    }

    /** {@return the datagram} A copy. */
    public byte[] octets() {
        return octets.clone();
    }

    /** {@return what it asks; empty if it is not PCP, or such that a server refuses it unread} {@link #toString} says why. */
    public Optional<PcpRequest> pcp() {
        return as(PcpRequest.class);
    }

    /** {@return what it asks; empty if it is not NAT-PMP, or such that a server refuses it unread} {@link #toString} says why. */
    public Optional<NatPmpRequest> natPmp() {
        return as(NatPmpRequest.class);
    }

    /** {@return the request, if it is one of this kind} */
    public <R> Optional<R> as(Class<R> kind) {
        return reading.as(kind);
    }

    /** {@return what was sent for it first; empty if nothing was} */
    public Optional<SentAnswer> answer() {
        return answers.stream().findFirst();
    }

    /** {@return all that was sent for it, in order} A fault may send it twice. */
    public List<SentAnswer> answers() {
        return answers;
    }

    /** {@return request and answer for people, in one line} Mapping nonces stand in it. */
    @Override
    public String toString() {
        var answered = answer().map(it -> " -> " + it).orElse(" -> no answer");
        var more = answers.size() > 1 ? ", " + answers.size() + " times" : "";
        return source.getAddress().getHostAddress() + ":" + source.getPort() + ": " + reading.text() + answered + more;
    }
}
