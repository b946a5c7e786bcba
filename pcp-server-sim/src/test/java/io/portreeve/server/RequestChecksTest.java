package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.CANNOT_PROVIDE_EXTERNAL;
import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.NETWORK_FAILURE;
import static io.portreeve.pcp.ResultCode.SUCCESS;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.pcp.ResultCode.UNSUPP_PROTOCOL;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static io.portreeve.server.WantedMap.thirdParty;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.PortReservation;
import io.portreeve.pcp.PcpOption.PortSet;
import io.portreeve.pcp.PcpOption.ThirdPartyId;
import io.portreeve.pcp.PcpOption.Unknown;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerEffect.Answer;
import io.portreeve.server.engine.ServerEffect.Ignore;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.RefuseNatPmp;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerEffect.ReplyNatPmp;
import io.portreeve.server.engine.ServerPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One request to a fresh server, which has TCP and UDP, IPv4 only, ports 2000 to 2009. */
final class RequestChecksTest {
    private static final Unknown MANDATORY = new Unknown(126);
    private static final Unknown OPTIONAL = new Unknown(200);

    private static final Description CAMERA = new Description("Camera");
    private static final PortReservation RESERVATION = new PortReservation();
    private static final NextRequest NEXT = new NextRequest(GetTuple.ANY, false, List.of());

    private static PortSet set(int size, int firstInternalPort) {
        return new PortSet(size, firstInternalPort, false);
    }

    record Row(String why, WantedMap asked, ResultCode result) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("the plain case", map(), SUCCESS),
                new Row("UDP", map().protocol(17), SUCCESS),
                new Row("SCTP", map().protocol(132), UNSUPP_PROTOCOL),
                new Row("all ports of TCP", map().port(0), UNSUPP_PROTOCOL),
                new Row("all protocols", map().protocol(0).port(0), UNSUPP_PROTOCOL),
                new Row("all protocols, one port", map().protocol(0), MALFORMED_REQUEST),
                new Row("all protocols, one port, deleted", map().protocol(0).lifetime(0), MALFORMED_REQUEST),
                new Row("SCTP deleted: there is none", map().protocol(132).lifetime(0), SUCCESS),
                new Row("all ports deleted: there is no such", map().port(0).lifetime(0), SUCCESS),
                new Row("external IPv6", map().suggest("::"), NETWORK_FAILURE),
                new Row(
                        "external IPv6 deleted: there is none",
                        map().suggest("::").lifetime(0),
                        SUCCESS),
                new Row("an option to be understood", map().with(MANDATORY), UNSUPP_OPTION),
                new Row("the same in a deletion", map().with(MANDATORY).lifetime(0), UNSUPP_OPTION),
                new Row("an option to be ignored", map().with(OPTIONAL), SUCCESS),
                new Row("the first bad option counts", map().with(PREFER_FAILURE, MANDATORY), MALFORMED_OPTION),
                new Row("whichever it is", map().with(MANDATORY, PREFER_FAILURE), UNSUPP_OPTION),
                new Row("protocol 0 comes before options", map().protocol(0).with(MANDATORY), MALFORMED_REQUEST),
                new Row("options come before protocols", map().protocol(132).with(MANDATORY), UNSUPP_OPTION),
                new Row("preferred and granted", map().suggest(2001).with(PREFER_FAILURE), SUCCESS),
                new Row("preferred, no port", map().with(PREFER_FAILURE), MALFORMED_OPTION),
                new Row(
                        "preferred and deleted",
                        map().suggest(2001).lifetime(0).with(PREFER_FAILURE),
                        MALFORMED_OPTION),
                new Row("preferred twice", map().suggest(2001).with(PREFER_FAILURE, PREFER_FAILURE), MALFORMED_OPTION),
                new Row("any number of options to be ignored", map().with(OPTIONAL, OPTIONAL), SUCCESS),
                new Row("the same id of a third party", map().with(new ThirdPartyId("12")), UNSUPP_OPTION),
                new Row("NEXT", map().with(NEXT), UNSUPP_OPTION),
                new Row("two descriptions", map().with(CAMERA, CAMERA), MALFORMED_OPTION),
                new Row("a description to be erased", map().lifetime(0).with(CAMERA), SUCCESS),
                new Row("a set", map().with(set(2, 8080)), SUCCESS),
                new Row("two sets", map().with(set(2, 8080), set(2, 8080)), MALFORMED_OPTION),
                new Row("a set that begins elsewhere", map().with(set(2, 8081)), MALFORMED_OPTION),
                new Row("a set, preferred", map().suggest(2001).with(PREFER_FAILURE, set(2, 8080)), MALFORMED_OPTION),
                new Row(
                        "a set, preferred, the other way round",
                        map().suggest(2001).with(set(2, 8080), PREFER_FAILURE),
                        MALFORMED_OPTION),
                new Row("two reservations", map().with(RESERVATION, RESERVATION), MALFORMED_OPTION),
                new Row(
                        "a reservation, preferred",
                        map().suggest(2001).with(RESERVATION, PREFER_FAILURE),
                        MALFORMED_OPTION),
                new Row("not in the pool", map().suggest(80).with(PREFER_FAILURE), CANNOT_PROVIDE_EXTERNAL),
                new Row(
                        "the subscriber's address",
                        map().suggest(2001).suggest("203.0.114.1").with(PREFER_FAILURE),
                        SUCCESS),
                new Row(
                        "another address",
                        map().suggest(2001).suggest("203.0.114.2").with(PREFER_FAILURE),
                        CANNOT_PROVIDE_EXTERNAL));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Proves({
        "pcp:S-MAP-02",
        "pcp:S-MAP-03",
        "pcp:S-MAP-14",
        "pcp:S-PF-01",
        "pcp:S-GEN-07",
        "pcp:S-GEN-08",
        "pcp:S-GEN-10",
        "pcp:B-PSET-02",
        "pcp:B-TPID-01",
        "wire:N09",
        "wire:N10",
        "wire:N23"
    })
    void answers(Row row) {
        var bench = bench(false);
        var answer = bench.ask(Bench.CLIENT, row.asked().build());
        assertThat(result(answer)).as(row.why()).isEqualTo(row.result());
        if (row.result() != SUCCESS) {
            assertThat(bench.mappings()).as(row.why()).isEmpty();
            bench.assertNoOrphan();
        }
    }

    record ThirdPartyRow(String why, WantedMap asked, ResultCode on, ResultCode off) {}

    static Stream<ThirdPartyRow> thirdPartyRows() {
        var other = thirdParty("192.168.1.33");
        return Stream.of(
                new ThirdPartyRow("a host behind it", map().with(other), SUCCESS, UNSUPP_OPTION),
                new ThirdPartyRow(
                        "the source itself", map().with(thirdParty("100.64.0.2")), MALFORMED_REQUEST, UNSUPP_OPTION),
                new ThirdPartyRow("nobody", map().with(thirdParty("0.0.0.0")), MALFORMED_OPTION, UNSUPP_OPTION),
                new ThirdPartyRow("two", map().with(other, other), MALFORMED_OPTION, UNSUPP_OPTION),
                new ThirdPartyRow(
                        "two different ones",
                        map().with(other, thirdParty("192.168.1.34")),
                        MALFORMED_OPTION,
                        UNSUPP_OPTION),
                new ThirdPartyRow("nothing of it to delete", map().with(other).lifetime(0), SUCCESS, UNSUPP_OPTION));
    }

    @ParameterizedTest
    @MethodSource("thirdPartyRows")
    @Proves({"pcp:S-TP-01", "pcp:S-TP-02", "rel:T-33", "wire:N13", "wire:N14"})
    void answersThirdParties(ThirdPartyRow row) {
        assertThat(result(bench(true).ask(Bench.CLIENT, row.asked().build())))
                .as(row.why())
                .isEqualTo(row.on());
        assertThat(result(bench(false).ask(Bench.CLIENT, row.asked().build())))
                .as(row.why() + ", not allowed")
                .isEqualTo(row.off());
    }

    private static Bench bench(boolean thirdParty) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, thirdParty);
        return new Bench(policy, Bench.pool(2000, 2009), 1000);
    }

    static ResultCode result(Answer answer) {
        return switch (answer) {
            case Reply(var _, var response) -> ResultCode.of(response.result()).orElseThrow();
            case Refuse(var _, var result, var _, var _) -> result;
            case ReplyNatPmp _, RefuseNatPmp _ -> throw new AssertionError("NAT-PMP to a PCP request");
            case Ignore _ -> throw new AssertionError("no answer");
        };
    }
}
