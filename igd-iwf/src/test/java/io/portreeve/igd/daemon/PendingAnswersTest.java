package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PendingAnswersTest {
    private final PendingAnswers answers = new PendingAnswers();

    @Test
    void whoAsksAGatewayThatDoesNotStartIsNotLeftWaiting() throws Exception {
        var answer = CompletableFuture.supplyAsync(() -> answers.to("status"));
        var measured = CompletableFuture.supplyAsync(answers::measured);
        answers.cancel();
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEmpty();
        assertThat(measured.get(60, TimeUnit.SECONDS).snapshot()).isEmpty();
    }

    @Test
    void whoAsksTooEarlyIsAnsweredInTheEnd() throws Exception {
        var answer = CompletableFuture.supplyAsync(() -> answers.to("when?"));
        answers.complete(new Answers(null, null, null, null, null, null, null));
        answers.cancel();
        assertThat(answer.get(60, TimeUnit.SECONDS)).startsWith("no such question");
    }
}
