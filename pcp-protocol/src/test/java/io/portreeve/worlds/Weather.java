package io.portreeve.worlds;

import java.time.Duration;

/**
 * How a network treats what it carries. Different delays bring disorder.
 *
 * @param loss share of the datagrams that never arrive, 0..1
 * @param duplication share of the others that arrive twice, 0..1
 * @param longestDelay every copy takes a time of its own up to this
 */
public record Weather(double loss, double duplication, Duration longestDelay) {
    public static final Weather CALM = new Weather(0, 0, Duration.ofMillis(5));

    /** {@return a weather in which up to half is lost, and up to half of the rest comes twice, up to ten seconds late} */
    public static Weather storm(Chance chance) {
        return new Weather(chance.nextDouble() / 2, chance.nextDouble() / 2, chance.seconds(10));
    }
}
