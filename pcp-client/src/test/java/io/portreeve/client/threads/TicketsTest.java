package io.portreeve.client.threads;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.MappingOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private final Tickets tickets = new Tickets();
    private final List<Long> asked = new ArrayList<>();

    @Test
    void whoWantsMoreThanTheServerAnswersIsRefusedButReleasesAsHeLikes() {
        var refused = Stream.generate(() -> tickets.forMapping(asked::add))
                .limit(10_000)
                .filter(CompletableFuture::isDone)
                .findFirst();
        assertThat(refused.orElseThrow()).isCompletedExceptionally();
        int waiting = asked.size();
        var released = tickets.forRelease(asked::add);
        assertThat(asked).hasSize(waiting + 1);
        tickets.answer(asked.getLast(), new MappingOutcome.Released());
        assertThat(released).isCompletedWithValue(new MappingOutcome.Released());
        tickets.answer(asked.getFirst(), new MappingOutcome.Unreachable());
        assertThat(tickets.forMapping(asked::add)).as("there is room again").isNotDone();
    }
}
