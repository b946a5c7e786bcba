package io.portreeve.server.channel;

import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.Owned;
import io.portreeve.server.cgn.CgnError;
import io.portreeve.server.cgn.CgnException;
import io.portreeve.server.cgn.HostedCgn;
import io.portreeve.server.channel.Routines.Stale;
import io.portreeve.server.channel.Words.Misspelt;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the CGN does about what is said to it, line by line. */
final class ChannelLoop implements Owned<ChannelEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelLoop.class);
    private static final String VERSION = "1";

    private final HostedCgn cgn;
    private final Session session = new Session();
    private Optional<Line> server = Optional.empty();

    ChannelLoop(HostedCgn cgn) {
        this.cgn = cgn;
    }

    @Override
    public MonoTime nextDue() {
        return session.deadline();
    }

    @Override
    public void handle(List<ChannelEvent> events, MonoTime now) {
        if (session.expires(now)) { // first: what was said before is too late
            over("its server has been silent for " + Session.PATIENCE.toSeconds() + " s");
        }
        for (var event : events) {
            switch (event) {
                case ChannelEvent.Said(var from, var line) -> said(from, line, now);
                case ChannelEvent.Ended(var line) -> ended(line);
                case ChannelEvent.Deleted(var subscriber) ->
                    server.ifPresent(it -> tell(it, "deleted " + routines().handle(subscriber.number())));
            }
        }
    }

    private void over(String why) {
        if (flush()) {
            LOG.warn("session {} is over: {}; its mappings are gone, and no new ones are made", session.number(), why);
        }
    }

    private Routines routines() {
        return new Routines(cgn, session.number());
    }

    private void said(Line from, String line, MonoTime now) {
        var words = Words.of(line);
        try {
            var first = words.next();
            if (first.equals("hello")) {
                hello(from, words, now);
            } else {
                asked(from, first, words, now);
            }
        } catch (Misspelt e) {
            tell(from, "misspelt " + e.getMessage());
            from.close();
        }
    }

    private void hello(Line from, Words words, MonoTime now) throws Misspelt {
        if (!words.next().equals(VERSION)) {
            throw new Misspelt("this CGN speaks version " + VERSION);
        }
        words.end();
        if (flush()) {
            long number = session.begin(from, now);
            server = Optional.of(from);
            LOG.info("session {} begins; implicit mappings wait for its unlock", number);
            tell(from, "hello " + VERSION + " " + number);
        } else {
            from.close();
        }
    }

    private void asked(Line from, String id, Words words, MonoTime now) {
        if (!session.hears(from, now)) {
            tell(from, id + " stale-session");
            return;
        }
        try {
            routines().run(words).whenComplete((answer, failure) -> tell(from, id + " " + text(answer, failure)));
        } catch (Stale e) {
            tell(from, id + " stale-session");
        } catch (Misspelt e) {
            tell(from, id + " misspelt " + e.getMessage());
        }
    }

    private static String text(String answer, Throwable failure) {
        if (failure == null) {
            return "ok " + answer;
        }
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return "failed " + (cause instanceof CgnException e ? e.error() : CgnError.INTERNAL);
    }

    private void ended(Line line) {
        if (session.ends(line)) {
            over("its server has gone");
        }
    }

    /** Nothing else is done meanwhile: what is asked later must find it done. @return false if the CGN cannot */
    private boolean flush() {
        server = Optional.empty();
        try {
            cgn.flush().toCompletableFuture().join();
            return true;
        } catch (CompletionException e) {
            LOG.error(
                    "explicit mappings of an earlier session may still be there: {}",
                    e.getCause().getMessage());
            return false;
        }
    }

    /** Who cannot be told has gone, which is another event. */
    private static void tell(Line line, String text) {
        try {
            line.write(text);
        } catch (IOException e) {
            line.close();
        }
    }
}
