package io.portreeve.client.worlds.checker;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/** When the next request for a mapping must leave: neither before nor after. Sources: RFC 6887 sections 8.1.1, 11.2.1. */
record Window(MonoTime earliest, MonoTime latest) {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1024);
    private static final Duration CLOSEST_RENEWALS = Duration.ofSeconds(4);

    /** What is lost where a share of a lifetime is cut to whole nanoseconds. */
    private static final Duration ROUNDING = Duration.ofNanos(1000);

    static Window at(MonoTime time) {
        return new Window(time, time);
    }

    /** {@return when the second request of a series is due} */
    static Window afterFirst(MonoTime sent) {
        return around(sent, Duration.ofSeconds(3));
    }

    /** @param pause between the last request and the one before it */
    static Window afterAnother(MonoTime sent, Duration pause) {
        var doubled = pause.multipliedBy(2);
        return around(sent, doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled);
    }

    private static Window around(MonoTime sent, Duration pause) {
        var tenth = pause.dividedBy(10).plus(ROUNDING);
        return new Window(sent.plus(pause.minus(tenth)), sent.plus(pause.plus(tenth)));
    }

    /**
     * {@return when renewal {@code attempt} is due, or the end if it comes first}
     *
     * @param attempt counted from 1
     * @param lastSent the last request
     * @param believed when a client that forgot the last request believes that it was
     */
    static Window ofRenewal(int attempt, Held held, MonoTime lastSent, MonoTime believed) {
        double left = Math.scalb(1.0, -attempt);
        var end = held.expiry();
        var earliest = later(share(held, 1 - left), lastSent.plus(CLOSEST_RENEWALS));
        var latest = later(share(held, 1 - left + left / 4).plus(ROUNDING), believed.plus(CLOSEST_RENEWALS));
        return new Window(earliest.earlier(end), latest.earlier(end));
    }

    private static MonoTime share(Held held, double share) {
        return held.at().plus(Duration.ofNanos((long) (held.lifetime().toNanos() * share)));
    }

    private static MonoTime later(MonoTime one, MonoTime other) {
        return one.isAfter(other) ? one : other;
    }

    /** {@return when something is due that is due in this window, unless it is so sooner in {@code other}} */
    Window notAfter(Window other) {
        return new Window(earliest.earlier(other.earliest), latest.earlier(other.latest));
    }

    /** {@return what has both in it} */
    Window or(Window other) {
        return new Window(earliest.earlier(other.earliest), latest.later(other.latest));
    }

    boolean contains(MonoTime time) {
        return !time.isBefore(earliest) && !time.isAfter(latest);
    }
}
