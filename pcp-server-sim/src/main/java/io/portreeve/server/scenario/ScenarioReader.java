package io.portreeve.server.scenario;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.faults.Faults;
import io.portreeve.server.faults.WrongFaultException;
import io.portreeve.server.scenario.Step.Act;
import io.portreeve.server.scenario.Step.Action;
import io.portreeve.server.scenario.Step.Expectation;
import io.portreeve.server.scenario.Step.When;
import io.portreeve.settings.SettingsException;
import io.portreeve.settings.Times;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Reads a scenario, line by line, and finds every mistake in it but those of the server's settings. */
public final class ScenarioReader {
    private static final String LINES =
            "'server key = value', 'at 5s ...', 'within 5s expect ...' or 'for 5s expect ...'";
    private static final String ORDERS =
            "run COMMAND, faults key=value ..., faults clear, restart, restart without-state, clear, clear SUBSCRIBER, or"
                    + " renumber SUBSCRIBER EXTERNAL-ADDRESS";

    private final String file;
    private final List<String> settings = new ArrayList<>();
    private final List<Act> acts = new ArrayList<>();
    private final List<Expectation> expectations = new ArrayList<>();
    private Duration at = Duration.ZERO;
    private OptionalInt started = OptionalInt.empty();

    private ScenarioReader(String file) {
        this.file = file;
    }

    /** @throws SettingsException naming file, line, and what was expected */
    public static Scenario read(Path file) throws SettingsException {
        try {
            return read(file.toString(), Files.readAllLines(file));
        } catch (NoSuchFileException e) {
            throw new SettingsException(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new SettingsException(file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw new SettingsException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** @param file the name to show in errors */
    static Scenario read(String file, List<String> lines) throws SettingsException {
        var reader = new ScenarioReader(file);
        for (int i = 0; i < lines.size(); i++) {
            reader.line(i + 1, lines.get(i).strip());
        }
        if (reader.expectations.isEmpty()) {
            throw new SettingsException(file + ": nothing is expected; say for instance: within 10s expect MAP");
        }
        return new Scenario(file, reader.settings, reader.acts, reader.expectations);
    }

    private void line(int number, String line) throws SettingsException {
        boolean isSetting = line.startsWith("server ");
        settings.add(isSetting ? line.substring("server ".length()) : "");
        if (isSetting || line.isEmpty() || line.startsWith("#")) {
            return;
        }
        var words = List.of(line.split("\\s+"));
        switch (words.getFirst()) {
            case "at" -> act(number, line, words);
            case "within" -> expect(number, words, When.WITHIN);
            case "for" -> expect(number, words, When.FOR);
            default -> throw wrong(number, line, LINES);
        }
    }

    private void act(int number, String line, List<String> words) throws SettingsException {
        var text = String.join(" ", words);
        if (words.size() < 3) {
            throw wrong(number, text, "at TIME, and one of: " + ORDERS);
        }
        var time = time(number, words.get(1));
        if (time.compareTo(at) < 0) {
            throw wrong(number, words.get(1), "a time that is not before that of the lines above");
        }
        at = time;
        acts.add(new Act(number, text, at, action(number, line, words.subList(2, words.size()))));
    }

    private Action action(int number, String line, List<String> words) throws SettingsException {
        var rest = words.subList(1, words.size());
        boolean isOrder = switch (words.getFirst()) {
            case "run", "faults" -> !rest.isEmpty();
            case "restart" -> rest.isEmpty() || rest.equals(List.of("without-state"));
            case "clear" -> rest.size() <= 1;
            case "renumber" -> rest.size() == 2;
            default -> false;
        };
        if (!isOrder) {
            throw wrong(number, String.join(" ", words), ORDERS);
        }
        return switch (words.getFirst()) {
            case "run" -> run(number, line);
            case "faults" -> faults(number, rest);
            case "restart" -> new Action.Tell(words);
            default -> tellAbout(number, words);
        };
    }

    /** What the shell makes of its spaces is the shell's. */
    private Action run(int number, String line) {
        started = OptionalInt.of(number);
        return new Action.Run(line.split("\\s+", 4)[3]);
    }

    private Action faults(int number, List<String> words) throws SettingsException {
        if (words.equals(List.of("clear"))) {
            return new Action.Tell(List.of("faults", "clear"));
        }
        try {
            Faults.NONE.with(words);
        } catch (WrongFaultException e) {
            throw new SettingsException(file + ":" + number + ": " + e.getMessage());
        }
        var order = new ArrayList<>(List.of("faults", "set"));
        order.addAll(words);
        return new Action.Tell(order);
    }

    private Action tellAbout(int number, List<String> words) throws SettingsException {
        for (var word : words.subList(1, words.size())) {
            checkAddress(number, word);
        }
        return new Action.Tell(words);
    }

    private void checkAddress(int number, String word) throws SettingsException {
        try {
            PcpAddress.parse(word);
        } catch (IllegalArgumentException e) {
            throw wrong(number, word, "an IP address");
        }
    }

    private void expect(int number, List<String> words, When when) throws SettingsException {
        var text = String.join(" ", words);
        if (words.size() < 4 || !words.get(2).equals("expect")) {
            throw wrong(number, text, words.getFirst() + " TIME expect WHAT");
        }
        var until = at.plus(time(number, words.get(1)));
        try {
            var condition = ConditionWords.read(words.subList(3, words.size()), when, started);
            expectations.add(new Expectation(number, text, at, until, when, condition));
        } catch (WrongConditionException e) {
            throw new SettingsException(file + ":" + number + ": " + e.getMessage());
        }
    }

    private Duration time(int number, String word) throws SettingsException {
        return Times.parse(word).orElseThrow(() -> wrong(number, word, "a time such as 500ms, 10s or 2min"));
    }

    private SettingsException wrong(int number, String found, String expected) {
        return new SettingsException(file + ":" + number + ": '" + found + "': expected " + expected);
    }
}
