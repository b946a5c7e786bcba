package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.KEY;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction.AddAnyPortMapping;
import io.portreeve.igd.iwf.IgdAction.AddPortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetGenericPortMappingEntry;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts may have which ports, and in which order the reasons against it are told. */
class AdmissionTest {
    private static final PcpAddress GATEWAY = PcpAddress.parse("192.168.1.1");

    private final Lockstep igd = Lockstep.up();

    private IgdReply reply(Lockstep gateway, PcpAddress host, IgdFace face, IgdAction action) {
        return gateway.replies.get(gateway.call(host, face, action));
    }

    private void opensNothing(Runnable calls) {
        int asked = igd.asked.size();
        int published = igd.published.size();
        calls.run();
        assertThat(igd.asked).hasSize(asked);
        assertThat(igd.stored).isEmpty();
        assertThat(igd.published).hasSize(published);
    }

    static IntStream denied() {
        return IntStream.of(21, 23, 135, 137, 138, 139, 445, 3389);
    }

    @ParameterizedTest
    @MethodSource("denied")
    @Proves({"rel:T-13", "igd:I-ACL-05"})
    void aDeniedPortIsOpenedNeitherOutsideNorAtAHost(int port) {
        opensNothing(() -> {
            for (var action : List.of(add(key(port), 8080, HOST, 0), add(KEY, port, HOST, 0))) {
                assertThat(reply(igd, HOST, IgdFace.V1, action)).isEqualTo(failed(IgdError.CONFLICT));
                assertThat(igd.audited().getLast()).startsWith("denied TCP ").endsWith("closed");
                assertThat(reply(igd, HOST, IgdFace.V2, action)).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
            }
        });
        assertThat(igd.audited()).as("each attempt").hasSize(4);
    }

    @Test
    @Proves({"rel:T-13", "igd:I-ACL-02"})
    void noPortBelowTheLowestIsOpenedOutside() {
        opensNothing(() -> {
            for (int port : List.of(1, 22, 80, 1023)) {
                var action = add(key(port), 8080, HOST, 0);
                assertThat(reply(igd, HOST, IgdFace.V1, action)).isEqualTo(failed(IgdError.CONFLICT));
                assertThat(reply(igd, HOST, IgdFace.V2, action)).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
                var any = new AddAnyPortMapping(key(port), 8080, HOST, true, "", 0);
                assertThat(reply(igd, HOST, IgdFace.V2, any)).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
            }
        });
        igd.call(HOST, IgdFace.V2, add(key(1024), 1024, HOST, 0));
        igd.grant(1024);
        assertThat(igd.listed()).containsExactly(key(1024));
    }

    @Test
    @Proves({"igd:I-ACL-02", "igd:I-GEN-03", "igd:C-15"})
    void theSecondFaceHasNoBusinessWithLowPortsOfHosts() {
        assertThat(reply(igd, HOST, IgdFace.V2, add(KEY, 80, HOST, 0))).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
        igd.call(HOST, IgdFace.V1, add(KEY, 80, HOST, 0));
        igd.grant(8080);
        igd.call(HOST, IgdFace.V1, add(key(8081), 8081, HOST, 0));
        igd.grant(8081);
        int released = igd.released.size();
        for (var action : List.of(
                new GetGenericPortMappingEntry(0),
                new GetSpecificPortMappingEntry(KEY),
                new GetSpecificPortMappingEntry(key(80)),
                new DeletePortMapping(KEY),
                new DeletePortMapping(key(80)))) {
            assertThat(reply(igd, HOST, IgdFace.V2, action)).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
        }
        assertThat(reply(igd, HOST, IgdFace.V2, new GetGenericPortMappingEntry(1)))
                .as("the index still counts what is hidden")
                .isInstanceOf(IgdReply.Entry.class);
        assertThat(igd.released).hasSize(released);
        assertThat(igd.reply(new GetSpecificPortMappingEntry(KEY))).isInstanceOf(IgdReply.Entry.class);
        assertThat(igd.reply(new DeletePortMapping(key(80)))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        assertThat(igd.listed()).as("all of them for everybody").containsExactly(KEY, key(8081));
    }

    @Test
    @Proves("igd:I-ACL-02")
    void lowPortsOfHostsCanBeClosedOnTheFirstFaceToo() {
        var usual = AccessPolicy.USUAL;
        var strict = new AccessPolicy(
                usual.lowestPort(),
                Set.of(),
                usual.deniedPorts(),
                usual.portsInUse(),
                usual.remoteHosts(),
                usual.rangeActions());
        var igd = new Lockstep(IwfPolicy.ROUTING.with(strict)).started();
        assertThat(igd.reply(add(KEY, 1023, HOST, 0))).isEqualTo(failed(IgdError.CONFLICT));
        igd.opened();
        assertThat(igd.listed()).containsExactly(KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "127.0.0.1",
                "224.0.0.251",
                "255.255.255.255",
                "192.168.1.1",
                "192.168.1.0",
                "192.168.1.255",
                "169.254.7.7",
                "192.168.2.10",
                "fd00::1"
            })
    @Proves({"igd:I-ACL-04", "igd:I-ARG-05", "igd:I-ACL-05"})
    void onlyAHostOfTheLanGetsAnything(String address) {
        igd.handle(new IwfEvent.LanChanged(Set.of(new LanNetwork(GATEWAY, 24))));
        var host = PcpAddress.parse(address);
        opensNothing(() -> {
            for (var requester : List.of(host, HOST)) {
                var action = add(KEY, 8080, host, 0);
                assertThat(reply(igd, requester, IgdFace.V1, action)).isEqualTo(failed(IgdError.CONFLICT));
                assertThat(reply(igd, requester, IgdFace.V2, action)).isEqualTo(failed(IgdError.NOT_AUTHORIZED));
            }
        });
        igd.opened();
        assertThat(igd.listed()).as("for a host of the LAN").containsExactly(KEY);
    }

    @Test
    @Proves("igd:I-ACL-04")
    void theLanMayHaveSeveralNetworksAndGetOthers() {
        igd.handle(new IwfEvent.LanChanged(Set.of(
                new LanNetwork(PcpAddress.parse("10.0.0.1"), 8), new LanNetwork(PcpAddress.parse("192.168.1.1"), 30))));
        assertThat(igd.reply(add(KEY, 8080, HOST, 0)))
                .as("behind the end of 192.168.1.0/30")
                .isEqualTo(failed(IgdError.CONFLICT));
        igd.handle(new IwfEvent.LanChanged(Set.of(new LanNetwork(GATEWAY, 28))));
        igd.opened();
        assertThat(igd.listed()).containsExactly(KEY);
    }

    /** @param action wrong in this way and in all that follow */
    record Step(String why, IgdAction.Add action, IgdError onV1, IgdError onV2) {}

    private static IgdAction.Add wanted(int port, PcpAddress client, boolean enabled, boolean narrow) {
        var remote = narrow ? Optional.of(PcpAddress.parse("203.0.114.99")) : Optional.<PcpAddress>empty();
        return new AddPortMapping(new PortMappingKey(remote, port, IpProtocol.TCP), 8080, client, enabled, "", 0);
    }

    static Stream<Step> steps() {
        return Stream.of(
                new Step(
                        "a wildcard",
                        wanted(0, OTHER_HOST, false, true),
                        IgdError.WILDCARD_EXTERNAL_PORT,
                        IgdError.WILDCARD_EXTERNAL_PORT),
                new Step(
                        "a right that is missing",
                        wanted(8080, OTHER_HOST, false, true),
                        IgdError.CONFLICT,
                        IgdError.NOT_AUTHORIZED),
                new Step(
                        "what PCP cannot do",
                        wanted(8080, HOST, false, true),
                        IgdError.ACTION_FAILED,
                        IgdError.ACTION_FAILED),
                new Step("what others have", wanted(8080, HOST, true, true), IgdError.CONFLICT, IgdError.CONFLICT),
                new Step(
                        "what only some hosts outside may have",
                        wanted(9090, HOST, true, true),
                        IgdError.REMOTE_HOST_ONLY_WILDCARD,
                        IgdError.NOT_AUTHORIZED),
                new Step(
                        "what is too much",
                        wanted(9090, HOST, true, false),
                        IgdError.ACTION_FAILED,
                        IgdError.NO_PORT_MAPS_AVAILABLE));
    }

    @ParameterizedTest
    @MethodSource("steps")
    @Proves({"igd:I-SOAP-09", "igd:I-ADD-07", "pcp:I-05"})
    void tellsTheFirstReason(Step step) {
        var quotas = new Quotas(64, 1, Quotas.NONE.hostRate(), Quotas.NONE.lanRate());
        var igd = new Lockstep(IwfPolicy.ROUTING.with(quotas).with(rejecting())).started();
        igd.call(OTHER_HOST, IgdFace.V1, add(KEY, 8080, OTHER_HOST, 0));
        igd.grant(8080);
        assertThat(reply(igd, HOST, IgdFace.V1, step.action())).as(step.why()).isEqualTo(failed(step.onV1()));
        assertThat(reply(igd, HOST, IgdFace.V2, step.action())).as(step.why()).isEqualTo(failed(step.onV2()));
    }

    private static AccessPolicy rejecting() {
        var usual = AccessPolicy.USUAL;
        return new AccessPolicy(
                usual.lowestPort(),
                usual.lowInternalPorts(),
                usual.deniedPorts(),
                usual.portsInUse(),
                AccessPolicy.RemoteHosts.REJECTED,
                usual.rangeActions());
    }

    @Test
    @Proves("igd:I-ADD-09")
    void whatTheGatewayUsesItselfIsTakenBySomethingElse() {
        var access = AccessPolicy.USUAL.using(Set.of(new WanPort(IpProtocol.TCP, 5351)));
        var igd = new Lockstep(IwfPolicy.ROUTING.with(access)).started();
        int asked = igd.asked.size();
        var action = add(key(5351), 8080, HOST, 0);
        assertThat(reply(igd, HOST, IgdFace.V1, action)).isEqualTo(failed(IgdError.CONFLICT));
        assertThat(reply(igd, HOST, IgdFace.V2, action)).isEqualTo(failed(IgdError.CONFLICT_WITH_OTHER_MECHANISMS));
        assertThat(igd.asked).hasSize(asked);
        long any = igd.call(HOST, IgdFace.V2, new AddAnyPortMapping(key(5351), 8080, HOST, true, "", 0));
        igd.grant(2001);
        assertThat(igd.replies).as("content with another").containsEntry(any, new IgdReply.ReservedPort(2001));
    }

    @Test
    void whatTheGatewayUsesItselfIsFreeAtAProvider() {
        var access = AccessPolicy.USUAL.using(Set.of(new WanPort(IpProtocol.TCP, 5351)));
        var igd = new Lockstep(IwfPolicy.ROUTING.with(access)).started();
        igd.handle(new IwfEvent.ProviderChanged(List.of(), Set.of(new WanPort(IpProtocol.TCP, 5350))));
        assertThat(reply(igd, HOST, IgdFace.V1, add(key(5350), 8080, HOST, 0))).isEqualTo(failed(IgdError.CONFLICT));
        long call = igd.call(HOST, IgdFace.V1, add(key(5351), 8080, HOST, 0));
        igd.grant(5351);
        assertThat(igd.replies).containsEntry(call, Lockstep.DONE);
    }

    @Test
    @Proves({"rel:T-6", "igd:C-09", "igd:I-DEL-02"})
    void whatAnotherHostHasStaysAsItIsToTheByte() {
        igd.opened();
        var rows = new HashMap<>(igd.rows);
        var rules = Set.copyOf(igd.rules);
        int released = igd.released.size();
        int audited = igd.audited().size();
        for (var face : IgdFace.values()) {
            var foreign = failed(face == IgdFace.V1 ? IgdError.NO_SUCH_ENTRY : IgdError.NOT_AUTHORIZED);
            assertThat(reply(igd, OTHER_HOST, face, new DeletePortMapping(KEY))).isEqualTo(foreign);
            assertThat(reply(igd, OTHER_HOST, face, new GetSpecificPortMappingEntry(KEY)))
                    .isEqualTo(foreign);
            assertThat(reply(igd, OTHER_HOST, face, add(KEY, 8080, OTHER_HOST, 0)))
                    .isEqualTo(failed(IgdError.CONFLICT));
            assertThat(reply(igd, OTHER_HOST, face, add(KEY, 8080, HOST, 0)))
                    .isEqualTo(failed(face == IgdFace.V1 ? IgdError.CONFLICT : IgdError.NOT_AUTHORIZED));
            for (boolean manage : List.of(true, false)) {
                var range = new IgdAction.DeletePortMappingRange(new PortRange(1024, 65_535, IpProtocol.TCP), manage);
                assertThat(reply(igd, OTHER_HOST, face, range)).isEqualTo(failed(IgdError.PORT_MAPPING_NOT_FOUND));
            }
        }
        assertThat(igd.rows).isEqualTo(rows);
        assertThat(igd.rules).isEqualTo(rules);
        assertThat(igd.released).hasSize(released);
        assertThat(igd.audited().subList(audited, igd.audited().size()))
                .as("who has tried it")
                .hasSize(6)
                .contains("denied TCP 8080 -> 192.168.1.10:8080 to 192.168.1.11: it may not delete that");
    }

    @Test
    void theAuditHasOneLineForEachWhateverTheDescription() {
        var hostile = "x\r\ny\u001b[31m\u202e${jndi:ldap://a}\0]]>'; DROP TABLE port_mapping; --";
        igd.call(new AddPortMapping(KEY, 8080, HOST, true, hostile, 0));
        igd.grant(8080);
        igd.call(new AddPortMapping(key(22), 8080, HOST, true, hostile, 0));
        igd.call(new DeletePortMapping(KEY));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(igd.audited())
                .containsExactly(
                        "opened TCP 8080 -> 192.168.1.10:8080",
                        "denied TCP 22 -> 192.168.1.10:8080: ports below 1024 stay closed",
                        "closed TCP 8080 -> 192.168.1.10:8080");
    }
}
