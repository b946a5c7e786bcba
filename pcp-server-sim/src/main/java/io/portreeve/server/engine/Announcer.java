package io.portreeve.server.engine;

import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpMessage;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says, several times because datagrams get lost, that mappings were, and to clients of NAT-PMP which external address they
 * have. Source: RFC 6887 sections 14.1.3, 14.2; RFC 6886 section 3.2.1.
 *
 * <p>NAT-PMP tells all clients at once the one address of their gateway. Where subscribers have different ones that would be
 * false for most, so each that is known is told its own; one that listens for the group alone learns of the loss by the epoch of
 * the next answer.
 *
 * <p>No group reaches into a tunnel, so each host there is told that had a mapping. Who had none has lost nothing.
 */
final class Announcer {
    private static final PcpAddress ALL_IPV4_HOSTS = PcpAddress.parse("224.0.0.1");
    private static final int COPIES = 10;
    private static final Duration FIRST_GAP = Duration.ofMillis(250);

    /** What there is to say, and to whom. */
    private sealed interface News {

        /** To all. */
        record Loss() implements News {}

        record LossOf(SubscriberId subscriber) implements News {}

        /** A client of PCP hears of it mapping by mapping. */
        record AddressOf(SubscriberId subscriber) implements News {}
    }

    /**
     * The copies still to be sent.
     *
     * @param clients who had mappings
     */
    private record Series(Set<Client> clients, int sent, Duration gap, MonoTime due) {
        static Series begin(Set<Client> clients, MonoTime now) {
            return new Series(clients, 0, FIRST_GAP, now);
        }

        Optional<Series> next() {
            return sent + 1 == COPIES
                    ? Optional.empty()
                    : Optional.of(new Series(clients, sent + 1, gap.multipliedBy(2), due.plus(gap)));
        }
    }

    private final ServerState state;
    private final Map<News, Series> series = new LinkedHashMap<>();

    Announcer(ServerState state) {
        this.state = state;
    }

    MonoTime nextDue() {
        return series.values().stream()
                .map(Series::due)
                .min(MonoTime::compareTo)
                .orElse(MonoTime.NEVER);
    }

    /** {@return where those listen who asked for {@code mappings}} */
    static Set<Client> clientsOf(Stream<Mapping> mappings) {
        return mappings.map(Mapping::row)
                .filter(row -> !row.isStatic())
                .map(row -> new Client(
                        row.key().subscriber(), new Endpoint(row.client().address(), PcpMessage.CLIENT_PORT)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** @param clients who had mappings */
    void announceToAll(Set<Client> clients, Step step) {
        series.clear();
        var tunnelled =
                clients.stream().filter(Client::isTunnelled).collect(Collectors.toCollection(LinkedHashSet::new));
        begin(new News.Loss(), tunnelled, step);
    }

    /** @param clients who had mappings */
    void announceTo(SubscriberId subscriber, Set<Client> clients, Step step) {
        begin(new News.LossOf(subscriber), clients, step);
    }

    void announceAddressOf(SubscriberId subscriber, Step step) {
        begin(new News.AddressOf(subscriber), Set.of(), step);
    }

    private void begin(News news, Set<Client> clients, Step step) {
        series.put(news, Series.begin(clients, step.now));
        due(step);
    }

    void due(Step step) {
        List<News> due = new ArrayList<>();
        series.forEach((news, its) -> {
            if (!its.due().isAfter(step.now)) {
                due.add(news);
            }
        });
        for (var news : due) {
            var its = series.remove(news);
            send(news, its.clients(), step);
            its.next().ifPresent(next -> series.put(news, next));
        }
    }

    private void send(News news, Set<Client> clients, Step step) {
        var versions = state.policy.versions();
        if (versions.hasPcp()) {
            sendPcp(news, clients, step);
        }
        if (versions.hasNatPmp()) {
            sendNatPmp(news, step);
        }
    }

    private void sendPcp(News news, Set<Client> clients, Step step) {
        if (news instanceof News.Loss) {
            step.add(new ServerEffect.AnnounceToAll(loss(state.epochs.common(step.now))));
        }
        clients.forEach(client ->
                step.add(new ServerEffect.Send(client, loss(state.epochs.of(client.subscriber(), step.now)))));
    }

    private static AnnounceResponse loss(EpochTime epoch) {
        return new AnnounceResponse(ResultCode.SUCCESS.value(), epoch);
    }

    private void sendNatPmp(News news, Step step) {
        switch (news) {
            case News.Loss() ->
                state.pool
                        .onlyIpv4Address()
                        .ifPresentOrElse(
                                only -> tell(ALL_IPV4_HOSTS, state.epochs.common(step.now), only, step),
                                () -> List.copyOf(state.subscribers.keySet())
                                        .forEach(key -> tellItsAddress(key, step)));
            case News.LossOf(var id) -> tellItsAddress(new SubscriberKey(id, Family.IPV4), step);
            case News.AddressOf(var id) -> tellItsAddress(new SubscriberKey(id, Family.IPV4), step);
        }
    }

    /** NAT-PMP knows IPv4 only. */
    private void tellItsAddress(SubscriberKey key, Step step) {
        var id = key.subscriber();
        Optional.of(key)
                .filter(it -> it.external() == Family.IPV4 && id.address().isIpv4())
                .map(state.subscribers::get)
                .map(Subscriber::external)
                .ifPresent(external -> tell(id.address(), state.epochs.of(id, step.now), external, step));
    }

    private static void tell(PcpAddress to, EpochTime epoch, PcpAddress external, Step step) {
        step.add(new ServerEffect.SendNatPmp(
                new Endpoint(to, PcpMessage.CLIENT_PORT),
                new ExternalAddressResponse(NatPmpResult.SUCCESS, epoch, external)));
    }
}
