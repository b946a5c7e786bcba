package io.portreeve.server;

import io.portreeve.server.engine.ServerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The way of events to the engine's owner. What happens before there is one waits for it, in order. Any thread. */
final class Inlet {
    private final List<ServerEvent> early = new ArrayList<>();
    private volatile Optional<Consumer<ServerEvent>> owner = Optional.empty();

    void put(ServerEvent event) {
        owner.ifPresentOrElse(it -> it.accept(event), () -> putEarly(event));
    }

    private synchronized void putEarly(ServerEvent event) {
        owner.ifPresentOrElse(it -> it.accept(event), () -> early.add(event));
    }

    synchronized void open(Consumer<ServerEvent> to) {
        early.forEach(to);
        early.clear();
        owner = Optional.of(to);
    }
}
