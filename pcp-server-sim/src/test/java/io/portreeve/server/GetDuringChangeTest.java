package io.portreeve.server;

import static io.portreeve.server.WantedGet.get;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerEffect.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What GET lists of mappings that are being made, renewed or changed: what is on disk. */
final class GetDuringChangeTest extends GetBench {
    /** In one batch with requests that make a mapping, renew one and delete one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Proves("rel:I2")
    void nothingIsListedThatIsNotOnDisk(boolean full) {
        grant(bench, map().port(1));
        grant(bench, map().port(2));
        bench.cgnIsSlow = true;
        bench.ask(Bench.CLIENT, map().port(3).build());
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.store.full = full;
        var answers = bench.askAtOnce(
                Bench.CLIENT,
                List.of(
                        map().port(1).lifetime(7200).build(),
                        get().build(),
                        map().port(2).lifetime(0).build()));
        var page = (GetResponse) ((Reply) answers.get(1)).response();
        assertThat(internalPorts(page)).containsExactlyInAnyOrderElementsOf(full ? List.of(1, 2) : List.of(1, 3));
        var renewed = page.mappings().stream()
                .filter(mapping -> mapping.tuple().internalPort() == 1)
                .findFirst()
                .orElseThrow();
        assertThat(renewed.remaining()).isEqualTo(new Lifetime(full ? 3600 : 7200));
    }

    private static final Filter ONE_HOST = new Filter(128, 0, PcpAddress.parse("198.51.100.10"));

    /** It could not be stored while its client already has its filter changed. */
    @Test
    @Proves("rel:I2")
    void whatIsTakenBackIsNotListedWhileItIsBeingChanged() {
        grant(bench, map().port(1));
        bench.cgnIsSlow = true;
        bench.ask(Bench.CLIENT, map().port(2).build());
        bench.cgnIsSlow = false;
        bench.hearFromCgn(1);
        bench.store.full = true;
        var answers = bench.askAtOnce(
                Bench.CLIENT, List.of(map().port(2).with(ONE_HOST).build(), get().build()));
        var page = (GetResponse) ((Reply) answers.get(1)).response();
        assertThat(internalPorts(page)).containsExactly(1);
    }

    @Test
    @Proves("rel:I2")
    void aRenewalThatIsTakenBackIsNotListedWhileTheFilterIsBeingChanged() {
        grant(bench, map().lifetime(300));
        bench.cgnIsSlow = true;
        bench.store.full = true;
        var answers = bench.askAtOnce(
                Bench.CLIENT,
                List.of(map().lifetime(600).build(), map().with(ONE_HOST).build(), get().build()));
        var page = (GetResponse) ((Reply) answers.get(2)).response();
        assertThat(page.mappings().getFirst().remaining()).isEqualTo(new Lifetime(300));
    }

    @Test
    @Proves("pcp:G-05")
    void aMappingWhoseFilterIsBeingChangedIsStillThere() {
        grant(bench, map().port(1));
        grant(bench, map().port(2));
        bench.cgnIsSlow = true;
        var filter = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));
        bench.ask(Bench.CLIENT, map().port(1).with(filter).build());
        assertThat(internalPorts(read(get()))).containsExactly(1, 2);
        assertThat(read(get().wanting(OptionCode.FILTER)).mappings().getFirst().embedded())
                .as("not in force yet")
                .isEmpty();
        bench.letTheCgnAnswer();
        assertThat(read(get().wanting(OptionCode.FILTER)).mappings().getFirst().embedded())
                .containsExactly(filter);
        bench.assertNoOrphan();
    }
}
