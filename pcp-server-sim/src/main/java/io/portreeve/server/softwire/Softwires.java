package io.portreeve.server.softwire;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which inside address stands for which host of which home. An address that was given back is the last to be given again. One
 * thread at a time.
 */
public final class Softwires {
    private static final class Line {
        final InnerHost host;
        MonoTime used;

        Line(InnerHost host, MonoTime used) {
            this.host = host;
            this.used = used;
        }
    }

    private final InsidePrefix prefix;
    private final int most;
    private final int mostPerB4;
    private final Map<PcpAddress, Map<PcpAddress, PcpAddress>> byB4 = new HashMap<>();
    private final Map<PcpAddress, Line> byInside = new HashMap<>();

    /** Given, or not to be given yet. */
    private final Set<PcpAddress> taken = new HashSet<>();

    private int last;

    /**
     * @param most hosts at once
     * @param mostPerB4 hosts of one home at once, so that no home takes the addresses of the others
     */
    public Softwires(InsidePrefix prefix, int most, int mostPerB4) {
        this.prefix = prefix;
        this.most = Math.min(most, prefix.hosts());
        this.mostPerB4 = mostPerB4;
    }

    /** {@return the inside address of a host that has one} */
    public Optional<PcpAddress> insideOf(InnerHost host) {
        var its = byB4.get(host.b4());
        return its == null ? Optional.empty() : Optional.ofNullable(its.get(host.address()));
    }

    /** {@return the host that {@code inside} stands for} */
    public Optional<InnerHost> hostAt(PcpAddress inside) {
        return Optional.ofNullable(byInside.get(inside)).map(line -> line.host);
    }

    /** {@return the inside addresses of a home's hosts} */
    public List<PcpAddress> of(PcpAddress b4) {
        return List.copyOf(byB4.getOrDefault(b4, Map.of()).values());
    }

    /** {@return an inside address for a host that has none; empty if there are too many hosts} */
    public Optional<PcpAddress> assign(InnerHost host, MonoTime now) {
        var its = byB4.getOrDefault(host.b4(), Map.of());
        if (taken.size() >= most || its.size() >= mostPerB4) {
            return Optional.empty();
        }
        var inside = next();
        taken.add(inside);
        byInside.put(inside, new Line(host, now));
        byB4.computeIfAbsent(host.b4(), _ -> new HashMap<>()).put(host.address(), inside);
        return Optional.of(inside);
    }

    private PcpAddress next() {
        PcpAddress next;
        do {
            last = last % prefix.hosts() + 1;
            next = prefix.at(last);
        } while (taken.contains(next));
        return next;
    }

    /** The host of {@code inside} is, or will be, in use at {@code when}. */
    public void use(PcpAddress inside, MonoTime when) {
        var line = byInside.get(inside);
        if (line != null && when.isAfter(line.used)) {
            line.used = when;
        }
    }

    /** {@return the inside addresses of hosts that were not used for longer than {@code idle}} */
    public List<PcpAddress> idle(Duration idle, MonoTime now) {
        return byInside.entrySet().stream()
                .filter(entry -> entry.getValue().used.plus(idle).isBefore(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** From now on {@code inside} stands for nobody; it is not given again before {@link #free}. */
    public void retire(PcpAddress inside) {
        var line = byInside.remove(inside);
        if (line != null) {
            byB4.computeIfPresent(line.host.b4(), (_, its) -> {
                its.remove(line.host.address());
                return its.isEmpty() ? null : its;
            });
        }
    }

    /** Nothing in the world knows {@code inside} any more, which was retired. */
    public void free(PcpAddress inside) {
        taken.remove(inside);
    }
}
