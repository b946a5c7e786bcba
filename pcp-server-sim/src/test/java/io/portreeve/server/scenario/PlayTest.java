package io.portreeve.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.MappingView;
import io.portreeve.server.scenario.PlayEffect.Do;
import io.portreeve.server.scenario.PlayEffect.Verdict;
import io.portreeve.server.scenario.PlayEvent.Came;
import io.portreeve.server.scenario.PlayEvent.Due;
import io.portreeve.server.scenario.PlayEvent.Ended;
import io.portreeve.server.scenario.PlayEvent.Looked;
import io.portreeve.server.scenario.PlayEvent.NotDone;
import io.portreeve.server.scenario.SeenRequest.Kind;
import io.portreeve.server.scenario.Step.Act;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When what is done, and what is certain when. Times are milliseconds. */
final class PlayTest {
    private static final PcpAddress CLIENT = PcpAddress.parse("10.0.0.2");
    private static final SeenRequest MAP = request(Kind.MAP, 8080, false);
    private static final SeenRequest ADDRESS = new SeenRequest(Kind.ADDRESS, CLIENT, new IpProtocol(0), 0, false);

    private static final List<MappingView> THERE = List.of(new MappingView(
            IpProtocol.TCP,
            new Endpoint(CLIENT, 8080),
            new Endpoint(PcpAddress.parse("203.0.113.1"), 1329),
            new Lifetime(7200),
            new Endpoint(CLIENT, 40_000)));

    private final List<String> told = new ArrayList<>();
    private final List<Act> done = new ArrayList<>();
    private Play play;

    private static SeenRequest request(Kind kind, int port, boolean isDelete) {
        return new SeenRequest(kind, CLIENT, IpProtocol.TCP, port, isDelete);
    }

    private void begin(String... lines) throws Exception {
        play = new Play(ScenarioReader.read("test", List.of(lines)));
        due(0);
    }

    private void happen(PlayEvent event, int now) {
        play.handle(event, Duration.ofMillis(now)).forEach(effect -> {
            switch (effect) {
                case Do(var act) -> done.add(act);
                case Verdict(var step, boolean held, var at, var seen) ->
                    told.add((held ? "ok " : "FAILED ") + step.line() + " at " + at.toMillis() + ": " + seen);
            }
        });
    }

    private void due(int now) {
        happen(new Due(), now);
    }

    private void come(SeenRequest request, int at) {
        happen(new Came(request, Duration.ofMillis(at)), at + 3);
    }

    private void assertNextDue(int millis) {
        assertThat(play.nextDue()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void whatIsDueIsDoneInOrder() throws Exception {
        begin("at 0s faults delay=1s", "at 0s run true", "at 2s restart", "within 1s expect MAP");
        assertThat(done).extracting(Act::line).containsExactly(1, 2);
        assertNextDue(2000);
        due(1999);
        assertThat(done).hasSize(2);
        due(2000);
        assertThat(done).extracting(Act::line).containsExactly(1, 2, 3);
        assertNextDue(3000);
        assertThat(play.isOver()).isFalse();
        due(3000);
        assertThat(play.isOver()).isTrue();
    }

    @Test
    void enoughRequestsAreEnoughAtOnce() throws Exception {
        begin("within 10s expect MAP tcp 8080 count>=2");
        come(MAP, 100);
        come(ADDRESS, 200);
        assertThat(told).isEmpty();
        come(MAP, 300);
        assertThat(told).containsExactly("ok 1 at 300: seen 2");
        assertThat(play.isOver()).isTrue();
    }

    @Test
    void tooFewAreFailureAtTheEnd() throws Exception {
        begin("within 10s expect MAP tcp 8080 count>=2");
        come(ADDRESS, 100);
        come(MAP, 200);
        come(ADDRESS, 300);
        due(9999);
        assertThat(told).isEmpty();
        due(10_000);
        assertThat(told)
                .containsExactly("FAILED 1 at 10000: instead it received 2 x ADDRESS from 10.0.0.2,"
                        + " 1 x MAP tcp 8080 from 10.0.0.2");
    }

    @Test
    void timeBeginsWithTheActsAbove() throws Exception {
        begin("at 5s faults clear", "within 2s expect MAP", "within 1s expect ADDRESS");
        come(MAP, 4999);
        due(5000);
        come(ADDRESS, 6001);
        due(6001);
        assertThat(told).containsExactly("FAILED 3 at 6000: instead it received nothing");
        come(MAP, 7000);
        assertThat(told).last().isEqualTo("ok 2 at 7000: seen 1");
    }

    /** It is the restart that must bring it. */
    @Test
    void whatIsThereBeforeAnActIsDoneIsNotItsEffect() throws Exception {
        begin("at 5s restart", "within 2s expect mapping tcp 10.0.0.2:8080", "within 2s expect MAP");
        happen(new Looked(THERE), 5001);
        come(MAP, 5001);
        assertThat(told).isEmpty();
        due(5010);
        happen(new Looked(THERE), 5020);
        come(MAP, 5030);
        assertThat(told).hasSize(2).last().isEqualTo("ok 3 at 5030: seen 1");
    }

    @Test
    void noRequestMeansNoneAllTheTime() throws Exception {
        begin("for 5s expect no MAP", "for 4s expect no MAP udp", "for 3s expect MAP count<=1");
        come(request(Kind.MAP, 80, true), 900);
        assertThat(told).as("a deletion is another thing").isEmpty();
        come(MAP, 1000);
        assertThat(told)
                .containsExactly("FAILED 1 at 1000: instead it received 1 x MAP tcp 80 from 10.0.0.2 delete,"
                        + " 1 x MAP tcp 8080 from 10.0.0.2");
        due(3000);
        due(4000);
        assertThat(told)
                .endsWith("ok 3 at 3000: seen 1", "ok 2 at 4000: seen 0")
                .hasSize(3);
    }

    @Test
    void moreThanAFewAreTooMany() throws Exception {
        begin("for 3s expect MAP count<=1");
        come(MAP, 100);
        come(MAP, 200);
        assertThat(told).containsExactly("FAILED 1 at 200: instead it received 2 x MAP tcp 8080 from 10.0.0.2");
    }

    @Test
    void patternsAreAsExactAsWanted() throws Exception {
        begin(
                "within 1s expect MAP tcp",
                "within 1s expect MAP tcp 8080",
                "within 1s expect MAP from 10.0.0.2",
                "within 1s expect MAP tcp 8080 from 10.0.0.2 delete",
                "within 1s expect MAP tcp 8081",
                "within 1s expect MAP udp 8080",
                "within 1s expect MAP from 10.0.0.3",
                "within 1s expect PEER");
        come(MAP, 10);
        assertThat(told).hasSize(3).allMatch(line -> line.startsWith("ok "));
        come(request(Kind.MAP, 8080, true), 20);
        assertThat(told).last().isEqualTo("ok 4 at 20: seen 1");
        due(1000);
        assertThat(told)
                .hasSize(8)
                .filteredOn(line -> line.startsWith("FAILED "))
                .hasSize(4);
    }

    @Test
    void aMappingMayCome() throws Exception {
        begin(
                "within 1s expect mapping tcp 10.0.0.2:8080",
                "within 1s expect mapping tcp 10.0.0.2:8080 at 203.0.113.1:80");
        happen(new Looked(List.of()), 100);
        assertThat(told).isEmpty();
        happen(new Looked(THERE), 200);
        assertThat(told).containsExactly("ok 1 at 200: there is tcp 10.0.0.2:8080 at 203.0.113.1:1329");
        due(1000);
        assertThat(told).last().isEqualTo("FAILED 2 at 1000: there is tcp 10.0.0.2:8080 at 203.0.113.1:1329");
    }

    @Test
    void aMappingMustStay() throws Exception {
        begin("for 1s expect mapping tcp 10.0.0.2:8080", "for 2s expect no mapping udp 10.0.0.2:8080");
        happen(new Looked(THERE), 100);
        happen(new Looked(List.of()), 200);
        assertThat(told).containsExactly("FAILED 1 at 200: there is no mapping");
        happen(new Looked(List.of()), 2001);
        due(2001);
        assertThat(told).last().isEqualTo("ok 2 at 2000: there is no mapping");
    }

    @Test
    void whatNobodyCouldSeeIsNotMet() throws Exception {
        begin("for 1s expect no mapping tcp 10.0.0.2:8080");
        due(1000);
        assertThat(told).containsExactly("FAILED 1 at 1000: nobody could look at the table");
    }

    @Test
    void aProgramEndsAsExpectedOrNot() throws Exception {
        begin(
                "at 0s run natpmpc",
                "within 1s expect exit 0",
                "at 1s run sleep 9",
                "within 1s expect exit 0",
                "within 2s expect exit 7");
        happen(new Ended(done.getFirst(), 0), 500);
        assertThat(told).containsExactly("ok 2 at 500: exit 0");
        due(1000);
        due(2000);
        assertThat(told).last().isEqualTo("FAILED 4 at 2000: it runs still");
        happen(new Ended(done.getLast(), 1), 2500);
        assertThat(told).last().isEqualTo("FAILED 5 at 2500: exit 1");
    }

    @Test
    void aProgramMayHaveEndedBefore() throws Exception {
        begin("at 0s run true", "at 5s faults clear", "within 1s expect exit 0");
        happen(new Ended(done.getFirst(), 0), 10);
        assertThat(told).isEmpty();
        due(5000);
        assertThat(told).containsExactly("ok 3 at 5000: exit 0");
    }

    @Test
    void whatCannotBeDoneIsAFailure() throws Exception {
        begin("at 0s run natpmpc", "within 1s expect MAP");
        happen(new NotDone(done.getFirst(), "no shell"), 10);
        assertThat(told).containsExactly("FAILED 1 at 10: no shell");
    }
}
