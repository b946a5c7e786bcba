package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingOutcome.Refused;
import io.portreeve.client.MappingRequest;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What control points of the field do over hours, and what becomes of it. All of them speak to the first face. */
class ControlPointHabitsTest {
    private static final IgdReply CONFLICT = failed(IgdError.CONFLICT);

    private final Lockstep igd = Lockstep.translating().started();

    private static PortMappingKey udp(int port) {
        return new PortMappingKey(Optional.empty(), port, IpProtocol.UDP);
    }

    private long open(PcpAddress host, PortMappingKey key, int internalPort, long lease) {
        return igd.call(host, IgdFace.V1, add(key, internalPort, host, lease));
    }

    private IgdReply look(PortMappingKey key) {
        return igd.reply(new GetSpecificPortMappingEntry(key));
    }

    private static IgdReply entry(PortMappingKey key, int internalPort, long leaseSeconds) {
        return new IgdReply.Entry(key, internalPort, HOST, "web", leaseSeconds);
    }

    private void refuse(ResultCode result, long seconds) {
        igd.answer(new Refused(result.value(), new Lifetime(seconds)));
    }

    /** It is content with one of its two ports, looks after both every minute, and asks again for one that is not there. */
    @Test
    @Proves("igd:Q-04")
    void transmissionRenewsNothing() {
        open(HOST, key(51_413), 51_413, 0);
        igd.grant(51_413);
        long refused = open(HOST, udp(51_413), 51_413, 0);
        refuse(ResultCode.NO_RESOURCES, 30);
        assertThat(igd.replies).containsEntry(refused, failed(IgdError.ACTION_FAILED));
        igd.pass(Duration.ofMinutes(1));
        int before = igd.asked.size();
        assertThat(look(udp(51_413))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        assertThat(igd.asked).hasSize(before);
        long again = open(HOST, udp(51_413), 51_413, 0);
        igd.grant(51_413);
        assertThat(igd.replies).containsEntry(again, DONE);

        int asked = igd.asked.size();
        int released = igd.released.size();
        for (int minute = 0; minute < 2 * 24 * 60; minute++) {
            igd.pass(Duration.ofMinutes(1));
            for (var key : List.of(key(51_413), udp(51_413))) {
                assertThat(look(key)).isEqualTo(entry(key, 51_413, 0));
            }
        }
        assertThat(igd.asked).as("its looking asks nobody").hasSize(asked);
        assertThat(igd.released).hasSize(released);
        assertThat(igd.asked.values())
                .filteredOn(request -> request.key().internalPort() == 51_413)
                .extracting(MappingRequest::lifetime)
                .as("the PCP client renews what has no end")
                .containsOnly(Lifetime.INFINITE);
    }

    /** After a conflict or a failure it asks for another port, gives a gateway up after 10 seconds, and renews at 75 %. */
    @Test
    @Proves("igd:Q-06")
    void libtorrentTriesOtherPorts() {
        long taken = open(HOST, key(6881), 6881, 3600);
        refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, 1800);
        assertThat(igd.replies).containsEntry(taken, CONFLICT);
        long unanswered = open(HOST, key(40_001), 6881, 3600);
        igd.pass(Duration.ofSeconds(5));
        assertThat(igd.replies).containsEntry(unanswered, failed(IgdError.ACTION_FAILED));
        long other = open(HOST, key(49_999), 6881, 3600);
        igd.grant(49_999);
        assertThat(igd.replies).containsEntry(other, DONE);
        for (int renewal = 0; renewal < 8; renewal++) {
            igd.pass(Duration.ofSeconds(2700));
            assertThat(look(key(49_999))).isEqualTo(entry(key(49_999), 6881, 900));
            open(HOST, key(49_999), 6881, 3600);
            assertThat(igd.lastAsked().lifetime()).isEqualTo(new Lifetime(3600));
            igd.grant(49_999);
            assertThat(look(key(49_999))).isEqualTo(entry(key(49_999), 6881, 3600));
        }
        assertThat(igd.listed()).containsExactly(key(49_999));
    }

    /** It looks whether a port is free, and asks for one port several times. */
    @Test
    @Proves("igd:Q-16")
    void utorrentInsistsOnItsPort() {
        int before = igd.asked.size();
        assertThat(look(key(16_881))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        open(HOST, key(16_881), 16_881, 0);
        refuse(ResultCode.CANNOT_PROVIDE_EXTERNAL, 1800);
        for (int attempt = 2; attempt <= 4; attempt++) {
            igd.pass(Duration.ofSeconds(15));
            assertThat(igd.replies.get(open(HOST, key(16_881), 16_881, 0))).isEqualTo(CONFLICT);
        }
        assertThat(igd.asked).as("asked of the provider, who is asked once").hasSize(before + 1);
        igd.pass(Duration.ofSeconds(15));
        long later = open(HOST, key(16_881), 16_881, 0);
        igd.grant(16_881);
        assertThat(igd.replies).as("after a minute").containsEntry(later, DONE);
    }

    /** Each wants the same two UDP ports for ever: one it asks for in vain again and again, of the other it takes the next. */
    @Test
    @Proves("igd:Q-17")
    void twoConsolesHaveOneHome() {
        for (int port : new int[] {9308, 3074}) {
            long first = open(HOST, udp(port), port, 0);
            assertThat(igd.lastAsked().lifetime()).isEqualTo(Lifetime.INFINITE);
            igd.grant(port);
            assertThat(igd.replies).containsEntry(first, DONE);
        }
        int asked = igd.asked.size();
        for (int attempt = 0; attempt < 4; attempt++) {
            igd.pass(Duration.ofMinutes(1));
            assertThat(igd.replies.get(open(OTHER_HOST, udp(9308), 9308, 0))).isEqualTo(CONFLICT);
            assertThat(igd.replies.get(open(OTHER_HOST, udp(3074), 3074, 0))).isEqualTo(CONFLICT);
        }
        assertThat(igd.asked).as("the provider is not troubled").hasSize(asked);
        long next = open(OTHER_HOST, udp(3075), 3074, 0);
        igd.grant(3075);
        assertThat(igd.replies).containsEntry(next, DONE);
        assertThat(igd.listed()).containsExactly(udp(9308), udp(3074), udp(3075));
    }
}
