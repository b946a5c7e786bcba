package io.portreeve.igd.metrics;

import io.portreeve.igd.iwf.Snapshot;
import java.time.Duration;
import java.util.Locale;

/** Prometheus' text format, version 0.0.4. All labels are words of this program. */
final class MetricsText {
    private final StringBuilder text = new StringBuilder();

    private MetricsText() {}

    static String of(Measured gateway) {
        var metrics = new MetricsText();
        metrics.gauge(
                "portreeve_alive",
                "the interworking answers",
                gateway.standstill().isEmpty() ? 1 : 0);
        metrics.gauge(
                "portreeve_ready",
                "ports can be opened, as far as the last attempt tells",
                gateway.obstacles().isEmpty() ? 1 : 0);
        metrics.gauge(
                "portreeve_pcp_silent_seconds",
                "how long no PCP server has answered that is asked; 0 if one does",
                gateway.silence().orElse(Duration.ZERO).toSeconds());
        gateway.snapshot().ifPresent(metrics::table);
        metrics.counts(gateway);
        return metrics.text.toString();
    }

    private void table(Snapshot snapshot) {
        gauge(
                "portreeve_port_mappings",
                "entries of the table",
                snapshot.entries().size());
        gauge("portreeve_changes_under_way", "changes of the table that are not done yet", snapshot.underWay());
        gauge("portreeve_link_up", "the link to the provider", snapshot.state().linkUp() ? 1 : 0);
        gauge(
                "portreeve_external_address_known",
                "the provider has given an address",
                snapshot.state().external().isPresent() ? 1 : 0);
        head("portreeve_denials_total", "counter", "hosts were denied something: quotas, ports that stay closed");
        value("portreeve_denials_total", "", snapshot.denials());
    }

    private void counts(Measured gateway) {
        var counts = gateway.counts();
        head("portreeve_calls_total", "counter", "actions of control points, by their UPnP error");
        counts.calls()
                .forEach((call, count) -> value(
                        "portreeve_calls_total",
                        "{action=\"" + call.action() + "\",result=\"" + call.result() + "\"}",
                        count.sum()));
        head("portreeve_pcp_answers_total", "counter", "answers of the PCP server, by result");
        counts.pcpAnswers()
                .forEach((result, count) ->
                        value("portreeve_pcp_answers_total", "{result=\"" + result + "\"}", count.sum()));
        head("portreeve_http_rejects_total", "counter", "requests and connections that HTTP turned away");
        gateway.rejects()
                .forEach((reason, count) -> value(
                        "portreeve_http_rejects_total",
                        "{reason=\"" + reason.name().toLowerCase(Locale.ROOT) + "\"}",
                        count));
        head("portreeve_commit_seconds", "summary", "how long it took to store changes");
        value("portreeve_commit_seconds_sum", "", seconds(counts.commitTime()));
        value("portreeve_commit_seconds_count", "", counts.commits());
        head("portreeve_failed_commits_total", "counter", "changes could not be stored");
        value("portreeve_failed_commits_total", "", counts.failedCommits());
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private void gauge(String name, String help, long now) {
        head(name, "gauge", help);
        value(name, "", now);
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void value(String name, String labels, Number now) {
        text.append(name).append(labels).append(' ').append(now).append('\n');
    }
}
