package io.portreeve.igd.iwf;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingOutcome;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read without the interworking. That it is what the interworking replies, {@link Lockstep} checks at each call. */
class ReadingTest {
    private static final IgdAction FIRST = new IgdAction.GetGenericPortMappingEntry(0);
    private static final IgdAction ADDRESS = new IgdAction.GetExternalIPAddress();

    private final Lockstep igd = Lockstep.up();

    private Optional<IgdReply> read(IgdAction action) {
        return read(Lockstep.HOST, action);
    }

    private Optional<IgdReply> read(PcpAddress host, IgdAction action) {
        return igd.engine.reading().answer(host, IgdFace.V1, action, igd.now);
    }

    @Test
    void entriesAreReadOnceTheyWereListed() {
        igd.opened();
        assertThat(read(FIRST)).isEmpty();
        igd.call(FIRST);
        assertThat(read(FIRST)).contains(Lockstep.entry(0));
        assertThat(read(new IgdAction.GetGenericPortMappingEntry(1))).contains(Lockstep.failed(IgdError.INVALID_INDEX));
    }

    @Test
    void aChangeOfTheTableIsReadAtOnce() {
        igd.opened();
        igd.call(FIRST);
        igd.call(new IgdAction.DeletePortMapping(Lockstep.KEY));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(read(FIRST)).isNotEqualTo(Optional.of(Lockstep.entry(0)));
        assertThat(read(new IgdAction.GetPortMappingNumberOfEntries())).contains(new IgdReply.NumberOfEntries(0));
    }

    @Test
    void whatIsLeftOfALeaseIsCountedToTheReading() {
        igd.call(Lockstep.add(Lockstep.KEY, 8080, Lockstep.HOST, 100));
        igd.grant(8080);
        igd.call(FIRST);
        igd.now = igd.now.plus(Duration.ofSeconds(30));
        assertThat(read(FIRST)).contains(Lockstep.entry(70));
    }

    @Test
    void theSecondFaceShowsNobodyTheEntriesOfOthers() {
        igd.opened();
        igd.call(FIRST);
        assertThat(igd.engine.reading().answer(Lockstep.OTHER_HOST, IgdFace.V2, FIRST, igd.now))
                .contains(Lockstep.failed(IgdError.NOT_AUTHORIZED));
    }

    @Test
    void theAddressIsReadWhileItIsOneForAll() {
        assertThat(read(ADDRESS)).contains(new IgdReply.ExternalAddress(Optional.of(Lockstep.EXTERNAL)));
        igd.opened();
        var other = new Endpoint(PcpAddress.parse("203.0.114.77"), 9090);
        igd.call(Lockstep.OTHER_HOST, IgdFace.V1, Lockstep.add(Lockstep.key(9090), 9090, Lockstep.OTHER_HOST, 0));
        igd.answer(new MappingOutcome.Granted(other, new Lifetime(3600)));
        assertThat(read(ADDRESS)).as("it depends on the host").isEmpty();
        igd.call(Lockstep.OTHER_HOST, IgdFace.V1, new IgdAction.DeletePortMapping(Lockstep.key(9090)));
        igd.answerRelease(new MappingOutcome.Released());
        assertThat(read(ADDRESS)).contains(new IgdReply.ExternalAddress(Optional.of(Lockstep.EXTERNAL)));
    }

    @Test
    void noAddressIsReadWithoutOne() {
        igd.handle(new IwfEvent.WanChanged(Optional.empty()));
        assertThat(read(ADDRESS)).contains(new IgdReply.ExternalAddress(Optional.empty()));
        assertThat(read(new IgdAction.GetStatusInfo())).contains(new IgdReply.Status(false, 0));
    }

    @Test
    void aCallOfAHostThatSeemsToHaveLeftIsHeardByTheInterworking() {
        igd.opened();
        igd.handle(new IwfEvent.HostLeft(Lockstep.HOST, Departure.EXPIRED));
        assertThat(read(ADDRESS)).isEmpty();
        assertThat(read(Lockstep.OTHER_HOST, ADDRESS)).isPresent();
        igd.call(ADDRESS);
        assertThat(read(ADDRESS)).isPresent();
        igd.pass(Duration.ofMinutes(5));
        assertThat(igd.listed()).as("it is still there").hasSize(1);
    }

    @Test
    void whatChangesSomethingIsNeverRead() {
        for (var action : List.of(
                new IgdAction.DeletePortMapping(Lockstep.KEY),
                Lockstep.add(Lockstep.KEY, 80, Lockstep.HOST, 0),
                new IgdAction.GetSpecificPortMappingEntry(Lockstep.KEY))) {
            assertThat(read(action)).isEmpty();
        }
    }
}
