package io.portreeve.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The project's README, as a module's test sees it. */
public final class Readme {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private Readme() {}

    /** {@return the names in the first column of the table that follows the line which begins with {@code heading}} */
    public static List<String> firstColumn(String heading) throws IOException {
        return Files.readAllLines(Path.of("..", "README.md")).stream()
                .dropWhile(line -> !line.startsWith(heading))
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> CODE.matcher(cell).results())
                .map(match -> match.group(1))
                .toList();
    }
}
