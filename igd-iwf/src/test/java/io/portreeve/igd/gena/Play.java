package io.portreeve.igd.gena;

import io.portreeve.igd.gena.GenaEvent.Outcome;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Consumer;

/** An engine and its time, which goes on only by {@link #pass}. */
final class Play {
    static final String PATH = "/t/igd1/WANIPConn1/event";
    static final String OTHER_PATH = "/t/igd1/L3Forwarding1/event";
    static final ScopedAddress GATEWAY = new ScopedAddress(host(1), 0);
    static final PcpAddress CONSOLE = host(33);
    static final PcpAddress TV = host(34);

    private final GenaEngine engine = new GenaEngine(() -> new UUID(0, ++this.draws));
    private final List<Notification> sent = new ArrayList<>();
    private final List<GenaAnswer> answers = new ArrayList<>();
    private final Consumer<Notification> onSend;
    private long draws;
    private MonoTime now = MonoTime.START;

    Play() {
        onSend = sent::add;
    }

    /** @param onSend sees each event when it is sent */
    Play(Consumer<Notification> onSend) {
        this.onSend = onSend;
    }

    static PcpAddress host(int lastOctet) {
        return PcpAddress.parse("192.168.1." + lastOctet);
    }

    static CallbackUrl callback(PcpAddress host) {
        return new CallbackUrl(host, 40_001, "/cb");
    }

    /** {@return the event number {@code key} of a subscription of {@code host}} @param namesAndValues as for {@link #variables} */
    static Notification event(String sid, long key, PcpAddress host, String... namesAndValues) {
        return new Notification(sid, key, GATEWAY, callback(host), variables(namesAndValues));
    }

    /** @param namesAndValues name, value, name, value, ... */
    static SequencedMap<String, String> variables(String... namesAndValues) {
        var variables = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            variables.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return variables;
    }

    MonoTime now() {
        return now;
    }

    List<GenaEffect> happens(GenaEvent event) {
        var effects = engine.handle(event, now);
        for (var effect : effects) {
            switch (effect) {
                case GenaEffect.Send(var notification) -> onSend.accept(notification);
                case GenaEffect.Answer given -> answers.add(given.answer());
            }
        }
        return effects;
    }

    void publish(String... namesAndValues) {
        happens(new GenaEvent.Published(PATH, variables(namesAndValues)));
    }

    GenaAnswer subscribe(PcpAddress host) {
        happens(new GenaEvent.Subscribe(0, PATH, GATEWAY, callback(host)));
        return answers.removeLast();
    }

    /** {@return the SID of a new subscription, which the subscriber has not been told yet} */
    String granted(PcpAddress host) {
        return ((GenaAnswer.Granted) subscribe(host)).sid();
    }

    /** {@return the SID of a new subscription, whose first event is under way} */
    String subscribed(PcpAddress host) {
        var sid = granted(host);
        happens(new GenaEvent.Answered(sid));
        return sid;
    }

    /** {@return the SID of a new subscription, whose first event has been delivered} */
    String settled(PcpAddress host) {
        var sid = subscribed(host);
        delivered(sid, Outcome.ACCEPTED);
        sent.clear();
        pass(Subscription.SPACING);
        return sid;
    }

    GenaAnswer renew(PcpAddress host, String sid) {
        happens(new GenaEvent.Renew(0, PATH, host, sid));
        return answers.removeLast();
    }

    GenaAnswer unsubscribe(PcpAddress host, String sid) {
        happens(new GenaEvent.Unsubscribe(0, PATH, host, sid));
        return answers.removeLast();
    }

    void delivered(String sid, Outcome outcome) {
        happens(new GenaEvent.Delivered(sid, outcome));
    }

    void pass(Duration time) {
        var end = now.plus(time);
        while (!engine.nextDue().isAfter(end)) {
            now = engine.nextDue();
            happens(new GenaEvent.Due());
        }
        now = end;
    }

    /** {@return the events that have been sent since the last call} */
    List<Notification> taken() {
        var taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }
}
