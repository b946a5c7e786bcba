package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host at home gets from its gateway, whatever server the provider has. */
class PersonalityIT {
    private static final String POOL = "pool = 203.0.114.1";

    @TempDir
    private Path work;

    private static Command.Result add(Chain chain, int port) throws Exception {
        return chain.home().upnpc("-a", "192.168.1.10", "" + port, "" + port, "TCP");
    }

    /** The one without PREFER_FAILURE is asked again without it, the one without PCP by NAT-PMP. */
    @ParameterizedTest
    @ValueSource(strings = {"rfc6887", "no-prefer-failure", "nonce-off", "natpmp-only"})
    void opensThePortThatIsWantedAndClosesIt(String personality) throws Exception {
        try (var chain = Chain.imitating(work, personality, POOL)) {
            assertThat(add(chain, 8080).output()).contains("external 203.0.114.1:8080 TCP is redirected");
            assertThat(chain.cgnTable()).containsExactly("TCP 100.64.0.2:8080 203.0.114.1:8080");
            chain.home().upnpcSucceeds("-d", "8080", "TCP");
            assertThat(chain.cgnTable()).isEmpty();
        }
    }

    /** The RFC lets nobody choose there: who needs that very port is told so, who takes any gets one. */
    @Test
    void aServerThatTrustsNobodyGivesAnyPort() throws Exception {
        try (var chain = Chain.imitating(work, "strict-simple", POOL)) {
            assertThat(add(chain, 8080).output()).contains("718 (ConflictInMappingEntry)");
            assertThat(chain.cgnTable()).isEmpty();
            var second = chain.home().description().toString().replace("/igd1/", "/igd2/");
            var any = chain.home().onLan("upnpc", "-u", second, "-n", "192.168.1.10", "8080", "8080", "TCP");
            assertThat(any.exitCode()).as(any.output()).isZero();
            assertThat(chain.cgnTable()).singleElement().asString().startsWith("TCP 100.64.0.2:");
        }
    }

    @Test
    void aSmallQuotaIsAnErrorWhenItIsUsedUp() throws Exception {
        try (var chain = Chain.imitating(work, "small-quota", POOL, "quota = 3")) {
            for (int port = 8001; port <= 8003; port++) {
                assertThat(add(chain, port).exitCode()).as("port " + port).isZero();
            }
            assertThat(add(chain, 8004).output()).contains("501 (Action Failed)");
            chain.home().upnpcSucceeds("-d", "8001", "TCP");
            assertThat(add(chain, 8005).exitCode()).isZero();
        }
    }

    @Test
    void aServerThatSpeaksNoVersionOfOursIsAnErrorAtOnce() throws Exception {
        try (var chain = Chain.imitating(work, "version-stuck", POOL)) {
            assertThat(add(chain, 8080).output()).contains("501 (Action Failed)");
        }
    }

    @Test
    void aFirewallOpensThePortAsItIs() throws Exception {
        try (var chain = Chain.imitating(work, "firewall-v6")) {
            assertThat(add(chain, 8080).output()).contains("external 100.64.0.2:8080 TCP is redirected");
            assertThat(chain.cgnTable()).containsExactly("TCP 100.64.0.2:8080 100.64.0.2:8080");
        }
    }
}
