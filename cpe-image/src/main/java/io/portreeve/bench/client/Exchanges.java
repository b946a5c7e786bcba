package io.portreeve.bench.client;

import java.io.IOException;

/** How many exchanges a server had with a process, and what that one spent on them. */
record Exchanges(int count, Usage usage) {

    static Exchanges of(MeasuredProcess process, GrantingServer server) throws IOException {
        return new Exchanges(server.granted(), process.usage());
    }

    Cost since(Exchanges before) {
        return new Cost(count - before.count, usage.since(before.usage).cpuNanos());
    }

    record Cost(int exchanges, long cpuNanos) {

        double secondsEach() {
            return cpuNanos / 1e9 / exchanges;
        }
    }
}
