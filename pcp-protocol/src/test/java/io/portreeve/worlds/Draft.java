package io.portreeve.worlds;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A script being written: scenes of things that come close together, because what goes wrong goes wrong between two things that
 * meet.
 *
 * @param <A> what can happen
 */
public final class Draft<A> {
    private static final List<Duration> WINDOWS =
            List.of(Duration.ofMillis(10), Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(10));

    /** Writes scenes. */
    public interface Author {
        void scene(MonoTime start, Duration window);
    }

    private final Chance chance;
    private final List<Scripted<A>> lines = new ArrayList<>();

    private Draft(Chance chance) {
        this.chance = chance;
    }

    /** {@return the script of a day with so many scenes, in the order of time} */
    public static <A> List<Scripted<A>> script(long seed, Duration day, int scenes, Function<Draft<A>, Author> author) {
        var draft = new Draft<A>(Chance.of(seed, 1));
        var writing = author.apply(draft);
        for (int i = 0; i < scenes; i++) {
            var start = MonoTime.START.plus(draft.chance.within(day));
            writing.scene(start, draft.chance.oneOf(WINDOWS));
        }
        draft.lines.sort(Comparator.comparing(Scripted::at));
        return draft.lines;
    }

    public Chance chance() {
        return chance;
    }

    public void add(MonoTime at, A action) {
        lines.add(new Scripted<>(at, chance.nextLong(), action));
    }
}
