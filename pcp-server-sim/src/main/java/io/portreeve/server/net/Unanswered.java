package io.portreeve.server.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests that wait for their answers. When there are too many the oldest is forgotten: its client asks again. One thread at a
 * time.
 */
final class Unanswered {
    static final int LIMIT = 8192;

    private long lastId;

    private final Map<Long, Exchange> exchanges = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Exchange> eldest) {
            return size() > LIMIT;
        }
    };

    /** {@return the request id under which the engine knows it} */
    long add(Exchange exchange) {
        exchanges.put(++lastId, exchange);
        return lastId;
    }

    Optional<Exchange> take(long requestId) {
        return Optional.ofNullable(exchanges.remove(requestId));
    }
}
