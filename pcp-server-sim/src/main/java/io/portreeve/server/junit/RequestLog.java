package io.portreeve.server.junit;

import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.server.net.SeenDatagram;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All that came, with what was sent for it. The network's thread writes, any other reads and waits. */
final class RequestLog implements Consumer<SeenDatagram> {
    private final List<Entry> entries = new ArrayList<>();
    private final Map<byte[], Entry> byOctets = new IdentityHashMap<>();
    private final Duration patience;

    /** @param patience how long a request is waited for */
    RequestLog(Duration patience) {
        this.patience = patience;
    }

    /** What changes is changed by who has the log. The datagrams are read without it, so that the network does not wait. */
    private static final class Entry {
        private final SeenDatagram request;
        private final List<byte[]> answers = new ArrayList<>();
        private boolean returned;

        Entry(SeenDatagram request) {
            this.request = request;
        }

        Reading read() {
            return Reading.ofRequest(request.octets(), request.remote().address());
        }
    }

    @Override
    public synchronized void accept(SeenDatagram seen) {
        switch (seen.direction()) {
            case RECEIVED -> {
                var entry = new Entry(seen);
                entries.add(entry);
                byOctets.put(seen.octets(), entry);
                notifyAll();
            }
            case SENT -> seen.answered().map(byOctets::get).ifPresent(entry -> entry.answers.add(seen.octets()));
        }
    }

    /** {@return all that came, in order} */
    List<ReceivedRequest> all() {
        return since(0).stream().map(this::shown).toList();
    }

    private synchronized List<Entry> since(int first) {
        return List.copyOf(entries.subList(first, entries.size()));
    }

    private ReceivedRequest shown(Entry entry) {
        var remote = entry.request.remote();
        var source = new InetSocketAddress(remote.address().toInetAddress(), remote.port());
        var answers = answersTo(entry).stream().map(SentAnswer::new).toList();
        return new ReceivedRequest(source, entry.request.octets(), entry.read(), answers);
    }

    private synchronized List<byte[]> answersTo(Entry entry) {
        return List.copyOf(entry.answers);
    }

    /**
     * {@return the first request of this kind that is {@code wanted} and has not been returned before} Waits for it.
     *
     * @throws AssertionError telling what came instead, if it does not come
     */
    <R> R await(Class<R> kind, Predicate<? super R> wanted) {
        checkIsRequest(kind);
        long start = System.nanoTime();
        int looked = 0;
        while (hasMore(looked, start)) {
            var came = since(looked);
            looked += came.size();
            for (var entry : came) {
                var found = entry.read().as(kind).filter(wanted);
                if (found.isPresent() && take(entry)) {
                    return found.get();
                }
            }
        }
        throw new AssertionError(
                "no such " + kind.getSimpleName() + " within " + patience.toSeconds() + " s; " + whatCame());
    }

    private static void checkIsRequest(Class<?> kind) {
        if (!PcpRequest.class.isAssignableFrom(kind) && !NatPmpRequest.class.isAssignableFrom(kind)) {
            throw new IllegalArgumentException(kind.getSimpleName() + " is no request of PCP or NAT-PMP");
        }
    }

    /** Waits for more than {@code looked}. {@return false if there is no more in time} */
    private synchronized boolean hasMore(int looked, long start) {
        long left = patience.toNanos();
        while (entries.size() == looked && left > 0) {
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting; " + whatCame(), e);
            }
            left = patience.toNanos() - (System.nanoTime() - start);
        }
        return entries.size() > looked;
    }

    private synchronized boolean take(Entry entry) {
        boolean isFirst = !entry.returned;
        entry.returned = true;
        return isFirst;
    }

    private String whatCame() {
        var all = since(0);
        return all.isEmpty()
                ? "nothing came at all"
                : "what came:\n"
                        + IntStream.range(0, all.size())
                                .mapToObj(i -> (i + 1) + ". " + line(all.get(i)))
                                .collect(Collectors.joining("\n"));
    }

    private String line(Entry entry) {
        return shown(entry) + (hasReturned(entry) ? " (returned before)" : "");
    }

    private synchronized boolean hasReturned(Entry entry) {
        return entry.returned;
    }
}
