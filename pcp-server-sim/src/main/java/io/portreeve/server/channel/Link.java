package io.portreeve.server.channel;

import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.channel.Words.Misspelt;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session, at the server's end. When it is over all questions fail with UNREACHABLE. */
final class Link implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final Line line;
    private final Consumer<String> deleted;
    private final AtomicLong last = new AtomicLong();
    private final Map<String, CompletableFuture<Words>> asked = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private Link(Line line, Consumer<String> deleted) {
        this.line = line;
        this.deleted = deleted;
    }

    /**
     * {@return a session that has just begun}
     *
     * @param deleted takes the handle of each subscriber that the CGN's administration deletes
     * @throws IOException saying why there is none
     */
    static Link open(int port, Duration patience, Consumer<String> deleted) throws IOException {
        var line = Line.to(port, patience);
        try {
            line.patience(patience);
            line.write("hello 1");
            var answer = line.read().orElseThrow(() -> new IOException("it closes the connection"));
            if (!answer.matches("hello 1 \\d{1,18}")) {
                throw new IOException("it answers '" + answer + "'");
            }
            line.patience(Duration.ZERO);
        } catch (IOException e) {
            line.close();
            throw e;
        }
        var link = new Link(line, deleted);
        Thread.ofPlatform().name("cgn-link").daemon().start(link::read);
        return link;
    }

    /** {@return the words of the answer} */
    CompletableFuture<Words> ask(String routine) {
        var id = Long.toString(last.incrementAndGet());
        var answer = new CompletableFuture<Words>();
        asked.put(id, answer);
        try {
            line.write(id + " " + routine);
        } catch (IOException e) {
            line.close(); // whoever reads notices
        }
        if (over.isDone()) {
            unreachable(id);
        }
        return answer;
    }

    private void unreachable(String id) {
        var answer = asked.remove(id);
        if (answer != null) {
            answer.completeExceptionally(new CgnException(CgnError.UNREACHABLE));
        }
    }

    private void read() {
        try (line) {
            for (var said = line.read(); said.isPresent(); said = line.read()) {
                told(Words.of(said.get()));
            }
        } catch (IOException | Misspelt e) {
            LOG.debug("the CGN's channel: {}", e.getMessage());
        } finally {
            over.complete(null);
            asked.keySet().forEach(this::unreachable);
        }
    }

    private void told(Words words) throws Misspelt, IOException {
        var first = words.next();
        if (first.equals("deleted")) {
            deleted.accept(words.next());
            return;
        }
        var answer = asked.remove(first);
        if (answer == null) {
            throw new Misspelt("nobody asked " + first);
        }
        switch (words.next()) {
            case "ok" -> answer.complete(words);
            case "failed" -> answer.completeExceptionally(new CgnException(error(words.next())));
            case "stale-session" -> {
                answer.completeExceptionally(new CgnException(CgnError.UNREACHABLE));
                line.close();
            }
            default -> {
                LOG.error("the CGN does not understand: {}", words.rest());
                answer.completeExceptionally(new CgnException(CgnError.INTERNAL));
            }
        }
    }

    private static CgnError error(String name) {
        try {
            return CgnError.valueOf(name);
        } catch (IllegalArgumentException e) {
            return CgnError.INTERNAL;
        }
    }

    /** {@return true if the session is over by the end of {@code time}} */
    boolean isOverWithin(Duration time) throws InterruptedException {
        try {
            over.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails it", e);
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
