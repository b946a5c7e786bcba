package io.portreeve.server.engine;

import static io.portreeve.pcp.ResultCode.EXCESSIVE_REMOTE_PEERS;

import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.FilterHandle;
import io.portreeve.server.engine.CgnRoutine.CreateFilter;
import io.portreeve.server.engine.CgnRoutine.DeleteFilter;
import io.portreeve.server.engine.CgnRoutine.ReplaceFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Has the CGN change the filter of a mapping: of all its ports, or of none. */
final class FilterChange {

    /**
     * How it ended.
     *
     * @param mapping as it is now, with the old row
     */
    record Outcome(Mapping mapping, Optional<ResultCode> refusal) {}

    private final ServerState state;

    FilterChange(ServerState state) {
        this.state = state;
    }

    static CgnFilter atCgn(Filter filter) {
        return new CgnFilter(filter.prefixLength(), filter.remote(), filter.remotePort());
    }

    void apply(Pending pending, Mapping mapping, Optional<Filter> filter, Step step, BiConsumer<Outcome, Step> next) {
        state.calls.ask(pending, routines(mapping, filter), step, (answers, later) -> {
            var failure =
                    answers.stream().filter(CgnAnswer.Failed.class::isInstance).findFirst();
            if (failure.isEmpty()) {
                next.accept(new Outcome(mapping.withFilters(handles(answers)), Optional.empty()), later);
            } else {
                undo(pending, mapping, answers, refusal(failure.get()), later, next);
            }
        });
    }

    private static List<CgnRoutine> routines(Mapping mapping, Optional<Filter> filter) {
        if (filter.isEmpty()) {
            return mapping.filters().stream().<CgnRoutine>map(DeleteFilter::new).toList();
        }
        var wanted = atCgn(filter.get());
        return mapping.filters().isEmpty()
                ? mapping.handles().stream()
                        .<CgnRoutine>map(handle -> new CreateFilter(handle, wanted))
                        .toList()
                : mapping.filters().stream()
                        .<CgnRoutine>map(handle -> new ReplaceFilter(handle, wanted))
                        .toList();
    }

    private static List<FilterHandle> handles(List<CgnAnswer> answers) {
        return answers.stream()
                .filter(CgnAnswer.Filtered.class::isInstance)
                .map(answer -> ((CgnAnswer.Filtered) answer).filter())
                .toList();
    }

    /** Some ports of a set may have the new filter, others the old one. */
    private void undo(
            Pending pending,
            Mapping mapping,
            List<CgnAnswer> answers,
            ResultCode refusal,
            Step step,
            BiConsumer<Outcome, Step> next) {
        var changed = IntStream.range(0, answers.size())
                .filter(port -> !(answers.get(port) instanceof CgnAnswer.Failed))
                .boxed()
                .toList();
        var undoing = changed.stream()
                .map(port -> undoing(mapping, port, answers.get(port)))
                .toList();
        state.calls.ask(pending, undoing, step, (undone, later) -> {
            var filters = new ArrayList<>(mapping.filters());
            for (int i = 0; i < undone.size(); i++) {
                if (undone.get(i) instanceof CgnAnswer.Filtered(var filter)) {
                    filters.set(changed.get(i), filter);
                }
            }
            next.accept(new Outcome(mapping.withFilters(filters), Optional.of(refusal)), later);
        });
    }

    /** {@return what brings back the filter of one port, or takes it away if there was none} */
    private static CgnRoutine undoing(Mapping mapping, int port, CgnAnswer done) {
        var filter =
                done instanceof CgnAnswer.Filtered(var handle) ? Optional.of(handle) : Optional.<FilterHandle>empty();
        if (mapping.filters().isEmpty()) {
            return new DeleteFilter(filter.orElseThrow());
        }
        var before = atCgn(mapping.row().terms().filter().orElseThrow());
        return filter.isPresent()
                ? new ReplaceFilter(filter.get(), before)
                : new CreateFilter(mapping.handles().get(port), before);
    }

    private static ResultCode refusal(CgnAnswer failure) {
        boolean hasAnother = failure instanceof CgnAnswer.Failed(var error) && error == CgnError.COLLISION;
        return hasAnother ? EXCESSIVE_REMOTE_PEERS : Work.refusal(failure);
    }
}
