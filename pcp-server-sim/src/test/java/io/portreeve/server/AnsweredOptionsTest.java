package io.portreeve.server;

import static io.portreeve.pcp.ResultCode.MALFORMED_OPTION;
import static io.portreeve.pcp.ResultCode.MALFORMED_REQUEST;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.server.WantedMap.PREFER_FAILURE;
import static io.portreeve.server.WantedMap.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Description;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.Prefix64;
import io.portreeve.pcp.ResultCode;
import io.portreeve.requirements.Proves;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes back of DESCRIPTION and PREFIX64, and what the server can be set to. */
final class AnsweredOptionsTest {
    private static final Filter FILTER = new Filter(120, 0, PcpAddress.parse("198.51.100.0"));

    private Bench bench = bench(Extras.DEFAULT);

    private static Bench bench(Extras extras) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true).with(extras);
        return new Bench(policy, Bench.pool(2000, 2009), 1000);
    }

    private static Extras extras(boolean preferFailure, int descriptionOctets) {
        return new Extras(preferFailure, descriptionOctets, 64, Disclosure.NONE, new Lifetime(120), List.of());
    }

    private List<PcpOption> answered(PcpOption... options) {
        return bench.granted(map().with(options)).options();
    }

    private String stored() {
        return bench.store.load().mappings().getFirst().terms().description();
    }

    @Test
    @Proves("pcp:B-DESC-01")
    void aDescriptionIsStoredChangedAndErased() {
        assertThat(answered(new Description("Camera"))).containsExactly(new Description("Camera"));
        assertThat(stored()).isEqualTo("Camera");
        assertThat(answered(new Description("Türöffner"))).containsExactly(new Description("Türöffner"));
        assertThat(stored()).isEqualTo("Türöffner");
        assertThat(answered(new Description(""))).containsExactly(new Description(""));
        assertThat(stored()).isEmpty();
    }

    @Test
    @Proves({"pcp:B-DESC-01", "pcp:B-DESC-02"})
    void aDescriptionNobodyAsksForIsKeptAndNotTold() {
        answered(new Description("Camera"));
        assertThat(answered()).isEmpty();
        assertThat(stored()).isEqualTo("Camera");
        bench = bench.restart();
        assertThat(answered()).isEmpty();
        assertThat(stored()).isEqualTo("Camera");
    }

    @ParameterizedTest
    @CsvSource({"a, 200, 128", "a, 128, 128", "a, 127, 127", "ä, 100, 64", "€, 60, 42", "😀, 40, 32"})
    @Proves("pcp:B-DESC-01")
    void aLongOneIsCutBetweenTwoCharacters(String character, int sent, int kept) {
        var cut = new Description(character.repeat(kept));
        assertThat(answered(new Description(character.repeat(sent)))).containsExactly(cut);
        assertThat(stored()).isEqualTo(cut.text());
        assertThat(answered(cut)).containsExactly(cut);
    }

    @Test
    @Proves("pcp:B-DESC-01")
    void aServerMayKeepMoreOrNoDescriptions() {
        bench = bench(extras(true, 1016));
        var long1016 = new Description("x".repeat(1016));
        assertThat(answered(long1016)).containsExactly(long1016);
        bench = bench(extras(true, 0));
        assertThat(answered(long1016)).isEmpty();
        assertThat(answered(new Description("x"), new Description("y"))).isEmpty();
        assertThat(stored()).isEmpty();
    }

    @Test
    @Proves("pcp:S-GEN-08")
    void whoDoesNotPreferFailureDoesNotKnowTheOption() {
        bench = bench(extras(false, 128));
        assertThat(bench.refused(map().suggest(2001).with(PREFER_FAILURE)))
                .extracting(Refuse::result, Refuse::lifetime)
                .containsExactly(UNSUPP_OPTION, new Lifetime(1800));
        assertThat(bench.cgn.table()).isEmpty();
    }

    private static List<Prefix64> prefixes(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> new Prefix64(12, PcpAddress.parse("2001:db8:" + Integer.toHexString(i) + "::"), List.of()))
                .toList();
    }

    @Test
    @Proves({"pcp:B-P64-02", "pcp:S-GEN-11"})
    void prefixesComeInTheirOrderInPlaceOfTheQuestionAndOnlyThen() {
        bench = bench(Extras.DEFAULT.with(prefixes(2)));
        var prefixes = prefixes(2);
        assertThat(answered(FILTER, Prefix64.QUESTION, new Description("x")))
                .containsExactly(FILTER, prefixes.get(0), prefixes.get(1), new Description("x"));
        assertThat(answered(FILTER)).containsExactly(FILTER);
        assertThat(bench.refused(map().with(Prefix64.QUESTION, Prefix64.QUESTION))
                        .result())
                .isEqualTo(MALFORMED_OPTION);
        assertThat(bench.granted(map().with(Prefix64.QUESTION).lifetime(0)).result())
                .isZero();
    }

    /** 60 octets, and 24 for each filter; a prefix has 20. */
    @ParameterizedTest
    @CsvSource({"42, 1, true", "42, 2, false", "0, 52, true", "0, 53, false"})
    @Proves({"pcp:S-GEN-12", "pcp:S-GEN-10"})
    void anAnswerThatWouldBeTooLongIsAnErrorOfTheRequest(int filters, int prefixes, boolean fits) {
        bench = bench(Extras.DEFAULT.with(prefixes(prefixes)));
        var options = Stream.concat(Collections.nCopies(filters, FILTER).stream(), Stream.of(Prefix64.QUESTION))
                .toArray(PcpOption[]::new);
        if (fits) {
            assertThat(answered(options)).hasSize(filters + prefixes);
        } else {
            assertThat(bench.refused(map().with(options)).result()).isEqualTo(MALFORMED_REQUEST);
            assertThat(bench.cgn.table()).isEmpty();
        }
    }

    /** 1000 octets were sent, and 128 come back. */
    @Test
    @Proves("pcp:S-GEN-12")
    void whatIsCutMakesRoom() {
        bench = bench(Extras.DEFAULT.with(prefixes(40)));
        assertThat(answered(new Description("x".repeat(1000)), Prefix64.QUESTION))
                .hasSize(41);
    }

    /** 24 octets, and 20 for each prefix. */
    @Test
    @Proves("pcp:S-GEN-12")
    void soIsTheAnswerToAnAnnounce() {
        var question = new AnnounceRequest(Bench.CLIENT.address(), List.of(Prefix64.QUESTION));
        bench = bench(Extras.DEFAULT.with(prefixes(53)));
        assertThat(bench.ask(Bench.CLIENT, question))
                .isEqualTo(new Reply(
                        1,
                        new AnnounceResponse(ResultCode.SUCCESS.value(), new EpochTime(0), List.copyOf(prefixes(53)))));
        bench = bench(Extras.DEFAULT.with(prefixes(54)));
        assertThat(bench.ask(Bench.CLIENT, question))
                .isInstanceOfSatisfying(
                        Refuse.class, refuse -> assertThat(refuse.result()).isEqualTo(MALFORMED_REQUEST));
        assertThat(bench.ask(Bench.CLIENT, new AnnounceRequest(Bench.CLIENT.address())))
                .isInstanceOf(Reply.class);
    }
}
