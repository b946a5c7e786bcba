package io.portreeve.igd.ssdp;

import io.portreeve.pcp.MonoTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** What is to be said later. */
final class Agenda {

    /** Something that waits; it gets its BOOTID when it goes, for that may change meanwhile. */
    record Planned(Presence from, Endpoint target, SsdpMessage message) {
        boolean isAnswer() {
            return message instanceof SsdpMessage.Found;
        }
    }

    private record Appointment(MonoTime due, long number, Planned planned) {}

    private final PriorityQueue<Appointment> appointments =
            new PriorityQueue<>(Comparator.comparing(Appointment::due).thenComparing(Appointment::number));
    private long number;
    private int answers;

    void add(MonoTime due, Planned planned) {
        appointments.add(new Appointment(due, number++, planned));
        answers += planned.isAnswer() ? 1 : 0;
    }

    /** {@return how many of those that wait are answers to searches} */
    int answers() {
        return answers;
    }

    MonoTime nextDue() {
        var next = appointments.peek();
        return next == null ? MonoTime.NEVER : next.due;
    }

    /** {@return what is due, which waits no longer} */
    List<Planned> take(MonoTime now) {
        var due = new ArrayList<Planned>();
        while (!nextDue().isAfter(now)) {
            var planned = appointments.remove().planned;
            answers -= planned.isAnswer() ? 1 : 0;
            due.add(planned);
        }
        return due;
    }

    /** Forgets all announcements, and answers from elsewhere than {@code present}. */
    void keepAnswersFrom(List<Presence> present) {
        appointments.removeIf(it -> !it.planned.isAnswer() || !present.contains(it.planned.from));
        answers = appointments.size();
    }
}
