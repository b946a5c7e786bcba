package io.portreeve.server.bench;

import java.util.Optional;
import java.util.function.Function;

/** What is measured, in the order of a round: there must be something to renew, to refuse and to delete. */
enum Kind {
    ECHO("UDP echo", Subscriber::echo),
    CREATE("MAP create", Subscriber::create),
    RENEW("MAP renew", Subscriber::renew),
    REFUSED("MAP refused", Subscriber::intrude),
    DELETE("MAP delete", Subscriber::delete),
    ANNOUNCE("ANNOUNCE", Subscriber::announce);

    private final String title;
    private final Function<Subscriber, Optional<Question>> questions;

    Kind(String title, Function<Subscriber, Optional<Question>> questions) {
        this.title = title;
        this.questions = questions;
    }

    String title() {
        return title;
    }

    Function<Subscriber, Optional<Question>> questions() {
        return questions;
    }
}
