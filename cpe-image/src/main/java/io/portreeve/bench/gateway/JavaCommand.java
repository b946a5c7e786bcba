package io.portreeve.bench.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How a Java program was started, so that another can be started alike. */
final class JavaCommand {
    private static final String CLASS_PATH = "-cp";

    /** What the C library's allocator is told; it shows in the memory and nowhere in the command. */
    private static final String MALLOC = "MALLOC_";

    private JavaCommand() {}

    /**
     * {@return the command with all flags, up to the class path}
     *
     * @param commandLine as /proc/PID/cmdline holds it
     * @param environment as /proc/PID/environ holds it
     */
    static List<String> of(String commandLine, String environment) throws IOException {
        var words = List.of(commandLine.split("\0"));
        int end = words.indexOf(CLASS_PATH);
        if (end < 0) {
            throw new IOException("no Java program with a class path: " + String.join(" ", words));
        }
        var command = new ArrayList<>(List.of("env"));
        Arrays.stream(environment.split("\0"))
                .filter(variable -> variable.startsWith(MALLOC))
                .forEach(command::add);
        command.addAll(words.subList(0, end));
        return command;
    }
}
