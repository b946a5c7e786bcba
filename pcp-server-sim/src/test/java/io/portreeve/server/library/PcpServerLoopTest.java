package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryBench.HOME;
import static io.portreeve.server.library.LibraryBench.endpoint;
import static io.portreeve.server.library.LibraryBench.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.pcp.wire.Vectors;
import io.portreeve.requirements.Proves;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library as the master of a CGN. */
@Timeout(120)
@Proves("pcp:L-01")
final class PcpServerLoopTest {

    /** A CGN that starts when it is told to. */
    private static final class Module implements CgnModule {
        final List<String> told = Collections.synchronizedList(new ArrayList<>());
        final CompletableFuture<PcpCallbacks> callbacks = new CompletableFuture<>();
        final FakeCgn cgn;

        Module(FakeCgn cgn) {
            this.cgn = cgn;
        }

        @Override
        public PcpMethods init(Settings words) throws SettingsException {
            told.add("init " + words.required("pool"));
            return cgn;
        }

        @Override
        public void register(PcpCallbacks registered) {
            told.add("register");
            callbacks.complete(registered);
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    private static FakeCgn cgn() {
        return new FakeCgn(PcpAddress.parse("203.0.113.7"), 40_000, new Lifetime(60), () -> MonoTime.START);
    }

    private static PcpServerLoop start(Module module, String... words) throws SettingsException {
        return PcpServerLoop.start(module, List.of(words), () -> MonoTime.START);
    }

    private static FakeCgn.Datagram datagram(byte[] octets) {
        return new FakeCgn.Datagram(endpoint("192.168.1.10", 5000), octets);
    }

    @Test
    void aCgnLivesFromInitToClose() throws Exception {
        var module = new Module(cgn());
        try (var loop = start(module, "type=nat444", "pool=203.0.113.7", "flags=announce")) {
            assertThat(loop).isNotNull();
            assertThat(module.told).containsExactly("init 203.0.113.7", "register");
            module.cgn.arriving.add(datagram(PcpEncoder.encode(map(80))));
            assertThat(module.cgn.sent.poll(60, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(module.told).containsExactly("init 203.0.113.7", "register", "close");
    }

    /** While the loop waits for a request. */
    @Test
    void theCgnCanCallBack() throws Exception {
        var module = new Module(cgn());
        try (var loop = start(module, "type=nat444", "pool=x", "flags=announce")) {
            assertThat(loop).isNotNull();
            assertThat(module.cgn.waits.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
            module.callbacks.get(60, TimeUnit.SECONDS).announce(LibraryBench.context(HOME), new EpochTime(0));
            assertThat(module.cgn.sent.remove().octets()).isEqualTo(Vectors.octets("V03"));
        }
    }

    @Test
    void aWordThatNobodyKnowsIsAnError() {
        var module = new Module(cgn());
        assertThatThrownBy(() -> start(module, "type=nat444", "pool=x", "flag=announce"))
                .hasMessage("command line:3: unknown key 'flag'; did you mean 'flags'?");
        assertThat(module.told).containsExactly("init x", "close");
    }

    @Test
    void aCgnIsNotStartedForWhatTheLibraryCannot() {
        var module = new Module(cgn());
        assertThatThrownBy(() -> start(module, "type=nat444", "pool=x", "flags=port0"))
                .hasMessageStartingWith("command line:3: flags = 'port0' is not possible: port0 needs otherproto");
        assertThat(module.told).isEmpty();
    }

    /** The socket has an error once; the next request is served all the same. */
    @Test
    void goesOnAfterAnError() throws Exception {
        var failing = new FakeCgn(PcpAddress.parse("203.0.113.7"), 40_000, new Lifetime(60), () -> MonoTime.START) {
            private int failures = 2;

            @Override
            public byte[] receiveRequest(PcpContext context) {
                return switch (failures--) {
                    case 2 -> throw new IllegalStateException("no network");
                    case 1 -> new byte[0];
                    default -> super.receiveRequest(context);
                };
            }
        };
        try (var loop = start(new Module(failing), "type=nat444", "pool=x")) {
            assertThat(loop).isNotNull();
            failing.arriving.add(datagram(PcpEncoder.encode(map(80))));
            assertThat(failing.sent.poll(60, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void aMethodOfTheCgnCanCloseIt() throws Exception {
        var loop = new CompletableFuture<PcpServerLoop>();
        var closing = new FakeCgn(PcpAddress.parse("203.0.113.7"), 40_000, new Lifetime(60), () -> MonoTime.START) {
            @Override
            public ReturnCode authorize(PcpContext context, int length, int thirdPartyOffset) {
                loop.join().close();
                return ReturnCode.OK;
            }
        };
        var module = new Module(closing);
        loop.complete(start(module, "type=nat444", "pool=x"));
        closing.arriving.add(datagram(PcpEncoder.encode(map(80))));
        assertThat(closing.sent.poll(60, TimeUnit.SECONDS)).as("the answer").isNotNull();
        loop.join().close();
        assertThat(module.told).last().isEqualTo("close");
    }
}
