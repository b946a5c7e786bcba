package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOST;
import static io.portreeve.client.engine.Lockstep.HOUR;
import static io.portreeve.client.engine.Lockstep.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.AuditReport;
import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.PcpServer;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The client asks its server what it has. */
class AuditTest {
    private static final Duration CLAIMS = Duration.ofMinutes(10);
    private static final List<PcpServer> SERVERS = List.of(new PcpServer(Lockstep.SERVER, List.of(Lockstep.ADDRESS)));
    private static final ClientPolicy AUDITING = new ClientPolicy(Duration.ZERO, Optional.of(CLAIMS), MonoTime.START);
    private static final MappingNonce FOREIGN = new MappingNonce(1, 2, 3);

    private Lockstep client = new Lockstep(1, AUDITING, List.of(), SERVERS);

    private static MappingKey key(int port) {
        return new MappingKey(Optional.empty(), IpProtocol.TCP, port, PcpAddress.ANY_IPV4);
    }

    private long want(MappingKey key) {
        return client.want(Lockstep.wants(key, new ExternalChoice.Any()));
    }

    /** Wants {@code port} and gets external port 1000 more. */
    private void mapped(int port) {
        want(key(port));
        client.grant(client.lastSent(), port + 1000, HOUR);
    }

    private static NextMapping listed(int port, int external, Lifetime remaining, PcpOption... embedded) {
        return listed(SOURCE, port, external, remaining, embedded);
    }

    private static NextMapping listed(
            PcpAddress internal, int port, int external, Lifetime remaining, PcpOption... embedded) {
        var tuple = GetTuple.of(IpProtocol.TCP, internal, port, EXTERNAL, external);
        return new NextMapping(tuple, true, remaining, List.of(embedded));
    }

    private GetRequest asked() {
        return client.lists.getLast();
    }

    private void list(NextMapping... mappings) {
        answer(asked(), ResultCode.SUCCESS, List.of(mappings));
    }

    private void answer(GetRequest request, ResultCode result, List<? extends PcpOption> options) {
        var all = new ArrayList<PcpOption>();
        request.thirdParty().map(PcpOption.ThirdParty::new).ifPresent(all::add);
        all.addAll(options);
        client.handle(new ClientEvent.Received(
                Lockstep.ADDRESS,
                new GetResponse(
                        result.value(),
                        result.recommendedLifetime(),
                        new EpochTime(client.serverEpoch),
                        request.nonce(),
                        request.filter(),
                        all)));
        client.handle(new ClientEvent.Due());
    }

    private void restart() {
        var stored = client.stored.stream()
                .map(Effect.Save.class::cast)
                .map(Effect.Save::mapping)
                .toList();
        client = new Lockstep(2, AUDITING, List.of(stored.getLast()), SERVERS);
        client.handle(new ClientEvent.Due());
    }

    @Test
    @Proves("pcp:G-11")
    void asksForEverythingThatHasItsNonce() {
        mapped(80);
        client.audit();
        client.handle(new ClientEvent.Due());
        var wanted = List.of(OptionCode.FILTER, OptionCode.PORT_SET, OptionCode.MAPPING_NONCE);
        assertThat(asked())
                .isEqualTo(new GetRequest(
                        SOURCE,
                        client.lastSent().nonce(),
                        GetTuple.ANY,
                        List.of(new PcpOption.NextRequest(GetTuple.ANY, false, wanted))));
    }

    @Test
    @Proves("pcp:F-03-02")
    void whatIsThereAsItShouldBeIsLeftAlone() {
        mapped(80);
        client.pass(Duration.ofMinutes(10));
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        list(listed(80, 1080, new Lifetime(2995)));
        assertThat(client.reports).containsEntry(ticket, new AuditReport(1, 0, 0, 0, List.of()));
        assertThat(client.sent).hasSize(1);
        assertThat(client.told).isEmpty();
    }

    @Test
    void whatIsThereOtherwiseIsTakenOver() {
        mapped(80);
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        list(listed(80, 7777, new Lifetime(600)));
        assertThat(client.reports).containsEntry(ticket, new AuditReport(0, 1, 0, 0, List.of()));
        assertThat(client.told).containsExactly(new MappingEvent.Granted(key(80), new Endpoint(EXTERNAL, 7777)));
        assertThat(client.view(key(80)).left()).isEqualTo(Duration.ofMinutes(10));
        client.pass(Duration.ofSeconds(376));
        assertThat(client.sent).as("renewed in its own time").hasSize(2);
    }

    /** A page can be older than the last answer. */
    @Test
    void whatWasGrantedMeanwhileIsNotTakenBack() {
        mapped(80);
        client.pass(Duration.ofMinutes(1));
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        client.pass(Duration.ofSeconds(1));
        client.grant(client.lastSent(), 7777, HOUR); // it was moved
        list(listed(80, 1080, new Lifetime(3540)));
        assertThat(client.view(key(80)).external()).contains(new Endpoint(EXTERNAL, 7777));
        assertThat(client.reports).containsEntry(ticket, new AuditReport(1, 0, 0, 0, List.of()));
    }

    @Test
    void whatIsMissingIsAskedForAgain() {
        mapped(80);
        mapped(81);
        client.pass(Duration.ofMinutes(1));
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        answer(asked(), ResultCode.NONEXIST_MAP, List.of());
        client.pass(Duration.ofMillis(500));
        assertThat(client.sent.subList(2, client.sent.size()))
                .extracting(it -> it.internalPort() + " " + it.suggestedPort())
                .containsExactly("80 1080", "81 1081");
        assertThat(client.reports).containsEntry(ticket, new AuditReport(0, 0, 2, 0, List.of()));
    }

    @Test
    @Proves({"pcp:C-RR-05", "igd:F-10"})
    void howeverLongTheListTookWhatIsMissingIsAskedForOneAfterTheOther() {
        mapped(80);
        mapped(81);
        client.pass(Duration.ofMinutes(1));
        client.audit();
        client.handle(new ClientEvent.Due());
        client.pass(Duration.ofSeconds(2));
        answer(asked(), ResultCode.NONEXIST_MAP, List.of());
        assertThat(client.sent).hasSize(3);
        client.pass(Duration.ofMillis(499));
        assertThat(client.sent).hasSize(3);
        client.pass(Duration.ofMillis(1));
        assertThat(client.sent).hasSize(4);
    }

    @Test
    void whatIsGrantedMeanwhileIsNotMissing() {
        mapped(80);
        client.audit();
        client.handle(new ClientEvent.Due());
        var request = asked();
        client.pass(Duration.ofSeconds(1));
        mapped(81);
        answer(request, ResultCode.SUCCESS, List.of(listed(80, 1080, new Lifetime(3598))));
        client.pass(Duration.ofSeconds(10));
        assertThat(client.sent).hasSize(2);
    }

    @Test
    @Proves("pcp:F-22-01")
    void whatNobodyWantsAfterARestartIsDeletedWhenItsOwnersHaveHadTheirTime() {
        mapped(80);
        restart();
        list(listed(80, 1080, new Lifetime(3600)), listed(81, 1081, new Lifetime(3600)));
        client.pass(CLAIMS.minusSeconds(1));
        assertThat(client.sent).isEmpty();
        assertThat(client.list()).extracting(it -> it.key().internalPort()).containsExactly(80);
        client.pass(Duration.ofSeconds(1));
        assertThat(client.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
        assertThat(client.lastSent().internalPort()).isEqualTo(81);
        assertThat(client.lastSent().nonce()).isEqualTo(asked().nonce());
    }

    @Test
    void itsOwnerFindsItAsItWas() {
        mapped(80);
        restart();
        list(listed(80, 1080, new Lifetime(3600)), listed(81, 1081, new Lifetime(3600)));
        want(key(81));
        assertThat(client.lastSent().suggestedPort()).isEqualTo(1081);
        assertThat(client.lastSent().nonce()).isEqualTo(asked().nonce());
        assertThat(client.lastSent().options()).isEmpty();
        client.grant();
        client.pass(CLAIMS);
        assertThat(client.sent).hasSize(1);
    }

    @Test
    @Proves({"pcp:F-23-02", "igd:F-03"})
    void whatAnotherClientHasIsNeverDeleted() {
        mapped(80);
        restart();
        list(listed(80, 1080, new Lifetime(3600)), listed(81, 1081, HOUR, new PcpOption.DisclosedNonce(FOREIGN)));
        client.pass(Duration.ofMinutes(29));
        assertThat(client.sent).isEmpty();
    }

    @Test
    @Proves("pcp:F-23-02")
    void norWhenTheNetworkChanges() {
        mapped(80);
        restart();
        list(listed(80, 1080, new Lifetime(3600)), listed(81, 1081, HOUR, new PcpOption.DisclosedNonce(FOREIGN)));
        client.use(List.of());
        client.use(SERVERS);
        client.connect(PcpAddress.parse("100.64.0.77"));
        client.pass(Duration.ofMinutes(20));
        assertThat(client.sent).extracting(MapRequest::internalPort).doesNotContain(81);
        assertThat(client.stored.stream().filter(Effect.Save.class::isInstance).map(Effect.Save.class::cast))
                .as("a restart must not take it for its own")
                .noneMatch(save -> save.mapping().nonce().equals(FOREIGN));
    }

    @Test
    @Proves("pcp:F-22-01")
    void whoStartsTwiceHasItsTimeTwice() {
        mapped(80);
        restart();
        list(listed(80, 1080, new Lifetime(3600)), listed(81, 1081, new Lifetime(3600)));
        client.pass(CLAIMS.dividedBy(2));
        restart();
        client.pass(CLAIMS.minusSeconds(1));
        assertThat(client.sent).isEmpty();
        client.pass(Duration.ofSeconds(1));
        assertThat(client.lastSent().internalPort()).isEqualTo(81);
        assertThat(client.lastSent().lifetime()).isEqualTo(Lifetime.DELETE);
    }

    /** All that a client without a disk has left of its mappings is at the server. */
    @Test
    @Proves({"pcp:F-03-01", "igd:F-09", "pcp:I-12"})
    void aServerThatTellsNoncesGivesAClientBackWhatItLost() {
        client.audit();
        client.handle(new ClientEvent.Due());
        list(listed(81, 1081, new Lifetime(3600), new PcpOption.DisclosedNonce(FOREIGN)));
        long ticket = want(key(81));
        assertThat(client.lastSent().nonce()).isEqualTo(FOREIGN);
        client.grant();
        assertThat(client.answers)
                .containsEntry(ticket, new MappingOutcome.Granted(new Endpoint(EXTERNAL, 1081), HOUR));
    }

    private static NextMapping more(int port) {
        var last = listed(port, port + 1000, HOUR);
        return new NextMapping(last.tuple(), false, last.remaining(), List.of());
    }

    @Test
    @Proves({"pcp:G-11", "pcp:G-12"})
    void readsPageAfterPageAndNoneTwice() {
        mapped(80);
        client.pass(Duration.ofSeconds(1));
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        var first = asked();
        answer(first, ResultCode.SUCCESS, List.of(more(78), more(79)));
        assertThat(client.lists).hasSize(2);
        assertThat(asked().next().orElseThrow().locator()).isEqualTo(more(79).tuple());
        assertThat(asked().next().orElseThrow().wanted())
                .isEqualTo(first.next().orElseThrow().wanted());
        answer(first, ResultCode.SUCCESS, List.of(more(78), more(79)));
        assertThat(client.lists).as("a late page is none").hasSize(2);
        answer(asked(), ResultCode.SUCCESS, List.of());
        assertThat(client.reports).containsEntry(ticket, new AuditReport(0, 0, 1, 2, List.of()));
    }

    @Test
    @Proves("pcp:G-12")
    void aServerThatLostItsStateMeanwhileIsNotAskedForMore() {
        mapped(80);
        client.pass(Duration.ofMinutes(1));
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        client.serverEpoch = 0;
        answer(asked(), ResultCode.SUCCESS, List.of(more(80)));
        client.pass(Duration.ofSeconds(6));
        assertThat(client.lists).hasSize(1);
        assertThat(client.lastSent().internalPort()).isEqualTo(80);
        assertThat(client.sent).hasSize(2);
        assertThat(client.reports).containsEntry(ticket, new AuditReport(0, 0, 0, 0, List.of(Lockstep.SERVER)));
    }

    @Test
    @Proves("pcp:G-13")
    void aServerThatDoesNotKnowItIsNotAskedAgainSoon() {
        mapped(80);
        restart();
        answer(asked(), ResultCode.UNSUPP_OPCODE, List.of());
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        assertThat(client.lists).hasSize(1);
        assertThat(client.reports).containsEntry(ticket, new AuditReport(0, 0, 0, 0, List.of(Lockstep.SERVER)));
        client.pass(Duration.ofMinutes(38));
        assertThat(client.lastSent().internalPort())
                .as("its own table is kept alive")
                .isEqualTo(80);
    }

    @Test
    void whoeverDoesNotAnswerIsNotAskedForEver() {
        long ticket = client.audit();
        client.pass(Duration.ofMinutes(2));
        assertThat(client.lists).hasSize(4);
        assertThat(client.reports).containsEntry(ticket, new AuditReport(0, 0, 0, 0, List.of(Lockstep.SERVER)));
    }

    @Test
    void whoeverMustNotBeAskedIsNamed() {
        client = new Lockstep();
        long ticket = client.audit();
        assertThat(client.lists).isEmpty();
        assertThat(client.reports).containsEntry(ticket, new AuditReport(0, 0, 0, 0, List.of(Lockstep.SERVER)));
    }

    @Test
    void asksForEachHostByItself() {
        mapped(80);
        want(Lockstep.KEY);
        client.grant(client.lastSent(), 9080, HOUR);
        client.pass(Duration.ofMinutes(1));
        long ticket = client.audit();
        client.handle(new ClientEvent.Due());
        list(listed(80, 1080, new Lifetime(3540)));
        assertThat(asked().thirdParty()).contains(HOST);
        list(listed(SOURCE, 99, 99, HOUR), listed(HOST, 8080, 9080, new Lifetime(3540)));
        assertThat(client.reports)
                .as("what is of another host than was asked for is no answer")
                .containsEntry(ticket, new AuditReport(2, 0, 0, 0, List.of()));
        client.pass(Duration.ofMinutes(1));
        assertThat(client.sent).hasSize(2);
    }
}
