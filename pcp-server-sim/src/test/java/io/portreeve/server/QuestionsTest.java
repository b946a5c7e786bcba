package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.server.engine.ServerEvent;
import io.portreeve.server.engine.ServerEvent.ListMappings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

final class QuestionsTest {
    private final List<ServerEvent> inbox = new ArrayList<>();

    @Test
    void nobodyWaitsForEver() {
        var questions = new Questions<String>(inbox::add, Duration.ofMillis(1));
        assertThat(questions.ask(ListMappings::new))
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableThat()
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(inbox).containsExactly(new ListMappings(1));
    }

    /** What was asked before may be answered now, because nobody waits for that any more. */
    @Test
    void anAnswerIsForItsQuestionAlone() {
        var answers = new ArrayList<BiConsumer<Long, String>>();
        var questions = new Questions<String>(event -> {
            answers.getFirst().accept(1L, "the first");
            if (event.equals(new ListMappings(2))) {
                answers.getFirst().accept(2L, "the second");
            }
        });
        answers.add(questions::answer);
        assertThat(questions.ask(ListMappings::new)).isCompletedWithValue("the first");
        assertThat(questions.ask(ListMappings::new)).isCompletedWithValue("the second");
    }
}
