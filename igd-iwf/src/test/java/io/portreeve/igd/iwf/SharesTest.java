package io.portreeve.igd.iwf;

import static io.portreeve.igd.iwf.Lockstep.DONE;
import static io.portreeve.igd.iwf.Lockstep.HOST;
import static io.portreeve.igd.iwf.Lockstep.OTHER_HOST;
import static io.portreeve.igd.iwf.Lockstep.add;
import static io.portreeve.igd.iwf.Lockstep.failed;
import static io.portreeve.igd.iwf.Lockstep.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.IgdAction.AddAnyPortMapping;
import io.portreeve.igd.iwf.IgdAction.DeletePortMapping;
import io.portreeve.igd.iwf.IgdAction.GetSpecificPortMappingEntry;
import io.portreeve.igd.limits.Rate;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of the gateway one host gets. */
class SharesTest {
    private final Lockstep igd = new Lockstep(IwfPolicy.ROUTING).started();

    private static Lockstep without(Rate rate, int ofHost, int ofLan) {
        return new Lockstep(IwfPolicy.ROUTING.with(new Quotas(ofHost, ofLan, rate, Rate.UNLIMITED))).started();
    }

    private static IgdReply open(Lockstep igd, PcpAddress host, IgdFace face, int port) {
        int asked = igd.asked.size();
        long call = igd.call(host, face, add(key(port), port, host, 0));
        if (igd.asked.size() > asked) {
            igd.grant(port);
        }
        return igd.replies.get(call);
    }

    @Test
    @Proves({"rel:T-14", "igd:I-ACL-06"})
    void aHostThatFloodsHasItsShareAndLeavesTheOthersTheirs() {
        for (int port = 1024; port < 65_536; port += 9) {
            open(igd, HOST, port % 2 == 0 ? IgdFace.V1 : IgdFace.V2, port);
            if (port % 100 == 0) {
                igd.pass(Duration.ofSeconds(1));
            }
        }
        assertThat(igd.listed()).hasSize(64);
        igd.pass(Duration.ofMinutes(1));
        assertThat(open(igd, HOST, IgdFace.V1, 2000)).isEqualTo(failed(IgdError.ACTION_FAILED));
        assertThat(open(igd, HOST, IgdFace.V2, 2000)).isEqualTo(failed(IgdError.NO_PORT_MAPS_AVAILABLE));
        assertThat(open(igd, OTHER_HOST, IgdFace.V1, 2000)).isEqualTo(DONE);
        assertThat(open(igd, HOST, IgdFace.V1, 1024)).as("only renewed").isEqualTo(DONE);
        igd.call(new DeletePortMapping(key(1024)));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(open(igd, HOST, IgdFace.V1, 2001))
                .as("in the place of another")
                .isEqualTo(DONE);
    }

    /** Nobody closes what it left open: that ends with its lease. */
    @Test
    @Proves("igd:F-02")
    void aProgramThatStartsAgainOnAnotherPortHasThatTooIfItsHostMayHaveSoMany() {
        var igd = without(Rate.UNLIMITED, 2, 100);
        for (int start = 0; start < 3; start++) {
            igd.call(add(key(8080 + start), 9000 + start, HOST, 3600));
            igd.grant(8080 + start);
        }
        assertThat(igd.listed()).containsExactly(key(8080), key(8081));
        assertThat(igd.released.values()).as("but for the sentinel").hasSize(1);
        igd.pass(Duration.ofHours(1));
        assertThat(igd.released.values()).hasSize(3);
    }

    @Test
    @Proves({"rel:T-14", "igd:I-ACL-06"})
    void whatIsBeingMadeCountsToo() {
        var igd = without(Rate.UNLIMITED, 3, 100);
        for (int port : List.of(2001, 2002, 2003, 2004)) {
            igd.call(add(key(port), port, HOST, 0));
        }
        long any = igd.call(HOST, IgdFace.V2, new AddAnyPortMapping(key(0), 8080, HOST, true, "", 0));
        assertThat(igd.asked).as("the sentinel, and three").hasSize(4);
        assertThat(igd.replies).containsEntry(any, failed(IgdError.NO_PORT_MAPS_AVAILABLE));
    }

    @Test
    @Proves("igd:I-ACL-06")
    void theHostsTogetherHaveTheirShare() {
        var igd = without(Rate.UNLIMITED, 2, 3);
        assertThat(open(igd, HOST, IgdFace.V1, 2001)).isEqualTo(DONE);
        assertThat(open(igd, HOST, IgdFace.V1, 2002)).isEqualTo(DONE);
        assertThat(open(igd, OTHER_HOST, IgdFace.V1, 2003)).isEqualTo(DONE);
        assertThat(open(igd, OTHER_HOST, IgdFace.V2, 2004)).isEqualTo(failed(IgdError.NO_PORT_MAPS_AVAILABLE));
    }

    @Test
    @Proves({"rel:T-14", "igd:I-ACL-06"})
    void aHostAsksSoOftenAndNoMoreButDeletesAsItLikes() {
        for (int i = 0; i < 32; i++) {
            var port = new GetSpecificPortMappingEntry(key(3000 + i));
            assertThat(igd.reply(port)).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        }
        var one = new GetSpecificPortMappingEntry(key(3000));
        assertThat(igd.reply(one)).isEqualTo(failed(IgdError.ACTION_FAILED));
        assertThat(open(igd, HOST, IgdFace.V2, 3000)).isEqualTo(failed(IgdError.NO_PORT_MAPS_AVAILABLE));
        assertThat(igd.reply(new DeletePortMapping(key(3000)))).isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
        assertThat(open(igd, OTHER_HOST, IgdFace.V1, 3000))
                .as("at the same moment")
                .isEqualTo(DONE);
        igd.pass(Duration.ofMillis(99));
        assertThat(igd.reply(one)).isEqualTo(failed(IgdError.ACTION_FAILED));
        igd.pass(Duration.ofMillis(1));
        assertThat(igd.reply(one)).as("ten a second").isEqualTo(failed(IgdError.NO_SUCH_ENTRY));
    }

    @Test
    @Proves("igd:I-ACL-06")
    void noHostFillsTheLog() {
        for (int i = 0; i < 10_000; i++) {
            igd.reply(add(key(22), 22, HOST, 0));
            igd.reply(new GetSpecificPortMappingEntry(key(3000)));
        }
        assertThat(igd.audited()).hasSize(20).contains("denied to 192.168.1.10: it asks too often");
    }

    @Test
    void thereMayBeNoQuotaAtAll() {
        var igd = Lockstep.up();
        for (int port = 2000; port < 3000; port++) {
            assertThat(open(igd, HOST, IgdFace.V1, port)).isEqualTo(DONE);
        }
    }
}
