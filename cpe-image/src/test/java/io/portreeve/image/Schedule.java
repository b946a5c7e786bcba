package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.image.Capture.Datagram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When a client asked for each of its mappings, held against what RFC 6887 allows. */
final class Schedule {
    private static final Duration SHORTEST_RT = Duration.ofMillis(2700);
    private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(4);

    /** What a busy machine, and writing to disk before the first request, may take off a distance. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final Map<String, List<Datagram>> mappings = new LinkedHashMap<>();

    Schedule(List<Datagram> datagrams) {
        for (var datagram : datagrams) {
            mappings.computeIfAbsent(datagram.mapping(), _ -> new ArrayList<>()).add(datagram);
        }
    }

    /** {@return how often each mapping was asked for} */
    List<Integer> counts() {
        return mappings.values().stream().map(it -> requests(it).size()).toList();
    }

    /** {@return the requests after the first answer to each mapping} */
    List<Datagram> later() {
        return mappings.values().stream()
                .flatMap(it -> afterAnswer(it).stream())
                .sorted((one, other) -> one.at().compareTo(other.at()))
                .toList();
    }

    private static List<Datagram> afterAnswer(List<Datagram> mapping) {
        return requests(mapping.stream().dropWhile(Datagram::isRequest).toList());
    }

    private static List<Datagram> requests(List<Datagram> mapping) {
        return mapping.stream().filter(Datagram::isRequest).toList();
    }

    /** Whether answered or not, nobody asks the same again sooner than the first retransmission may come. RFC 6887 section 8.1.1. */
    void isSlowEnough() {
        for (var mapping : mappings.values()) {
            var requests = requests(mapping);
            for (int i = 1; i < requests.size(); i++) {
                if (requests.get(i).octets().equals(requests.get(i - 1).octets())) {
                    assertThat(distance(requests, i)).as("%s", requests).isGreaterThan(SHORTEST_RT.minus(TOLERANCE));
                }
            }
        }
    }

    /** Until the first answer, each distance is twice the one before, give or take a tenth. RFC 6887 section 8.1.1. */
    void backsOff() {
        for (var mapping : mappings.values()) {
            var unanswered = mapping.stream().takeWhile(Datagram::isRequest).toList();
            for (int i = 2; i < unanswered.size(); i++) {
                assertThat(distance(unanswered, i))
                        .as("%s", unanswered)
                        .isGreaterThan(distance(unanswered, i - 1)
                                .multipliedBy(9)
                                .dividedBy(5)
                                .minus(TOLERANCE));
            }
        }
    }

    /** As long as a mapping is there. RFC 6887 section 11.2.1. */
    void renewsNotTooOften() {
        mappings.values().forEach(Schedule::renewsNotTooOften);
    }

    private static void renewsNotTooOften(List<Datagram> mapping) {
        var requested = Duration.ZERO;
        var expiry = Duration.ZERO;
        for (var datagram : mapping) {
            if (!datagram.isRequest()) {
                expiry = datagram.at().plus(datagram.lifetime());
                continue;
            }
            if (datagram.at().compareTo(expiry) < 0) {
                assertThat(datagram.at().minus(requested))
                        .as("%s", mapping)
                        .isGreaterThan(BETWEEN_RENEWALS.minus(TOLERANCE));
            }
            requested = datagram.at();
        }
    }

    private static Duration distance(List<Datagram> datagrams, int second) {
        return datagrams.get(second).at().minus(datagrams.get(second - 1).at());
    }
}
