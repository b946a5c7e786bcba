package io.portreeve.igd.report;

import io.portreeve.client.ServerView;
import io.portreeve.igd.gateway.Journal;
import io.portreeve.igd.iwf.Snapshot;
import io.portreeve.pcp.PcpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The whole gateway at one moment.
 *
 * @param running since its start
 * @param configurationRead when what is in force was read
 * @param urls where its descriptions are
 * @param wan the address towards the provider; empty while there is none
 * @param ports who opens them, and why
 * @param servers empty if no provider is asked
 * @param snapshot empty if the interworking does not answer
 * @param journal what became of entries and wishes, the oldest first
 */
public record Status(
        String version,
        long process,
        Duration running,
        Path configuration,
        Instant configurationRead,
        String lanInterface,
        List<String> urls,
        String wanInterface,
        Optional<PcpAddress> wan,
        String ports,
        List<ServerView> servers,
        Optional<Snapshot> snapshot,
        List<Journal.Line> journal) {
    private static final int SHOWN = 5;

    public Status {
        urls = List.copyOf(urls);
        servers = List.copyOf(servers);
        journal = List.copyOf(journal);
    }

    /** {@return the last lines of what has gone wrong, the oldest first} */
    List<Journal.Line> trouble() {
        var all =
                journal.stream().filter(line -> line.entry().what().isTrouble()).toList();
        return all.subList(Math.max(0, all.size() - SHOWN), all.size());
    }
}
