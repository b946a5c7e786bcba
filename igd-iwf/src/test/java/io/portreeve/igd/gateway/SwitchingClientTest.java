package io.portreeve.igd.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.AuditReport;
import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.MappingView;
import io.portreeve.client.PcpClient;
import io.portreeve.client.ServerView;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwitchingClientTest {
    private static final Lifetime HOUR = new Lifetime(3600);
    private static final Endpoint BEFORE = new Endpoint(PcpAddress.parse("203.0.114.1"), 8080);
    private static final Endpoint AFTER = new Endpoint(PcpAddress.parse("198.51.100.7"), 8080);

    /** Answers when the test says so. */
    private static final class Provider implements PcpClient {
        final List<MappingView> kept = new ArrayList<>();
        final List<String> asked = new ArrayList<>();
        final List<CompletableFuture<MappingOutcome>> answers = new ArrayList<>();
        private final List<Consumer<MappingEvent>> listeners = new ArrayList<>();
        Runnable onListing = () -> {};
        boolean closed;

        private CompletableFuture<MappingOutcome> question(String text) {
            asked.add(text);
            answers.add(new CompletableFuture<>());
            return answers.getLast();
        }

        void tells(MappingEvent event) {
            listeners.forEach(listener -> listener.accept(event));
        }

        @Override
        public CompletableFuture<MappingOutcome> map(MappingRequest request) {
            return question("map " + request.key());
        }

        @Override
        public CompletableFuture<MappingOutcome> release(String owner, MappingKey key) {
            return question("release " + key);
        }

        @Override
        public CompletableFuture<List<MappingView>> mappings() {
            onListing.run();
            return CompletableFuture.completedFuture(kept);
        }

        @Override
        public CompletableFuture<List<ServerView>> servers() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletableFuture<AuditReport> audit() {
            return CompletableFuture.completedFuture(AuditReport.EMPTY);
        }

        @Override
        public void listen(Consumer<MappingEvent> listener) {
            listeners.add(listener);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Provider first = new Provider();
    private final Provider second = new Provider();
    private final SwitchingClient client = new SwitchingClient(first);
    private final List<MappingEvent> told = new ArrayList<>();

    SwitchingClientTest() {
        client.listen(told::add);
    }

    private static MappingKey key(int port) {
        return new MappingKey(Optional.empty(), IpProtocol.TCP, port, PcpAddress.ANY_IPV4);
    }

    private static MappingRequest request(int port) {
        return new MappingRequest(key(port), PortMapping.OWNER, new ExternalChoice.Preferred(port), HOUR);
    }

    private static MappingOutcome granted(Endpoint external) {
        return new MappingOutcome.Granted(external, HOUR);
    }

    private static MappingOutcome refused() {
        return new MappingOutcome.Refused(ResultCode.CANNOT_PROVIDE_EXTERNAL.value(), HOUR);
    }

    private void mapped(int port) {
        client.map(request(port));
        first.answers.getLast().complete(granted(BEFORE));
    }

    @Test
    void tellsWhatTheNextProviderKeepsBeforeItIsAsked() {
        second.kept.add(view(PortMapping.OWNER, 1));
        client.map(request(2));
        client.switchTo(second, kept -> {
            assertThat(kept).isEqualTo(second.kept);
            assertThat(second.asked).isEmpty();
        });
        assertThat(second.asked).containsExactly("map TCP 2");
        assertThat(first.closed).isTrue();
    }

    @Test
    void whoWaitsForAnAnswerGetsThatOfTheNextProvider() {
        var mapping = client.map(request(1));
        var release = client.release(PortMapping.OWNER, key(2));
        client.switchTo(second, _ -> {});
        assertThat(second.asked).containsExactly("map TCP 1", "release TCP 2");
        first.answers.get(0).complete(granted(BEFORE));
        first.answers.get(1).cancel(false);
        assertThat(mapping).as("the first one does not count any more").isNotDone();
        assertThat(release).isNotDone();
        second.answers.get(0).complete(granted(AFTER));
        second.answers.get(1).complete(new MappingOutcome.Released());
        assertThat(mapping).isCompletedWithValue(granted(AFTER));
        assertThat(release).isCompletedWithValue(new MappingOutcome.Released());
        assertThat(told).as("it is the answer").isEmpty();
    }

    @Test
    void aProviderThatIsAskedNoMoreIsNotHeard() {
        mapped(1);
        client.switchTo(second, _ -> {});
        first.tells(new MappingEvent.Lost(key(1)));
        assertThat(told).isEmpty();
    }

    private static MappingView view(String owner, int port) {
        return new MappingView(key(port), owner, "MAPPED", Optional.of(BEFORE), Duration.ofMinutes(1));
    }

    @Test
    void whatIsHeardWhileNobodyKnowsWhoIsAskedIsToldIfItIsTheSame() {
        client.hold();
        first.tells(new MappingEvent.Lost(key(1)));
        assertThat(told).isEmpty();
        client.resume();
        assertThat(told).containsExactly(new MappingEvent.Lost(key(1)));
        first.tells(new MappingEvent.Lost(key(2)));
        assertThat(told).hasSize(2);
    }

    @Test
    void whatIsHeardWhileNobodyKnowsWhoIsAskedConcernsNobodyIfItIsAnother() {
        client.hold();
        first.tells(new MappingEvent.Lost(key(1)));
        client.switchTo(second, _ -> {});
        second.tells(new MappingEvent.Lost(key(2)));
        assertThat(told).containsExactly(new MappingEvent.Lost(key(2)));
    }

    @Test
    void whatTheNextOneSaysBeforeItIsAskedIsToldOnceItIs() {
        second.onListing = () -> second.tells(new MappingEvent.Lost(key(1)));
        client.switchTo(second, _ -> assertThat(told).isEmpty());
        assertThat(told).containsExactly(new MappingEvent.Lost(key(1)));
        second.tells(new MappingEvent.Lost(key(2)));
        assertThat(told).hasSize(2);
    }

    @Test
    void aClientThatFailsFailsThoseWhoWait() {
        var mapping = client.map(request(1));
        first.answers.getFirst().completeExceptionally(new IllegalStateException("closed"));
        assertThat(mapping)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .isNotInstanceOf(CompletionException.class)
                .withMessageContaining("closed");
    }

    /** Whatever is asked, answered late or never, and however often the provider changes meanwhile. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void eachQuestionIsAnswered(long seed) {
        var random = Seeds.of(seed);
        var providers = new ArrayList<>(List.of(first));
        var questions = new ArrayList<CompletableFuture<MappingOutcome>>();
        var answered = new ArrayList<MappingOutcome>();
        for (int step = 0; step < 300; step++) {
            int port = random.nextInt(1, 6);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> questions.add(client.map(request(port)));
                case 3 -> questions.add(client.release(PortMapping.OWNER, key(port)));
                case 4 -> {
                    providers.add(new Provider());
                    client.switchTo(providers.getLast(), _ -> {});
                }
                default -> {
                    var answers = providers.get(random.nextInt(providers.size())).answers;
                    if (!answers.isEmpty()) {
                        answers.get(random.nextInt(answers.size())).complete(granted(BEFORE));
                    }
                }
            }
        }
        questions.forEach(question -> question.thenAccept(answered::add));
        List.copyOf(providers.getLast().answers).forEach(answer -> answer.complete(granted(AFTER)));
        assertThat(questions).allMatch(CompletableFuture::isDone);
        assertThat(answered).hasSameSizeAs(questions);
        assertThat(providers.subList(0, providers.size() - 1)).allMatch(it -> it.closed);
        assertThat(providers.getLast().closed).isFalse();
    }
}
