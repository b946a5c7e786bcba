package io.portreeve.igd.gena;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Await;
import io.portreeve.testing.Failures;
import io.portreeve.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventingTest {
    private static final Caller CONSOLE = new Caller(Play.CONSOLE, Play.GATEWAY);

    private static GenaAnswer subscribe(Eventing eventing) {
        return eventing.subscribe(Play.PATH, CONSOLE, header -> switch (header) {
            case "NT" -> List.of("upnp:event");
            case "CALLBACK" -> List.of("<http://" + Play.CONSOLE + ":40001/cb>");
            default -> List.of();
        });
    }

    /** Nobody knows the SIDs of those, so nobody could unsubscribe. */
    @Test
    void keepsNoPlaceForWhoNoLongerWaitsForAnAnswer() throws Exception {
        try (var eventing = new Eventing(new BootClock(), Seeds.of(1), Failures::unexpected)) {
            eventing.publish(Play.PATH, Play.variables("Entries", "1"));
            for (int i = 0; i < GenaEngine.MAX_PER_HOST; i++) {
                Thread.currentThread().interrupt();
                assertThat(subscribe(eventing)).isEqualTo(GenaAnswer.Refused.UNAVAILABLE);
                assertThat(Thread.interrupted()).isTrue();
            }
            eventing.start();
            Await.until("there is room for one who waits", () -> subscribe(eventing) instanceof GenaAnswer.Granted);
        }
    }
}
