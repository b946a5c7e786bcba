package io.portreeve.bench.gateway;

import io.portreeve.bench.Progress;
import io.portreeve.bench.client.Pace;
import io.portreeve.demo.Discovery;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What hosts at home can do to a gateway, all at once, until it is closed. */
final class Attack implements AutoCloseable {
    private static final InetSocketAddress SSDP_GROUP = new InetSocketAddress("239.255.255.250", 1_900);
    private static final List<Integer> GARBAGE_PORTS = List.of(1_900, 5_351);
    private static final Duration SEARCH_SPACING = Duration.ofMillis(1);
    private static final Duration GARBAGE_SPACING = Duration.ofNanos(100_000);
    private static final int LONGEST_GARBAGE = 512;
    private static final int SEED = 1;

    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean ended;

    /** One of the things done, step by step, by one thread. */
    interface Load extends Closeable {
        /** {@return from one step to the next} */
        Duration spacing();

        void step() throws IOException;
    }

    /** @param hosts who attack */
    static Attack on(InetAddress gateway, URI control, List<InetAddress> hosts) throws IOException {
        var attack = new Attack();
        attack.begin(new SlowClients(hosts, control));
        attack.begin(new Datagrams(hosts.getFirst(), SSDP_GROUP, Discovery::search, SEARCH_SPACING));
        for (int port : GARBAGE_PORTS) {
            attack.begin(
                    new Datagrams(hosts.getLast(), new InetSocketAddress(gateway, port), garbage(), GARBAGE_SPACING));
        }
        return attack;
    }

    private static Supplier<byte[]> garbage() {
        var random = new Random(SEED);
        return () -> {
            var octets = new byte[random.nextInt(LONGEST_GARBAGE)];
            random.nextBytes(octets);
            return octets;
        };
    }

    private void begin(Load load) {
        threads.execute(() -> run(load));
    }

    private void run(Load load) {
        try (load) {
            var pace = new Pace(load.spacing());
            while (!ended) {
                pace.await();
                step(load);
            }
        } catch (IOException e) {
            Progress.say("an attack did not end well: " + e.getMessage());
        }
    }

    private void step(Load load) {
        steps.incrementAndGet();
        try {
            load.step();
        } catch (IOException _) {
            failed.incrementAndGet(); // the gateway defends itself
        }
    }

    @Override
    public void close() {
        ended = true;
        threads.close();
        Progress.say(steps + " steps of attacks, of which " + failed + " were turned away");
    }
}
