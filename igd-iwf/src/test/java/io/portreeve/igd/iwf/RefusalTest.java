package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.PCP_KEY;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetGenericPortMappingEntry;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a control point may not do, and what it is told when the provider says no. */
class RefusalTest {
    private final Lockstep igd = Lockstep.up();

    record Refusal(ResultCode result, IgdError onV1, IgdError onV2) {}

    static Stream<Refusal> refusals() {
        return Stream.of(
                new Refusal(ResultCode.UNSUPP_VERSION, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.NOT_AUTHORIZED, IgdError.CONFLICT, IgdError.NOT_AUTHORIZED),
                new Refusal(ResultCode.MALFORMED_REQUEST, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.UNSUPP_OPCODE, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.MALFORMED_OPTION, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.NETWORK_FAILURE, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.NO_RESOURCES, IgdError.ACTION_FAILED, IgdError.NO_PORT_MAPS_AVAILABLE),
                new Refusal(ResultCode.UNSUPP_PROTOCOL, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.USER_EX_QUOTA, IgdError.ACTION_FAILED, IgdError.NO_PORT_MAPS_AVAILABLE),
                new Refusal(ResultCode.CANNOT_PROVIDE_EXTERNAL, IgdError.CONFLICT, IgdError.CONFLICT),
                new Refusal(ResultCode.ADDRESS_MISMATCH, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED),
                new Refusal(ResultCode.EXCESSIVE_REMOTE_PEERS, IgdError.ACTION_FAILED, IgdError.ACTION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @Proves({
        "pcp:I-06",
        "igd:P-01",
        "igd:P-02",
        "igd:P-03",
        "igd:P-04",
        "igd:P-06",
        "igd:P-07",
        "igd:P-08",
        "igd:P-09",
        "igd:P-10",
        "igd:P-12",
        "igd:P-13",
        "igd:I-ADD-08",
        "igd:D-12",
        "igd:D-22"
    })
    void putsThePcpErrorIntoTheFacesWords(Refusal refusal) {
        for (var face : IgdFace.values()) {
            long call = igd.call(HOST, face, add(KEY, 8080, HOST, 3600));
            igd.answer(new MappingOutcome.Refused(refusal.result().value(), new Lifetime(30)));
            assertThat(igd.replies).containsEntry(call, failed(face == IgdFace.V1 ? refusal.onV1() : refusal.onV2()));
            assertThat(igd.lastReleased())
                    .as("the client is not left wanting it")
                    .isEqualTo(PCP_KEY);
            igd.pass(Duration.ofSeconds(30));
        }
        assertThat(igd.listed()).isEmpty();
        assertThat(igd.stored).isEmpty();
    }

    @Test
    @Proves("igd:P-14")
    void anUnknownPcpErrorIsAFailure() {
        long call = igd.addDefault();
        igd.answer(new MappingOutcome.Refused(99, new Lifetime(30)));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.ACTION_FAILED));
        assertThat(igd.audited())
                .as("the log says what UPnP has no words for")
                .contains("not opened TCP 8080 -> 192.168.1.10:8080: the provider refused: result code 99 for 30 s");
    }

    record Forbidden(String why, AddPortMapping action, IgdError onV1, IgdError onV2) {}

    static Stream<Forbidden> forbidden() {
        return Stream.of(
                new Forbidden(
                        "a disabled mapping",
                        new AddPortMapping(KEY, 8080, HOST, false, "", 0),
                        IgdError.ACTION_FAILED,
                        IgdError.ACTION_FAILED),
                new Forbidden(
                        "all external ports at once",
                        add(key(0), 8080, HOST, 0),
                        IgdError.WILDCARD_EXTERNAL_PORT,
                        IgdError.WILDCARD_EXTERNAL_PORT),
                new Forbidden(
                        "for another host", add(KEY, 8080, OTHER_HOST, 0), IgdError.CONFLICT, IgdError.NOT_AUTHORIZED),
                new Forbidden(
                        "a port of the gateway's own services",
                        add(key(1023), 8080, HOST, 0),
                        IgdError.CONFLICT,
                        IgdError.NOT_AUTHORIZED));
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    @Proves({"igd:I-ACL-03", "igd:I-ACL-05", "igd:I-ARG-08", "igd:I-ADD-06", "rel:T-4", "igd:C-08", "igd:D-03"})
    void refusesBeforeAnythingIsAsked(Forbidden forbidden) {
        int asked = igd.asked.size();
        assertThat(igd.replies.get(igd.call(HOST, IgdFace.V1, forbidden.action())))
                .as(forbidden.why())
                .isEqualTo(failed(forbidden.onV1()));
        assertThat(igd.replies.get(igd.call(HOST, IgdFace.V2, forbidden.action())))
                .as(forbidden.why())
                .isEqualTo(failed(forbidden.onV2()));
        assertThat(igd.asked).hasSize(asked);
        assertThat(igd.stored).isEmpty();
    }

    @Test
    @Proves({"igd:I-ADD-03", "igd:I-ADD-05"})
    void anotherHostsPortIsAConflictWithoutAskingPcp() {
        igd.opened();
        int asked = igd.asked.size();
        var narrower = new PortMappingKey(Optional.of(PcpAddress.parse("203.0.114.99")), 8080, IpProtocol.TCP);
        for (var key : List.of(KEY, narrower)) {
            long call = igd.call(OTHER_HOST, IgdFace.V1, add(key, 80, OTHER_HOST, 0));
            assertThat(igd.replies).as("whatever the remote host").containsEntry(call, failed(IgdError.CONFLICT));
        }
        assertThat(igd.asked).hasSize(asked);
    }

    @Test
    @Proves({"igd:I-ADD-11", "igd:I-IWFP-01"})
    void oneServiceHasOneExternalPort() {
        igd.opened();
        long call = igd.call(add(key(9090), 8080, HOST, 0));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.CONFLICT));
    }

    @Test
    @Proves({"igd:I-SPEC-01", "igd:I-SPEC-02", "igd:I-DEL-01", "igd:I-DEL-02", "igd:C-09", "igd:D-31", "pcp:I-04"})
    void strangersNeitherReadNorDelete() {
        igd.opened();
        int released = igd.released.size();
        for (var action : List.of(new GetSpecificPortMappingEntry(KEY), new DeletePortMapping(KEY))) {
            assertThat(igd.replies.get(igd.call(OTHER_HOST, IgdFace.V1, action)))
                    .isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
            assertThat(igd.replies.get(igd.call(OTHER_HOST, IgdFace.V2, action)))
                    .isEqualTo(failed(IgdError.NOT_AUTHORIZED));
        }
        var narrower = new PortMappingKey(Optional.of(OTHER_HOST), 8080, IpProtocol.TCP);
        assertThat(igd.reply(new DeletePortMapping(narrower))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        assertThat(igd.reply(new GetSpecificPortMappingEntry(key(8081)))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        assertThat(igd.released).hasSize(released);
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @Test
    @Proves({"igd:I-GEN-03", "igd:C-15"})
    void theSecondFaceHidesForeignEntriesButKeepsTheirPlace() {
        igd.opened();
        long call = igd.call(OTHER_HOST, IgdFace.V2, new GetGenericPortMappingEntry(0));
        assertThat(igd.replies).containsEntry(call, failed(IgdError.NOT_AUTHORIZED));
        long onV1 = igd.call(OTHER_HOST, IgdFace.V1, new GetGenericPortMappingEntry(0));
        assertThat(igd.replies).containsEntry(onV1, Lockstep.entry(0));
    }
}
