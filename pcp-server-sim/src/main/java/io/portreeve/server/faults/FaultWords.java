package io.portreeve.server.faults;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.settings.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Faults as people write them. */
final class FaultWords {
    private static final List<String> KEYS = List.of(
            "drop-requests",
            "drop-answers",
            "duplicate",
            "delay",
            "jitter",
            "reorder",
            "refuse",
            "refuse-lifetime",
            "external",
            "lifetime",
            "epoch",
            "cgn-delay",
            "quota",
            "pool",
            "seed");

    private static final String OFF = "off";
    private static final String EXHAUSTED = "exhausted";
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,2}|100)%");
    private static final Pattern PORTS = Pattern.compile("\\d{1,5}");
    private static final Pattern SEED = Pattern.compile("-?\\d{1,18}");

    /** An answer that comes later is of no use to any client. */
    private static final Duration LATEST = Duration.ofMinutes(1);

    private static final String A_DELAY = "a time up to 1min such as 200ms or 3s";
    private static final String A_LIFETIME = "a time from 0s to 4294967295s such as 30s or 2h";
    private static final String AN_EPOCH =
            "seconds to add or to take away such as +1000s or -1000s, 4294967295 at most";

    private final Map<String, String> values;

    private FaultWords(Map<String, String> values) {
        this.values = values;
    }

    static Faults read(Faults before, List<String> words) throws WrongFaultException {
        var values = split(before.words());
        values.putAll(split(words));
        values.values().removeIf(OFF::equals);
        return new FaultWords(values).faults();
    }

    private static Map<String, String> split(List<String> words) throws WrongFaultException {
        var values = new LinkedHashMap<String, String>();
        for (var word : words) {
            int equals = word.indexOf('=');
            if (equals < 0 || !KEYS.contains(word.substring(0, equals))) {
                throw new WrongFaultException(
                        "'" + word + "': expected key=value; the keys are " + String.join(", ", KEYS));
            }
            if (values.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new WrongFaultException("'" + word + "': its key stands there twice");
            }
        }
        return values;
    }

    private Faults faults() throws WrongFaultException {
        return new Faults(
                percent("drop-requests"),
                percent("drop-answers"),
                percent("duplicate"),
                delay("delay"),
                delay("jitter"),
                percent("reorder"),
                read("refuse", FaultWords::refusal, "an error's name or number such as NO_RESOURCES or 8"),
                read("refuse-lifetime", FaultWords::lifetime, A_LIFETIME),
                read("external", FaultWords::address, "an IP address"),
                read("lifetime", FaultWords::lifetime, A_LIFETIME),
                read("epoch", FaultWords::epoch, AN_EPOCH).orElse(0L),
                delay("cgn-delay"),
                quota(),
                read("pool", text -> Optional.of(text).filter(EXHAUSTED::equals), EXHAUSTED)
                        .isPresent(),
                seed());
    }

    private <T> Optional<T> read(String key, Function<String, Optional<T>> reader, String expected)
            throws WrongFaultException {
        var text = values.get(key);
        if (text == null) {
            return Optional.empty();
        }
        var value = reader.apply(text);
        if (value.isEmpty()) {
            throw new WrongFaultException("'" + key + "=" + text + "': expected " + expected + ", or " + OFF);
        }
        return value;
    }

    private int percent(String key) throws WrongFaultException {
        return read(key, FaultWords::percentage, "0% to 100%").orElse(0);
    }

    private Duration delay(String key) throws WrongFaultException {
        return read(key, text -> Times.parse(text).filter(it -> it.compareTo(LATEST) <= 0), A_DELAY)
                .orElse(Duration.ZERO);
    }

    private OptionalInt quota() throws WrongFaultException {
        return read("quota", FaultWords::ports, "how many ports a subscriber may have, from 0 to 65535")
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    private OptionalLong seed() throws WrongFaultException {
        return read("seed", text -> matching(SEED, text).map(Long::valueOf), "a whole number")
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    private static Optional<String> matching(Pattern pattern, String text) {
        return Optional.of(text).filter(it -> pattern.matcher(it).matches());
    }

    private static Optional<Integer> percentage(String text) {
        return matching(PERCENT, text).map(it -> Integer.valueOf(it.substring(0, it.length() - 1)));
    }

    private static Optional<Integer> ports(String text) {
        return matching(PORTS, text).map(Integer::valueOf).filter(it -> it <= 65_535);
    }

    private static Optional<ResultCode> refusal(String text) {
        for (var code : ResultCode.values()) {
            if (code != ResultCode.SUCCESS
                    && List.of(code.name(), "" + code.value()).contains(text)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }

    private static Optional<PcpAddress> address(String text) {
        try {
            return Optional.of(PcpAddress.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Lifetime> lifetime(String text) {
        return wireSeconds(text).map(Lifetime::new);
    }

    private static Optional<Long> epoch(String text) {
        if (text.startsWith("-")) {
            return wireSeconds(text.substring(1)).map(seconds -> -seconds);
        }
        return text.startsWith("+") ? wireSeconds(text.substring(1)) : Optional.empty();
    }

    /** Whole seconds that 32 bits have room for. */
    private static Optional<Long> wireSeconds(String text) {
        return Times.parse(text)
                .filter(time -> time.getNano() == 0)
                .map(Duration::toSeconds)
                .filter(seconds -> seconds <= Lifetime.INFINITE.seconds());
    }

    static List<String> of(Faults faults) {
        var words = new ArrayList<String>();
        percent("drop-requests", faults.dropRequests(), words);
        percent("drop-answers", faults.dropAnswers(), words);
        percent("duplicate", faults.duplicate(), words);
        delay("delay", faults.delay(), words);
        delay("jitter", faults.jitter(), words);
        percent("reorder", faults.reorder(), words);
        faults.refuse().ifPresent(it -> words.add("refuse=" + it));
        faults.refuseLifetime().ifPresent(it -> words.add("refuse-lifetime=" + it.seconds() + "s"));
        faults.external().ifPresent(it -> words.add("external=" + it));
        faults.lifetime().ifPresent(it -> words.add("lifetime=" + it.seconds() + "s"));
        if (faults.epoch() != 0) {
            words.add("epoch=%+ds".formatted(faults.epoch()));
        }
        delay("cgn-delay", faults.cgnDelay(), words);
        faults.quota().ifPresent(it -> words.add("quota=" + it));
        if (faults.isPoolExhausted()) {
            words.add("pool=" + EXHAUSTED);
        }
        faults.seed().ifPresent(it -> words.add("seed=" + it));
        return words;
    }

    private static void percent(String key, int percent, List<String> words) {
        if (percent > 0) {
            words.add(key + "=" + percent + "%");
        }
    }

    private static void delay(String key, Duration delay, List<String> words) {
        if (!delay.isZero()) {
            words.add(key + "=" + delay.toMillis() + "ms");
        }
    }
}
