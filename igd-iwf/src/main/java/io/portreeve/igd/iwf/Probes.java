package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * GetSpecificPortMappingEntry of what is in no table here, relayed: the port is asked for, for a minute, and given back. A control
 * point hears that it has no such entry either way; while the port is kept, it can have it. Source: RFC 6970 section 5.7.
 */
final class Probes {
    /** How long a control point that looks for a port may take to want it. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Control points look again and again. */
    private static final Duration ONE_IN = Duration.ofMinutes(1);

    private static final int MOST = 256;

    /** @param call who waits for the answer; empty when it has come @param until for the answer, or to be wanted */
    private record Probe(PortMapping port, Optional<Long> call, MonoTime until) {}

    private final Duration deadline;
    private final PortMappingTable table;
    private final Changes changes;
    private final NatPorts natPorts;
    private final PcpRequests requests;
    private final Outbox out;

    /** By the numbers of their requests. */
    private final SequencedMap<Long, Probe> probes = new LinkedHashMap<>();

    /** When what was looked for may be looked for again; the oldest first. */
    private final SequencedMap<PortMappingKey, MonoTime> lookedFor = new LinkedHashMap<>();

    Probes(
            Duration deadline,
            PortMappingTable table,
            Changes changes,
            NatPorts natPorts,
            PcpRequests requests,
            Outbox out) {
        this.deadline = deadline;
        this.table = table;
        this.changes = changes;
        this.natPorts = natPorts;
        this.requests = requests;
        this.out = out;
    }

    MonoTime nextDue() {
        return probes.values().stream().map(Probe::until).reduce(MonoTime.NEVER, MonoTime::earlier);
    }

    /** Looks for {@code key}, which is no entry, on behalf of {@code host}. */
    void look(long call, PcpAddress host, PortMappingKey key, MonoTime now) {
        lookedFor.values().removeIf(until -> !now.isBefore(until));
        var port = new PortMapping(key, key.externalPort(), host, "", Lease.of(ONE_IN.toSeconds(), IgdFace.V2, now));
        if (lookedFor.containsKey(key) || isInUse(port)) {
            out.fail(call, IgdError.NO_SUCH_ENTRY);
        } else if (probes.size() >= MOST || lookedFor.size() >= MOST) {
            out.fail(call, IgdError.ACTION_FAILED);
        } else {
            natPorts.reserve(port)
                    .ifPresentOrElse(
                            reserved -> ask(call, reserved, now), () -> out.fail(call, IgdError.ACTION_FAILED));
        }
    }

    /** {@return true if PCP has a mapping for the host's port already, or is asked for one} It must not be another one. */
    private boolean isInUse(PortMapping port) {
        return table.get(port.pcpKey()).isPresent()
                || !changes.isFree(port)
                || changes.isCandidate(port)
                || probes.values().stream().anyMatch(it -> it.port().pcpKey().equals(port.pcpKey()));
    }

    private void ask(long call, PortMapping port, MonoTime now) {
        long id = out.nextId();
        lookedFor.putLast(port.key(), now.plus(ONE_IN));
        probes.put(id, new Probe(port, Optional.of(call), now.plus(deadline)));
        out.add(new IwfEffect.AskPcp(id, requests.keeping(port, now)));
    }

    /** Takes what became of request {@code id}, if that is one of these. */
    void answered(long id, MappingOutcome outcome, MonoTime now) {
        var probe = probes.get(id);
        if (probe == null || probe.call().isEmpty()) {
            return;
        }
        switch (outcome) {
            case MappingOutcome.Granted _ -> {
                tell(probe, IgdError.NO_SUCH_ENTRY);
                probes.put(id, new Probe(probe.port(), Optional.empty(), now.plus(GRACE)));
            }
            case MappingOutcome.Refused(int result, var _)
            when result == ResultCode.CANNOT_PROVIDE_EXTERNAL.value() -> end(id, IgdError.NO_SUCH_ENTRY);
            case MappingOutcome.Refused _,
                    MappingOutcome.Unreachable(),
                    MappingOutcome.HeldByOther _,
                    MappingOutcome.Released() -> end(id, IgdError.ACTION_FAILED);
        }
    }

    private void tell(Probe probe, IgdError error) {
        probe.call().ifPresent(call -> out.fail(call, error));
    }

    private void end(long id, IgdError error) {
        var probe = probes.remove(id);
        tell(probe, error);
        out.add(new IwfEffect.ReleasePcp(out.nextId(), probe.port().pcpKey()));
        natPorts.release(probe.port());
    }

    /** Makes way for {@code wanted}. {@return what was asked for its internal endpoint, with its NAT port: it becomes what is wanted} */
    Optional<PortMapping> yieldTo(PortMapping wanted) {
        var same = ids(port -> becomes(port, wanted)).stream().findFirst();
        var taken = same.map(probes::remove);
        taken.ifPresent(probe -> tell(probe, IgdError.NO_SUCH_ENTRY));
        ids(port -> port.key().isOn(wanted.key().externalPort(), wanted.key().protocol()))
                .forEach(id -> end(id, IgdError.NO_SUCH_ENTRY));
        return taken.map(Probe::port);
    }

    private static boolean becomes(PortMapping port, PortMapping wanted) {
        return port.pcpKey().equals(wanted.pcpKey()) || port.key().equals(wanted.key()) && port.leadsWhere(wanted);
    }

    private List<Long> ids(Predicate<PortMapping> ports) {
        var ids = new ArrayList<Long>();
        probes.forEach((id, probe) -> {
            if (ports.test(probe.port())) {
                ids.add(id);
            }
        });
        return ids;
    }

    void end() {
        ids(_ -> true).forEach(id -> end(id, IgdError.ACTION_FAILED));
        lookedFor.clear();
    }

    void due(MonoTime now) {
        List.copyOf(probes.keySet()).stream()
                .filter(id -> !now.isBefore(probes.get(id).until()))
                .forEach(id -> end(id, IgdError.ACTION_FAILED));
    }
}
