package io.portreeve.settings;

import io.portreeve.pcp.PcpAddress;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One configuration file: {@code key = value} lines, UTF-8, {@code #} comments; and the options of a command line that win over it.
 *
 * <p>Ask for every key the program knows, then call {@link #rejectUnknown}: what was never asked for is unknown.
 * Units stand in the value ({@code 30 s}, {@code 2 h}).
 */
public final class Settings {
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]*");

    /** In the place of a line: it was said on the command line. */
    private static final int COMMAND_LINE = 0;

    private record Entry(String value, int line) {}

    private final String file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    /**
     * @param file the name to show in errors
     * @throws SettingsException if a line is not {@code key = value}, or a key stands twice
     */
    public Settings(String file, List<String> lines) throws SettingsException {
        this.file = file;
        int number = 0;
        for (var line : lines) {
            number++;
            var text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                add(text, number);
            }
        }
    }

    /** Reads {@code file}. */
    public static Settings read(Path file) throws SettingsException {
        try {
            return new Settings(file.toString(), Files.readAllLines(file));
        } catch (NoSuchFileException e) {
            throw new SettingsException(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new SettingsException(file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw new SettingsException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private void add(String text, int line) throws SettingsException {
        int equals = text.indexOf('=');
        var key = equals < 0 ? text : text.substring(0, equals).strip();
        if (equals < 0 || !KEY.matcher(key).matches()) {
            throw new SettingsException(file + ":" + line + ": expected 'key = value', found '" + text + "'");
        }
        var earlier =
                entries.putIfAbsent(key, new Entry(text.substring(equals + 1).strip(), line));
        if (earlier != null) {
            throw new SettingsException(
                    file + ":" + line + ": '" + key + "' stands in line " + earlier.line + " already");
        }
    }

    /**
     * Takes {@code values} for what the file does not say.
     *
     * @param because the key that stands for all of them; errors in them name its line
     */
    public void assume(String because, Map<String, String> values) {
        int line = entries.get(because).line;
        values.forEach((key, value) -> entries.putIfAbsent(key, new Entry(value, line)));
    }

    /** Takes {@code options} for what they say, whatever the file says. Errors in them name the option. */
    public void override(Map<String, String> options) {
        options.forEach((key, value) -> entries.put(key, new Entry(value.strip(), COMMAND_LINE)));
    }

    private String place(String key, Entry entry) {
        return entry.line == COMMAND_LINE ? "--" + key : file + ":" + entry.line;
    }

    /** {@return the value of {@code key}, or empty if the file does not have it} */
    public Optional<String> text(String key) {
        known.add(key);
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    public String text(String key, String fallback) {
        return text(key).orElse(fallback);
    }

    /** {@return the value of {@code key}, which the program cannot do without} */
    public String required(String key) throws SettingsException {
        return text(key).orElseThrow(() -> new SettingsException(file + ": '" + key + "' is missing" + misspelt(key)));
    }

    /** Not every key is known yet, but none of ours differs from another in a letter or two behind the same first one. */
    private String misspelt(String key) {
        return entries.entrySet().stream()
                .filter(entry -> !known.contains(entry.getKey())
                        && entry.getKey().charAt(0) == key.charAt(0)
                        && distance(entry.getKey(), key) <= 2)
                .findFirst()
                .map(entry -> "; did you mean it by '" + entry.getKey() + "' in line " + entry.getValue().line + "?")
                .orElse("");
    }

    public int number(String key, int fallback, int least, int most) throws SettingsException {
        var text = text(key);
        if (text.isEmpty()) {
            return fallback;
        }
        int value = text.get().matches("\\d{1,9}") ? Integer.parseInt(text.get()) : -1;
        if (value >= least && value <= most) {
            return value;
        }
        throw wrong(key, "a number from " + least + " to " + most);
    }

    /** {@return true for {@code on}, false for {@code off}} */
    public boolean onOff(String key, boolean fallback) throws SettingsException {
        return switch (text(key, fallback ? "on" : "off")) {
            case "on" -> true;
            case "off" -> false;
            default -> throw wrong(key, "on or off");
        };
    }

    public Duration duration(String key, Duration fallback) throws SettingsException {
        var text = text(key);
        if (text.isEmpty()) {
            return fallback;
        }
        return Times.parse(text.get())
                .orElseThrow(() -> wrong(key, "a time with its unit: 250 ms, 30 s, 5 min, 2 h or 1 d"));
    }

    public PcpAddress address(String key) throws SettingsException {
        var text = required(key);
        try {
            return PcpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(key, "an IP address");
        }
    }

    public Path path(String key, String fallback) throws SettingsException {
        try {
            return Path.of(text(key, fallback));
        } catch (InvalidPathException e) {
            throw wrong(key, "the name of a file or folder");
        }
    }

    /** {@return the error for a {@code key} whose value is not {@code expected}} It names file and line. */
    public SettingsException wrong(String key, String expected) {
        var entry = entries.get(key);
        return new SettingsException(
                entry == null
                        ? file + ": '" + key + "' is missing; expected " + expected
                        : place(key, entry) + ": " + key + " = '" + entry.value + "' is not " + expected);
    }

    /** Call last, after every known key was asked for. */
    public void rejectUnknown() throws SettingsException {
        for (var entry : entries.entrySet()) {
            var key = entry.getKey();
            if (!known.contains(key)) {
                throw new SettingsException(place(key, entry.getValue()) + ": unknown key '" + key + "'"
                        + nearest(key)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(""));
            }
        }
    }

    /** {@return every key that was asked for, in order} For the documentation's own test. */
    public List<String> known() {
        return new ArrayList<>(known);
    }

    private Optional<String> nearest(String key) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
                .filter(candidate -> distance(key, candidate) <= 1 + key.length() / 3);
    }

    /** {@return how many letters must be added, dropped or changed to make {@code b} of {@code a}} */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
