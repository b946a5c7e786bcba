package io.portreeve.server.engine;

import io.portreeve.pcp.MonoTime;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.engine.CgnRoutine.CreatePcpMapping;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What the CGN has been asked and has not answered yet. It is not waited for longer than {@link ServerPolicy#CGN_PATIENCE}. */
final class Calls {
    private final ServerState state;

    /** Deleted while calls were under way: one of their answers may still name them. */
    final Set<SubscriberHandle> deadHandles = new HashSet<>();

    private final Map<Long, Slot> slots = new HashMap<>();
    private long lastCall;

    /** In the order of the calls; the first is that of one that is not answered. */
    private final Deque<Deadline> deadlines = new ArrayDeque<>();

    /** Given up: what they make after all is nobody's. */
    private final Map<Long, CreatePcpMapping> late = new HashMap<>();

    private record Slot(Gathering gathering, int index, CgnRoutine routine) {}

    private record Deadline(long callId, MonoTime due) {}

    Calls(ServerState state) {
        this.state = state;
    }

    /** {@return when the first is not waited for any longer} */
    MonoTime nextDue() {
        return deadlines.isEmpty() ? MonoTime.NEVER : deadlines.peek().due();
    }

    /** Asks the CGN for all of {@code routines} at once; {@code next} has the answers in the same order. */
    void ask(Pending pending, List<? extends CgnRoutine> routines, Step step, BiConsumer<List<CgnAnswer>, Step> next) {
        if (routines.isEmpty()) {
            next.accept(List.of(), step);
            return;
        }
        var gathering = new Gathering(pending, routines.size(), next);
        for (int i = 0; i < routines.size(); i++) {
            slots.put(++lastCall, new Slot(gathering, i, routines.get(i)));
            deadlines.add(new Deadline(lastCall, step.now.plus(ServerPolicy.CGN_PATIENCE)));
            step.add(new ServerEffect.CgnCall(lastCall, routines.get(i)));
        }
    }

    void answered(long callId, CgnAnswer answer, Step step) {
        var slot = slots.remove(callId);
        if (slot == null) {
            answeredLate(callId, answer, step);
        } else {
            slot.gathering().answered(slot.index(), answer, step);
            forgetAnswered();
        }
    }

    private void forgetAnswered() {
        while (!deadlines.isEmpty() && !slots.containsKey(deadlines.peek().callId())) {
            deadlines.poll();
        }
        if (slots.isEmpty()) {
            deadHandles.clear();
        }
    }

    /** Calls take effect in the order they are made, so the deletion comes before whatever else is made of its ports. */
    private void answeredLate(long callId, CgnAnswer answer, Step step) {
        var creation = late.remove(callId);
        if (creation != null && answer instanceof CgnAnswer.Created(var handle) && !isWanted(creation)) {
            step.add(new ServerEffect.CgnCall(++lastCall, new CgnRoutine.DeletePcpMapping(handle)));
        }
    }

    /** The very same was asked for again, and the CGN has it only once. */
    private boolean isWanted(CreatePcpMapping creation) {
        return state.table
                        .on(creation.mapping().protocol(), creation.mapping().external())
                        .isPresent()
                || slots.values().stream().anyMatch(slot -> slot.routine().equals(creation));
    }

    /** Refuses whoever waits for a CGN that does not answer. */
    void giveUpOverdue(Step step) {
        while (!deadlines.isEmpty() && !deadlines.peek().due().isAfter(step.now)) {
            long callId = deadlines.poll().callId();
            Optional.ofNullable(slots.get(callId)).ifPresent(slot -> giveUp(callId, slot, step));
        }
        forgetAnswered();
    }

    private void giveUp(long callId, Slot slot, Step step) {
        var pending = slot.gathering().pending();
        pending.isOverdue = true;
        state.refuseAll(pending, step);
        if (pending.changed.isPresent()) {
            return; // which filter its mapping has, the CGN alone knows
        }
        slots.remove(callId);
        if (slot.routine() instanceof CreatePcpMapping creation) {
            late.put(callId, creation);
        }
        slot.gathering().answered(slot.index(), new CgnAnswer.Failed(CgnError.INTERNAL), step);
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }
}
