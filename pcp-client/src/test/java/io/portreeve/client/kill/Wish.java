package io.portreeve.client.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One internal port: what the application asked for, what it was told, and what follows from that after a kill. */
final class Wish {
    private static final int FIRST_PREFERRED = 30_000;

    private final String internal;
    private final int preferred;

    /** The external endpoint last granted, if it was not released since. */
    private Optional<String> told = Optional.empty();

    /** What has no answer, the oldest first: it was done or not. */
    private final Deque<Asked> asked = new ArrayDeque<>();

    /** As the server had it when it was last looked at, unless it was to be released since. */
    private Optional<String> nonce = Optional.empty();

    private record Asked(int number, boolean isRelease) {}

    Wish(String protocol, int port) {
        internal = protocol + " " + port;
        preferred = FIRST_PREFERRED + port;
    }

    String internal() {
        return internal;
    }

    boolean isAnswered() {
        return asked.isEmpty();
    }

    boolean isGranted() {
        return told.isPresent();
    }

    /** {@return a command: to have it, to have it otherwise, or to give it up} */
    String next(int number, RandomGenerator random) {
        return random.nextInt(5) < 2 ? release(number) : map(number, random.nextBoolean() ? preferred : 0);
    }

    String release(int number) {
        asked.add(new Asked(number, true));
        nonce = Optional.empty();
        return "release " + number + " " + internal;
    }

    /** {@return the same again, if it has no answer; else that it is still wanted} */
    String again(int number) {
        boolean isRelease = !asked.isEmpty() && asked.getLast().isRelease();
        return isRelease ? release(number) : map(number, 0);
    }

    private String map(int number, int external) {
        asked.add(new Asked(number, false));
        return "map " + number + " " + internal + " " + external;
    }

    boolean asked(int number) {
        return asked.stream().anyMatch(it -> it.number() == number);
    }

    /** What was asked before {@code number} has its answer by this one too. */
    void hear(int number, String outcome) {
        boolean isReleased = outcome.equals("released");
        assertThat(isReleased || outcome.startsWith("granted "))
                .as("%s: %s", this, outcome)
                .isTrue();
        var external = isReleased ? Optional.<String>empty() : Optional.of(outcome.substring("granted ".length()));
        var done = asked.stream().takeWhile(it -> it.number() <= number);
        if (external.isPresent()) {
            checkPort(external.get(), done);
        }
        asked.removeIf(it -> it.number() <= number);
        told = external;
    }

    private void checkPort(String external, Stream<Asked> done) {
        if (told.isPresent() && done.noneMatch(Asked::isRelease)) {
            assertThat(external).as("%s moved", this).isEqualTo(told.get());
        }
    }

    /** Checks what the server has in the end: what has no answer was done or not, and is settled now. */
    void settle(Optional<ServerRow> found) {
        found.ifPresentOrElse(this::checkPresent, this::checkAbsent);
        told = found.map(ServerRow::external);
        nonce = found.map(ServerRow::nonce);
        asked.clear();
    }

    private void checkPresent(ServerRow row) {
        assertThat(isGranted() || asked.stream().anyMatch(it -> !it.isRelease()))
                .as("was released, and is there again: %s", this)
                .isTrue();
        checkPort(row.external(), asked.stream());
        nonce.ifPresent(
                before -> assertThat(row.nonce()).as("nonce of %s", this).isEqualTo(before));
    }

    private void checkAbsent() {
        assertThat(isGranted() && asked.stream().noneMatch(Asked::isRelease))
                .as("forgotten: %s", this)
                .isFalse();
    }

    @Override
    public String toString() {
        return internal + ", told " + told + ", asked " + asked;
    }
}
