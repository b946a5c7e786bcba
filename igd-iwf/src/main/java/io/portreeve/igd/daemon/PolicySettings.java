package io.portreeve.igd.daemon;

import io.portreeve.igd.iwf.AccessPolicy;
import io.portreeve.igd.iwf.AccessPolicy.RangeActions;
import io.portreeve.igd.iwf.AccessPolicy.RemoteHosts;
import io.portreeve.igd.iwf.AddStrategy;
import io.portreeve.igd.iwf.AskingPolicy;
import io.portreeve.igd.iwf.AskingPolicy.Descriptions;
import io.portreeve.igd.iwf.AskingPolicy.Fallback;
import io.portreeve.igd.iwf.AskingPolicy.Lookup;
import io.portreeve.igd.iwf.DeletionPolicy;
import io.portreeve.igd.iwf.DeletionPolicy.WhenRefused;
import io.portreeve.igd.iwf.DeletionPolicy.WhileSilent;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.Quotas;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What hosts may, and how it is done, in the words of the configuration file. */
final class PolicySettings {
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?: ?- ?(\\d{1,5}))?");
    private static final int HIGHEST_PORT = 65_535;
    private static final int HIGHEST_RATE = 10_000;
    private static final int MOST_RETRIES = 2;

    /** One for the provider, and one for the gateway itself. */
    private static final Duration SHORTEST_ANSWER = Duration.ofSeconds(2);

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    private final Settings file;

    private PolicySettings(Settings file) {
        this.file = file;
    }

    /** @param usual what is not set */
    static IwfPolicy from(Settings file, IwfPolicy usual) throws SettingsException {
        var settings = new PolicySettings(file);
        return usual.with(settings.access(usual.access()))
                .with(settings.quotas())
                .with(settings.deletion())
                .with(settings.asking())
                .with(settings.deadline(usual.deadline()));
    }

    private AccessPolicy access(AccessPolicy usual) throws SettingsException {
        return new AccessPolicy(
                file.number("lowest-port", usual.lowestPort(), 1, HIGHEST_PORT),
                usual.lowInternalPorts(),
                ports("denied-ports", usual.deniedPorts()),
                usual.portsInUse(),
                switch (file.text("remote-hosts", "filter")) {
                    case "filter" -> RemoteHosts.FILTERED;
                    case "reject" -> RemoteHosts.REJECTED;
                    default -> throw file.wrong("remote-hosts", "filter or reject");
                },
                switch (file.text("range-actions", "tolerant")) {
                    case "tolerant" -> RangeActions.TOLERANT;
                    case "strict" -> RangeActions.STRICT;
                    default -> throw file.wrong("range-actions", "tolerant or strict");
                });
    }

    private Set<Integer> ports(String key, Set<Integer> usual) throws SettingsException {
        var text = file.text(key);
        if (text.isEmpty()) {
            return usual;
        }
        var ports = new TreeSet<Integer>();
        if (text.get().equals("none")) {
            return ports;
        }
        for (var part : text.get().split(",", -1)) {
            var match = PORTS.matcher(part.strip());
            int first = match.matches() ? Integer.parseInt(match.group(1)) : 0;
            int last = match.matches() && match.group(2) != null ? Integer.parseInt(match.group(2)) : first;
            if (first < 1 || last < first || last > HIGHEST_PORT) {
                throw file.wrong(key, "none, or ports and ranges from 1 to 65535: 21, 135-139");
            }
            for (int port = first; port <= last; port++) {
                ports.add(port);
            }
        }
        return ports;
    }

    private Quotas quotas() throws SettingsException {
        return Quotas.ofEachHost(
                file.number("host-mappings", Quotas.USUAL.ofHost(), 0, HIGHEST_PORT),
                file.number("host-rate", Quotas.USUAL.hostRate().perSecond(), 0, HIGHEST_RATE));
    }

    private DeletionPolicy deletion() throws SettingsException {
        return new DeletionPolicy(
                switch (file.text("deletion-while-silent", "tombstone")) {
                    case "tombstone" -> WhileSilent.TOMBSTONE;
                    case "fail" -> WhileSilent.FAIL;
                    default -> throw file.wrong("deletion-while-silent", "tombstone or fail");
                },
                switch (file.text("deletion-when-refused", "relay")) {
                    case "relay" -> WhenRefused.RELAY;
                    case "drop" -> WhenRefused.DROP;
                    default -> throw file.wrong("deletion-when-refused", "relay or drop");
                });
    }

    private AskingPolicy asking() throws SettingsException {
        return new AskingPolicy(
                switch (file.text("add-strategy", "prefer-failure")) {
                    case "prefer-failure" -> AddStrategy.PREFER_FAILURE;
                    case "draft-alt1" -> AddStrategy.DRAFT_ALT1;
                    case "draft-alt3" -> AddStrategy.DRAFT_ALT3;
                    default -> throw file.wrong("add-strategy", "prefer-failure, draft-alt1 or draft-alt3");
                },
                file.onOff("prefer-failure-fallback", true) ? Fallback.DRAFT_ALT1 : Fallback.NONE,
                file.number("add-retries", AskingPolicy.USUAL.retries(), 0, MOST_RETRIES),
                switch (file.text("server-unreachable", "fail")) {
                    case "fail" -> AskingPolicy.WhileUnreachable.FAIL;
                    case "local-then-sync" -> AskingPolicy.WhileUnreachable.LOCAL_THEN_SYNC;
                    default -> throw file.wrong("server-unreachable", "fail or local-then-sync");
                },
                switch (file.text("lookup", "local")) {
                    case "local" -> Lookup.LOCAL;
                    case "rfc-probe" -> Lookup.RFC_PROBE;
                    default -> throw file.wrong("lookup", "local or rfc-probe");
                },
                file.onOff("share-descriptions", true) ? Descriptions.RELAYED : Descriptions.KEPT);
    }

    private Duration deadline(Duration usual) throws SettingsException {
        var deadline = file.duration("answer-deadline", usual);
        if (deadline.compareTo(SHORTEST_ANSWER) < 0 || deadline.compareTo(LONGEST_ANSWER) > 0) {
            throw file.wrong("answer-deadline", "a time from 2 s to 30 s");
        }
        return deadline;
    }
}
