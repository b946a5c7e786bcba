package io.portreeve.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.PoolRange;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.ServerEffect.CgnCall;
import io.portreeve.server.engine.ServerEffect.Erase;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEvent.CgnDone;
import io.portreeve.server.engine.ServerEvent.Due;
import io.portreeve.server.engine.ServerEvent.NotSaved;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Saved;
import io.portreeve.server.engine.ServerEvent.SubscriberDeleted;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What happens to many at once happens in one order, in every run: that of their making. */
final class OrderTest {
    private static final int MANY = 20;
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");
    private static final Endpoint CLIENT = new Endpoint(PcpAddress.parse("100.64.0.2"), 49152);
    private static final Subscriber SUBSCRIBER =
            new Subscriber(new SubscriberId(CLIENT.address()), new SubscriberHandle(7), EXTERNAL);
    private static final MonoTime NOW = MonoTime.START.plus(Duration.ofHours(1));
    private static final Integer[] IN_ORDER =
            IntStream.rangeClosed(1, MANY).boxed().toArray(Integer[]::new);

    private final ServerEngine engine = new ServerEngine(
            new ServerPolicy(new Lifetime(120), new Lifetime(86_400), MANY, false),
            new ServerEpoch(NOW),
            new ExternalPool(List.of(new PoolRange(EXTERNAL, IpProtocol.TCP, 2000, 2999))),
            new RestoredState(List.of(SUBSCRIBER), List.of(), List.of(), Map.of()),
            Seeds.of(0));

    private List<ServerEffect> ask(int port) {
        var request = new MapRequest(
                new Lifetime(3600),
                CLIENT.address(),
                new MappingNonce(1, 2, 3),
                IpProtocol.TCP,
                port,
                0,
                PcpAddress.ANY_IPV4,
                List.of());
        return engine.handle(new Received(port, Client.of(CLIENT), request), NOW);
    }

    private void makeAll() {
        for (int port = 1; port <= MANY; port++) {
            var call = (CgnCall) ask(port).getFirst();
            engine.handle(new CgnDone(call.callId(), new CgnAnswer.Created(new PcpMapHandle(port))), NOW);
        }
        engine.handle(new Saved(), NOW);
    }

    private List<ServerEffect> deleteSubscriber() {
        return engine.handle(new SubscriberDeleted(SUBSCRIBER.handle()), NOW);
    }

    private static List<Integer> erased(List<ServerEffect> effects) {
        return effects.stream()
                .filter(Erase.class::isInstance)
                .map(effect -> ((Erase) effect).key().internal().port())
                .toList();
    }

    @Test
    void mappingsOfADeletedSubscriberAreErasedInOrder() {
        makeAll();
        assertThat(erased(deleteSubscriber())).containsExactly(IN_ORDER);
    }

    @Test
    void requestsOfADeletedSubscriberAreRefusedInOrder() {
        IntStream.rangeClosed(1, MANY).forEach(this::ask);
        var refused = deleteSubscriber().stream()
                .filter(Refuse.class::isInstance)
                .map(effect -> ((Refuse) effect).requestId());
        assertThat(refused)
                .containsExactly(LongStream.rangeClosed(1, MANY).boxed().toArray(Long[]::new));
    }

    @Test
    void whatCouldNotBeErasedIsErasedLaterInOrder() {
        makeAll();
        deleteSubscriber();
        engine.handle(new NotSaved(), NOW);
        var later = engine.handle(new Due(), NOW.plus(Duration.ofSeconds(1)));
        assertThat(erased(later))
                .as("undone from the last to the first")
                .isEqualTo(List.of(IN_ORDER).reversed());
    }
}
