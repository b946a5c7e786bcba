package io.portreeve.server.junit;

import io.portreeve.server.Personality;
import io.portreeve.server.ServerSettings;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The lines {@code key = value} that a test gives its server. Of two with the same key the later counts. */
final class SettingLines {
    private static final Map<String, String> DEFAULTS =
            Map.of("listen", "127.0.0.1", "port", "0", "pool", "203.0.113.1");
    private static final String STATE = "state-dir";

    private final SequencedMap<String, String> lines = new LinkedHashMap<>();

    SettingLines(List<String> lines) {
        lines.forEach(line -> this.lines.put(key(line), line));
    }

    private static String key(String line) {
        return part(line, 0);
    }

    private static String part(String line, int number) {
        var parts = line.split("=", 2);
        return number < parts.length ? parts[number].strip() : "";
    }

    /**
     * {@return what they say, with defaults for what a server cannot do without}
     *
     * @throws IllegalArgumentException naming the line, and what was expected
     */
    ServerSettings read(Path stateDir) {
        if (lines.containsKey(STATE)) {
            throw new IllegalArgumentException(
                    "'" + lines.get(STATE) + "': a test server has a state directory of its own, remove the line");
        }
        var all = new ArrayList<>(lines.values());
        all.add(STATE + " = " + stateDir);
        DEFAULTS.forEach((key, value) -> {
            if (!lines.containsKey(key) && !(key.equals("pool") && choosesCgn())) {
                all.add(key + " = " + value);
            }
        });
        try {
            return ServerSettings.of(new Settings("settings of the test server", all));
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Not every CGN has a pool here. */
    private boolean choosesCgn() {
        var personality = part(lines.getOrDefault("personality", ""), 1);
        return lines.containsKey("cgn")
                || Arrays.stream(Personality.values())
                        .filter(it -> it.toString().equals(personality))
                        .anyMatch(it -> it.settings().containsKey("cgn"));
    }
}
