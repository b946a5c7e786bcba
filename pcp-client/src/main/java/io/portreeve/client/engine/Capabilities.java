package io.portreeve.client.engine;

import static io.portreeve.pcp.ResultCode.UNSUPP_OPCODE;
import static io.portreeve.pcp.ResultCode.UNSUPP_OPTION;
import static io.portreeve.pcp.ResultCode.USER_EX_QUOTA;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a server has said that it cannot do, and until when that is believed: it is not asked for it again meanwhile. Source: RFC
 * 6887 section 7.4.
 */
final class Capabilities {
    /** Those with higher codes a server may pass over in silence. */
    private static final int FIRST_OPTIONAL = 128;

    private final Map<Integer, MonoTime> options = new TreeMap<>();
    private final Map<Class<? extends PcpRequest>, MonoTime> opcodes = new HashMap<>();
    private MonoTime full = MonoTime.START;
    private Optional<Lifetime> shortest = Optional.empty();
    private Optional<Lifetime> longest = Optional.empty();

    /** @param hold how long an error of the server is believed */
    void refused(PcpRequest request, int result, Duration hold, MonoTime now) {
        var until = now.plus(hold);
        if (result == UNSUPP_OPCODE.value()) {
            opcodes.put(request.getClass(), until);
        } else if (result == UNSUPP_OPTION.value() && mandatory(request).size() == 1) { // else it may be any of them
            options.put(mandatory(request).getFirst(), until);
        } else if (result == USER_EX_QUOTA.value()) {
            full = until;
        }
    }

    /** A success, whatever it answers, shows that there is room. */
    void granted() {
        full = MonoTime.START;
    }

    /** @param asked what was asked for by the request to which {@code lifetime} is the answer */
    void learn(Lifetime asked, Lifetime lifetime) {
        if (lifetime.seconds() > asked.seconds()) {
            shortest = Optional.of(lifetime);
        } else if (lifetime.seconds() < asked.seconds()) {
            longest = Optional.of(lifetime);
        } else {
            shortest = shortest.filter(it -> it.seconds() <= asked.seconds());
            longest = longest.filter(it -> it.seconds() >= asked.seconds());
        }
    }

    /** {@return what it grants at least, as far as it has shown} */
    Optional<Lifetime> shortest() {
        return shortest;
    }

    /** {@return what it grants at most, as far as it has shown} */
    Optional<Lifetime> longest() {
        return longest;
    }

    private static List<Integer> mandatory(PcpRequest request) {
        return request.options().stream()
                .map(PcpOption::code)
                .filter(code -> code < FIRST_OPTIONAL)
                .distinct()
                .toList();
    }

    /** {@return the answer to {@code request} that is known already} */
    Optional<KnownRefusal> refusal(PcpRequest request, MonoTime now) {
        var byOpcode = known(opcodes.get(request.getClass()), UNSUPP_OPCODE.value(), now);
        var byOption = mandatory(request).stream()
                .flatMap(code -> known(options.get(code), UNSUPP_OPTION.value(), now).stream());
        return Stream.concat(byOpcode.stream(), byOption).findFirst();
    }

    private static Optional<KnownRefusal> known(MonoTime until, int result, MonoTime now) {
        return Optional.ofNullable(until).filter(it -> it.isAfter(now)).map(it -> new KnownRefusal(result, it));
    }

    Set<Integer> withoutOptions() {
        return Set.copyOf(options.keySet());
    }

    boolean isFull(MonoTime now) {
        return full.isAfter(now);
    }

    /** Another server, or another version of it, begins anew. */
    void forget() {
        options.clear();
        opcodes.clear();
        full = MonoTime.START;
        shortest = Optional.empty();
        longest = Optional.empty();
    }
}
