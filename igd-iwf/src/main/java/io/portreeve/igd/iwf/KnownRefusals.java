package io.portreeve.igd.iwf;

import io.portreeve.client.MappingOutcome.Refused;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** What the provider has just refused is not asked for again as long as it means its no. Source: RFC 6887 sections 7.4, 11.4. */
final class KnownRefusals {
    /** Another subscriber may give back a port at any time. */
    private static final Duration LONGEST_OF_A_PORT = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int MOST = 1024;

    /** What a control point wants. */
    private record Wish(PortMappingKey key, InternalEndpoint endpoint, PortChoice choice) {
        static Wish of(PortMapping wanted) {
            return new Wish(wanted.key(), InternalEndpoint.of(wanted), wanted.choice());
        }
    }

    private record No(Refused refused, MonoTime until) {}

    private final SequencedMap<Wish, No> known = new LinkedHashMap<>();

    void remember(PortMapping wanted, Refused refused, MonoTime now) {
        boolean isPort = refused.result() == ResultCode.CANNOT_PROVIDE_EXTERNAL.value();
        var longest = isPort ? LONGEST_OF_A_PORT : LONGEST;
        var asked = Duration.ofSeconds(refused.errorLifetime().seconds());
        known.putLast(Wish.of(wanted), new No(refused, now.plus(asked.compareTo(longest) < 0 ? asked : longest)));
        if (known.size() > MOST) {
            known.pollFirstEntry();
        }
    }

    Optional<Refused> of(PortMapping wanted, MonoTime now) {
        known.values().removeIf(no -> !now.isBefore(no.until()));
        return Optional.ofNullable(known.get(Wish.of(wanted))).map(No::refused);
    }

    /** The subscriber has less than before, so there may be place for it now. */
    void forget() {
        known.clear();
    }
}
