package io.portreeve.server.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Subscribers who all ask at once, each one thing at a time: its next question when its last one is answered.
 *
 * <p>One thread and no more, because what is measured needs the processors too.
 */
final class Load implements AutoCloseable {
    /** A datagram that has not come over the loopback interface after this time never will. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(2);

    private static final long LOOK_FOR_LOST_MILLIS = 100;
    private static final int MOST_ATTEMPTS = 10;

    private final InetSocketAddress server;
    private final Selector selector = Selector.open();
    private final ByteBuffer received = ByteBuffer.allocate(2048);
    private final List<Conversation> conversations = new ArrayList<>();
    private Tally tally = new Tally();

    Load(InetSocketAddress server, List<Subscriber> subscribers) throws IOException {
        this.server = server;
        for (var subscriber : subscribers) {
            conversations.add(new Conversation(subscriber));
        }
    }

    /** Asks until {@code time} is over, or one subscriber has nothing to ask any more; waits for the last answers. */
    Figure run(Function<Subscriber, Optional<Question>> questions, Duration time)
            throws IOException, WrongAnswerException {
        long end = System.nanoTime() + time.toNanos();
        var dry = new boolean[1];
        return run(subscriber -> {
            var next = dry[0] || System.nanoTime() >= end ? Optional.<Question>empty() : questions.apply(subscriber);
            dry[0] |= next.isEmpty();
            return next;
        });
    }

    /** Asks until nobody has anything to ask any more. */
    Figure run(Function<Subscriber, Optional<Question>> questions) throws IOException, WrongAnswerException {
        tally = new Tally();
        long begin = System.nanoTime();
        for (var conversation : conversations) {
            conversation.ask(questions.apply(conversation.subscriber));
        }
        long looked = begin;
        while (conversations.stream().anyMatch(Conversation::waits)) {
            selector.select(LOOK_FOR_LOST_MILLIS);
            for (var key : selector.selectedKeys()) {
                var conversation = (Conversation) key.attachment();
                if (conversation.hear()) {
                    conversation.ask(questions.apply(conversation.subscriber));
                }
            }
            selector.selectedKeys().clear();
            if (System.nanoTime() - looked
                    > Duration.ofMillis(LOOK_FOR_LOST_MILLIS).toNanos()) {
                looked = System.nanoTime();
                askAgain(looked);
            }
        }
        return tally.figure((System.nanoTime() - begin) / 1e9);
    }

    private void askAgain(long now) throws IOException, WrongAnswerException {
        for (var conversation : conversations) {
            if (conversation.waits() && now - conversation.sent > LOST_AFTER.toNanos()) {
                conversation.askAgain();
            }
        }
    }

    private final class Conversation {
        private final Subscriber subscriber;
        private DatagramChannel channel;
        private Question question;
        private long sent;
        private int attempts;

        Conversation(Subscriber subscriber) throws IOException {
            this.subscriber = subscriber;
            open();
        }

        private void open() throws IOException {
            channel = DatagramChannel.open()
                    .bind(new InetSocketAddress(subscriber.address().toInetAddress(), 0))
                    .connect(server);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        boolean waits() {
            return question != null;
        }

        void ask(Optional<Question> next) throws IOException {
            question = next.orElse(null);
            attempts = 0;
            if (waits()) {
                send();
            }
        }

        private void send() throws IOException {
            attempts++;
            sent = System.nanoTime();
            channel.write(ByteBuffer.wrap(question.octets()));
        }

        /** From another port, so that an answer that comes late is not taken for the next. */
        void askAgain() throws IOException, WrongAnswerException {
            tally.lost();
            if (attempts == MOST_ATTEMPTS) {
                throw new WrongAnswerException("no answer to " + attempts + " times " + question.what());
            }
            channel.close();
            open();
            send();
        }

        /** {@return true if it has been answered} */
        boolean hear() throws IOException, WrongAnswerException {
            received.clear();
            if (!channel.isOpen() || channel.read(received) <= 0 || !waits()) {
                return false;
            }
            tally.answered(System.nanoTime() - sent);
            if (!question.rightAnswer().test(received.flip())) {
                throw new WrongAnswerException(
                        "a wrong answer to " + question.what() + " from " + subscriber.address());
            }
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        for (var conversation : conversations) {
            conversation.channel.close();
        }
        selector.close();
    }
}
