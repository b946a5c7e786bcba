package io.portreeve.igd.ssdp;

import io.portreeve.pcp.MonoTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An engine and its time, which goes on only by {@link #goesOn}. */
final class Play {
    static final int BOOT_ID = 1_795_248_000;

    private final SsdpEngine engine;
    private final List<Sent> sent = new ArrayList<>();
    private MonoTime now = MonoTime.START;

    /** What went out, and when. */
    record Sent(MonoTime at, Send send) {}

    /** The gateway has just started at {@code places}. */
    Play(SsdpEngine engine, Presence... places) {
        this.engine = engine;
        happens(new SsdpEvent.Present(List.of(places), BOOT_ID));
    }

    void happens(SsdpEvent event) {
        engine.handle(event, now).forEach(send -> sent.add(new Sent(now, send)));
    }

    void goesOn(Duration time) {
        var end = now.plus(time);
        while (!engine.nextDue().isAfter(end)) {
            now = engine.nextDue();
            happens(new SsdpEvent.Due());
        }
        now = end;
    }

    MonoTime now() {
        return now;
    }

    MonoTime nextDue() {
        return engine.nextDue();
    }

    List<Sent> sent() {
        return List.copyOf(sent);
    }

    List<Sent> taken() {
        var taken = sent();
        sent.clear();
        return taken;
    }
}
