package io.portreeve.igd.gateway;

import io.portreeve.igd.iwf.GatewayState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the interworking last said of the connection, and who wants to hear of it. */
final class LatestState {
    private final List<Consumer<GatewayState>> listeners = new ArrayList<>();
    private Optional<GatewayState> latest = Optional.empty();

    /** Tells {@code listener} the state there is, if there is one, and then each that follows. */
    synchronized void listen(Consumer<GatewayState> listener) {
        listeners.add(listener);
        latest.ifPresent(listener);
    }

    synchronized void is(GatewayState state) {
        latest = Optional.of(state);
        listeners.forEach(listener -> listener.accept(state));
    }
}
