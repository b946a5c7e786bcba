package io.portreeve.client.engine;

import static io.portreeve.pcp.ResultCode.UNSUPP_OPCODE;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;

import io.portreeve.client.AuditReport;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The audits of one server, one at a time. */
final class Auditing {
    private final String server;
    private final MappingTable table;
    private final Capabilities capabilities;
    private final RandomGenerator random;
    private Optional<Audit> audit = Optional.empty();
    private Optional<AuditReport> report = Optional.empty();
    private Reconciliation books;

    Auditing(String server, MappingTable table, Capabilities capabilities, RandomGenerator random) {
        this.server = server;
        this.table = table;
        this.capabilities = capabilities;
        this.random = random;
    }

    boolean isUnderWay() {
        return audit.isPresent();
    }

    /** Begins to ask for what the server has of this host, and of each other that something is mapped for. */
    void begin(MappingNonce nonce, Reconciliation reconciliation, MonoTime start) {
        var hosts = new LinkedHashSet<Optional<PcpAddress>>(List.of(Optional.empty()));
        table.all().stream()
                .filter(it -> it.key().remotePeer().isEmpty())
                .forEach(it -> hosts.add(it.key().thirdParty()));
        audit = Optional.of(new Audit(hosts, nonce, start, random));
        books = reconciliation;
    }

    MonoTime nextDue() {
        return audit.map(Audit::due).orElse(MonoTime.NEVER);
    }

    /** {@return what to send, now that time has passed} */
    Optional<GetRequest> onDue(PcpAddress source, MonoTime now) {
        var request = audit.filter(it -> !it.due().isAfter(now)).flatMap(it -> it.onDue(source, now));
        if (request.filter(it -> capabilities.refusal(it, now).isPresent()).isPresent()) {
            abandon();
            return Optional.empty();
        }
        finish();
        return request;
    }

    boolean isFor(GetResponse response) {
        return audit.filter(it -> it.isFor(response)).isPresent();
    }

    List<Effect> take(GetResponse response, PcpAddress source, MonoTime now) {
        var effects = new ArrayList<Effect>();
        var walked = audit.orElseThrow();
        learn(walked.request(source, now), response, now);
        walked.take(response, now).ifPresent(walk -> effects.addAll(books.with(walk, source, response.epoch(), now)));
        finish();
        return effects;
    }

    private void learn(GetRequest request, GetResponse response, MonoTime now) {
        boolean isUnknown = response.result() == UNSUPP_OPCODE.value() || response.result() == UNSUPP_OPTION.value();
        if (isUnknown) {
            capabilities.refused(request, response.result(), Lifecycle.hold(response.lifetime()), now);
        }
    }

    /** The server is not asked for more, or is none of ours any more. */
    void abandon() {
        audit.ifPresent(Audit::giveUp);
        finish();
    }

    private void finish() {
        audit.filter(Audit::isOver).ifPresent(over -> {
            report = Optional.of(books.report(over.isSilent() ? List.of(server) : List.of()));
            audit = Optional.empty();
        });
    }

    /** {@return the report of the audit that is over now, once} */
    Optional<AuditReport> report() {
        var last = report;
        report = Optional.empty();
        return last;
    }
}
