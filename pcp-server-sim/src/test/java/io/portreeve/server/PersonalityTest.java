package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.pcp.Lifetime;
import io.portreeve.server.engine.ServerPolicy.Nonces;
import io.portreeve.server.engine.ServerPolicy.Profile;
import io.portreeve.server.engine.ServerPolicy.Versions;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PersonalityTest {

    private static ServerSettings read(String... lines) throws SettingsException {
        var all = new ArrayList<>(List.of("listen = 127.0.0.1", "state-dir = x"));
        all.addAll(List.of(lines));
        return ServerSettings.of(new Settings("test.conf", all));
    }

    private static ServerSettings of(Personality personality) throws SettingsException {
        var name = "personality = " + personality;
        return personality == Personality.FIREWALL_V6 ? read(name) : read(name, "pool = 203.0.114.1");
    }

    @ParameterizedTest
    @EnumSource
    void eachIsAServerThatCanBe(Personality personality) throws Exception {
        assertThat(of(personality).listen()).hasSize(1);
        assertThat(personality.description()).endsWith(".");
    }

    @Test
    void eachSetsWhatItIsNamedFor() throws Exception {
        assertThat(of(Personality.RFC6887)).isEqualTo(read("pool = 203.0.114.1"));
        assertThat(of(Personality.STRICT_SIMPLE).policy().profile()).isEqualTo(Profile.SIMPLE);
        assertThat(of(Personality.NO_PREFER_FAILURE).policy().extras().preferFailure())
                .isFalse();
        assertThat(of(Personality.SMALL_QUOTA).policy().quota()).isEqualTo(32);
        assertThat(of(Personality.SMALL_QUOTA).policy().minimum()).isEqualTo(new Lifetime(300));
        assertThat(of(Personality.NONCE_OFF).policy().extras().nonces()).isEqualTo(Nonces.IGNORED);
        assertThat(of(Personality.NATPMP_ONLY).policy().versions()).isEqualTo(Versions.NAT_PMP);
        assertThat(of(Personality.VERSION_STUCK).policy().versions()).isEqualTo(Versions.DRAFT);
        assertThat(of(Personality.FIREWALL_V6).cgn()).isInstanceOf(CgnSettings.Mock.class);
        assertThat(of(Personality.DS_LITE).policy().access().authorized()).isNotEmpty();
    }

    @Test
    void whatTheFileSaysWins() throws Exception {
        var settings = read("personality = small-quota", "quota = 5", "pool = 203.0.114.1");
        assertThat(settings.policy().quota()).isEqualTo(5);
        assertThat(settings.policy().minimum()).isEqualTo(new Lifetime(300));
    }

    @Test
    void anErrorInWhatItSetsNamesItsLine() {
        assertThatThrownBy(() -> read("pool = 203.0.114.1", "max-lifetime = 200 s", "personality = small-quota"))
                .hasMessage("test.conf:4: max-lifetime = '200 s' is not at least min-lifetime, which is 300 s");
        assertThatThrownBy(() -> read("pool = 203.0.114.1", "third-party = on", "personality = strict-simple"))
                .hasMessageStartingWith("test.conf:4: third-party = 'on' is not possible with profile = simple");
        assertThatThrownBy(() -> read("pool = 203.0.114.1", "personality = version-stuck", "nat-pmp = on"))
                .hasMessageStartingWith("test.conf:5: nat-pmp = 'on' is not of any use with version = 1");
    }

    @Test
    void anUnknownOneIsToldWhichThereAre() {
        assertThatThrownBy(() -> read("pool = 203.0.114.1", "personality = nice"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("test.conf:4: personality = 'nice' is not one of rfc6887, strict-simple, no-prefer-failure,"
                        + " small-quota, nonce-off, natpmp-only, version-stuck, firewall-v6, ds-lite");
    }
}
