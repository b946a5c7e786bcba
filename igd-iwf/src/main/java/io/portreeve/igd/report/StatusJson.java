package io.portreeve.igd.report;

import io.portreeve.client.ServerView;
import io.portreeve.igd.gateway.Journal;
import io.portreeve.igd.iwf.Snapshot;
import io.portreeve.json.Json;
import io.portreeve.pcp.Lifetime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The gateway for programs. What is not known is {@code null}; dates are of UTC, times in seconds. */
public final class StatusJson {
    private StatusJson() {}

    public static String of(Status status) {
        var members = new LinkedHashMap<String, Object>();
        members.put("version", status.version());
        members.put("process", status.process());
        members.put("runningSeconds", status.running().toSeconds());
        members.put("configuration", status.configuration());
        members.put("configurationRead", status.configurationRead());
        members.put("lanInterface", status.lanInterface());
        members.put("urls", status.urls());
        members.put("wanInterface", status.wanInterface());
        members.put("wanAddress", status.wan());
        members.put("ports", status.ports());
        members.put("servers", status.servers().stream().map(StatusJson::server).toList());
        members.put("state", status.snapshot().map(StatusJson::state));
        members.put(
                "trouble", status.trouble().stream().map(StatusJson::trouble).toList());
        return Json.of(members) + "\n";
    }

    private static Map<String, Object> server(ServerView server) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", server.name());
        members.put("address", server.address());
        members.put("askedFrom", server.source());
        members.put("withoutOptions", server.withoutOptions());
        members.put("grantsAtLeastSeconds", server.shortest().map(Lifetime::seconds));
        members.put("grantsAtMostSeconds", server.longest().map(Lifetime::seconds));
        members.put("isFull", server.isFull());
        members.put("answeredSecondsAgo", server.sinceAnswer().map(Duration::toSeconds));
        members.put("silentSeconds", server.silentFor().map(Duration::toSeconds));
        return members;
    }

    private static Map<String, Object> state(Snapshot snapshot) {
        var members = new LinkedHashMap<String, Object>();
        members.put("linkUp", snapshot.state().linkUp());
        members.put("connected", snapshot.state().connected());
        members.put("externalAddress", snapshot.state().external());
        members.put("portMappings", snapshot.entries().size());
        members.put("beingChanged", snapshot.underWay());
        members.put("updateId", snapshot.state().updateId());
        members.put("hasSentinel", snapshot.sentinel().isPresent());
        return members;
    }

    private static Map<String, Object> trouble(Journal.Line line) {
        var members = new LinkedHashMap<String, Object>();
        members.put("at", line.at());
        members.put("what", line.entry());
        return members;
    }
}
