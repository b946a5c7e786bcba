package io.portreeve.igd.iwf;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The one mapping of an idle gateway: by it the external address is known before a control point asks, because several ask for
 * nothing while there is none. It leads to the gateway's own discard port. Source: RFC 6970 section 4.2, RFC 6887 section 11.6.
 */
final class Sentinel {
    private static final int DISCARD_PORT = 9;

    /** In the order they are tried: a gateway that lost its state finds the first held under a nonce it does not know any more. */
    static final List<MappingKey> KEYS = List.of(key(IpProtocol.UDP), key(IpProtocol.TCP));

    private final Lifetime lifetime;
    private final Outbox out;
    private Optional<MappingKey> wanted = Optional.empty();
    private long question;

    Sentinel(Lifetime lifetime, Outbox out) {
        this.lifetime = lifetime;
        this.out = out;
    }

    private static MappingKey key(IpProtocol protocol) {
        return new MappingKey(Optional.empty(), protocol, DISCARD_PORT, PcpAddress.ANY_IPV4);
    }

    /** {@return the one of {@code kept} that an earlier run wanted as its sentinel} It is wanted on, and no other. */
    Optional<MappingKey> adopt(Collection<MappingKey> kept) {
        var next = KEYS.stream().filter(kept::contains).findFirst();
        if (!next.equals(wanted)) {
            release(); // who is asked now may have been asked for it again
        }
        wanted = next;
        return wanted;
    }

    Optional<MappingKey> wanted() {
        return wanted;
    }

    boolean is(MappingKey key) {
        return wanted.equals(Optional.of(key));
    }

    void want() {
        if (wanted.isEmpty()) {
            ask(KEYS.getFirst());
        }
    }

    void release() {
        wanted.ifPresent(key -> out.add(new IwfEffect.ReleasePcp(out.nextId(), key)));
        wanted = Optional.empty();
    }

    /** Takes what became of request {@code id}, if that is its own. */
    void answered(long id, MappingOutcome outcome) {
        if (id != question || wanted.isEmpty() || !(outcome instanceof MappingOutcome.Refused refused)) {
            return;
        }
        out.add(new IwfEffect.Audit(new AuditRecord(
                AuditRecord.What.NO_ADDRESS, Optional.empty(), Optional.empty(), PcpErrors.explained(refused))));
        int next = KEYS.indexOf(wanted.get()) + 1;
        if (refused.result() == ResultCode.NOT_AUTHORIZED.value() && next < KEYS.size()) {
            release();
            ask(KEYS.get(next));
        }
    }

    private void ask(MappingKey key) {
        wanted = Optional.of(key);
        question = out.nextId();
        var request = new MappingRequest(key, PortMapping.OWNER, new ExternalChoice.Any(), lifetime);
        out.add(new IwfEffect.AskPcp(question, request));
    }
}
