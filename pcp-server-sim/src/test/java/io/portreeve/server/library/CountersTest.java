package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import io.portreeve.server.library.PcpMethods.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is counted, and the words for people. */
@Proves("pcp:L-06")
final class CountersTest {

    @Test
    void eachVectorCountsByItsNumbers() {
        var bench = LibraryBench.ofNat444();
        var filter = new Filter(128, 0, PcpAddress.parse("198.51.100.1"));
        bench.ask(new AnnounceRequest(HOME));
        bench.ask(map(80, filter, filter, new Description("tv")));
        bench.ask(map(80, new PreferFailure()));
        assertThat(bench.cgn.counters)
                .isEqualTo(Map.of(
                        Counter.OPERATION + " 0", 1,
                        Counter.OPERATION + " 1", 2,
                        Counter.RESULT + " 0", 2,
                        Counter.RESULT + " 6", 1,
                        Counter.OPTION + " 2", 1,
                        Counter.OPTION + " 3", 2,
                        Counter.OPTION + " 128", 1));
    }

    @Test
    void whatCannotBeReadIsCountedToo() {
        var bench = LibraryBench.ofNat444();
        var context = LibraryBench.context(HOME);
        context.request(new byte[] {3, 1});
        bench.library.runOnce(context);
        context.request(new byte[] {2, (byte) 0x81, 0, 0});
        bench.library.runOnce(context);
        assertThat(bench.cgn.counters).as("not the response").isEqualTo(Map.of("OPERATION 1", 1, "RESULT 1", 1));
    }

    @Test
    void theWordsAreThere() {
        PcpMethods methods = LibraryBench.ofNat444().cgn;
        assertThat(List.of(ReturnCode.values()))
                .extracting(methods::strerror)
                .doesNotHaveDuplicates()
                .contains("OK", "excessive number of remote peers");
        assertThat(methods.id2str(HOME)).isEqualTo("192.168.1.10");
    }

    /** The CGN may know its subscribers by name. */
    @Test
    void theWordsCanBeReplaced() {
        var words = new ArrayList<String>();
        var cgn = new FakeCgn(HOME, 40_000, new Lifetime(60), () -> MonoTime.START) {
            @Override
            public String strerror(ReturnCode code) {
                words.add("refus " + code);
                return "refus";
            }

            @Override
            public String id2str(PcpAddress subscriber) {
                words.add("alice " + subscriber);
                return "alice";
            }
        };
        cgn.policy = ReturnCode.ERR_EXQUOTA;
        var context = LibraryBench.context(HOME);
        context.request(PcpEncoder.encode(map(80)));
        new PcpLibrary(LibraryBench.nat444(), cgn, () -> MonoTime.START).runOnce(context);
        assertThat(words).containsExactly("alice 192.168.1.10", "refus ERR_EXQUOTA");
    }
}
