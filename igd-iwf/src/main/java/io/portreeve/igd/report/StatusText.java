package io.portreeve.igd.report;

import io.portreeve.client.MappingKey;
import io.portreeve.client.ServerAddress;
import io.portreeve.client.ServerView;
import io.portreeve.igd.gateway.Journal;
import io.portreeve.igd.iwf.IgdReply.Entry;
import io.portreeve.igd.iwf.Snapshot;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The gateway on one screen. */
public final class StatusText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final StringBuilder text = new StringBuilder();
    private final ZoneId zone;

    private StatusText(ZoneId zone) {
        this.zone = zone;
    }

    /** @param zone whose dates are read */
    public static String of(Status status, ZoneId zone) {
        var screen = new StatusText(zone);
        screen.gateway(status);
        status.servers().forEach(screen::server);
        status.snapshot()
                .ifPresentOrElse(screen::table, () -> screen.line("state", "the gateway does not answer; see its log"));
        screen.trouble(status.trouble());
        return screen.text.toString();
    }

    private void gateway(Status status) {
        line("portreeve", status.version() + ", process " + status.process() + ", for " + Words.of(status.running()));
        line("configuration", status.configuration() + ", read " + date(status.configurationRead()));
        line("LAN", status.lanInterface() + (status.urls().isEmpty() ? ": no address" : ""));
        status.urls().forEach(url -> line("", url));
        line(
                "WAN",
                status.wanInterface() + ": "
                        + status.wan().map(PcpAddress::toString).orElse("no address"));
        line("", status.ports());
    }

    private void server(ServerView server) {
        line(
                "PCP server",
                server.address().map(ServerAddress::toString).orElse(server.name())
                        + server.source()
                                .map(from -> ", asked from " + from)
                                .orElse(": there is no way to it; check the route")
                        + (server.isFull() ? "; it has no room for more mappings" : ""));
        server.silentFor().ifPresent(silence -> silent(server, silence));
        server.shortest().ifPresent(shortest -> line("", "grants " + shortest.seconds() + " s at least"));
        server.longest().ifPresent(longest -> line("", "grants " + longest.seconds() + " s at most"));
        if (!server.withoutOptions().isEmpty()) {
            line("", "does not know the options " + numbers(server.withoutOptions()));
        }
    }

    private void silent(ServerView server, Duration silence) {
        var last = server.sinceAnswer().map(ago -> "last answer " + Words.of(ago) + " ago");
        line("", "silent for " + Words.of(silence) + ", " + last.orElse("no answer yet"));
        line("", "check that it runs, and that UDP is dropped neither on the way there nor back");
    }

    private static String numbers(Set<Integer> options) {
        return new TreeSet<>(options).stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void table(Snapshot snapshot) {
        var state = snapshot.state();
        line(
                "external",
                state.external().map(PcpAddress::toString).orElse("no address is known, so nobody is reached")
                        + (state.linkUp() ? "" : "; the link to the provider is down"));
        snapshot.sentinel().ifPresent(key -> line("", "known by the mapping of " + portOf(key)));
        var underWay = snapshot.underWay() == 0 ? "" : "; " + snapshot.underWay() + " being changed";
        line("port mappings", snapshot.entries().size() + hosts(snapshot.entries()) + underWay);
    }

    private static String portOf(MappingKey key) {
        return key.protocol() + " " + key.internalPort();
    }

    private static String hosts(List<Entry> entries) {
        long hosts = entries.stream().map(Entry::internalClient).distinct().count();
        return entries.isEmpty() ? "" : hosts == 1 ? " of 1 host" : " of " + hosts + " hosts";
    }

    private void trouble(List<Journal.Line> lines) {
        var name = "last trouble";
        for (var line : lines) {
            line(name, date(line.at()) + " " + Printable.of(line.entry().toString()));
            name = "";
        }
    }

    private String date(Instant instant) {
        return DATE.format(instant.atZone(zone));
    }

    private void line(String name, String value) {
        text.append("%-15s %s%n".formatted(name, value));
    }
}
