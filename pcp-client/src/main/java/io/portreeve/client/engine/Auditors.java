package io.portreeve.client.engine;

import io.portreeve.client.AuditReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who waits for audits, and of which servers. */
final class Auditors {
    private final List<Auditor> waiting = new ArrayList<>();

    private static final class Auditor {
        final long ticket;
        final Set<String> silent;
        AuditReport soFar;

        Auditor(long ticket, Collection<String> servers, List<String> notAsked) {
            this.ticket = ticket;
            silent = new HashSet<>(servers);
            soFar = new AuditReport(0, 0, 0, 0, notAsked);
        }

        void hear(String server, AuditReport report) {
            if (silent.remove(server)) {
                soFar = sum(soFar, report);
            }
        }
    }

    private static AuditReport sum(AuditReport one, AuditReport other) {
        return new AuditReport(
                one.same() + other.same(),
                one.corrected() + other.corrected(),
                one.missing() + other.missing(),
                one.stale() + other.stale(),
                Stream.concat(one.silent().stream(), other.silent().stream()).toList());
    }

    /** {@return the report at once, if there is no server to wait for} */
    List<Effect> add(long ticket, Collection<String> servers, List<String> notAsked) {
        waiting.add(new Auditor(ticket, servers, notAsked));
        return complete();
    }

    /** {@return the reports that are complete now} */
    List<Effect> hear(String server, AuditReport report) {
        waiting.forEach(auditor -> auditor.hear(server, report));
        return complete();
    }

    private List<Effect> complete() {
        var complete =
                waiting.stream().filter(auditor -> auditor.silent.isEmpty()).toList();
        waiting.removeAll(complete);
        return complete.stream()
                .<Effect>map(auditor -> new Effect.Audited(auditor.ticket, auditor.soFar))
                .toList();
    }
}
