package io.portreeve.server.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.MapRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

/** What we give others to copy does what it says. */
final class ExampleProjectTest {
    private static final Path PROJECT = Path.of("src", "test", "example-project");
    private static final Pattern BLOCK = Pattern.compile("```(?:java|xml)\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path classes;

    /** No more than what the project's pom.xml asks for, and what that brings. */
    private static String classPath() {
        return Stream.of(
                        PcpTestServer.class,
                        MapRequest.class,
                        Test.class,
                        AnnotationSupport.class,
                        AssertionFailedError.class,
                        API.class)
                .map(ExampleProjectTest::whereItIs)
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static String whereItIs(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Path> sources() throws IOException {
        try (var files = Files.walk(PROJECT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private void compile() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        var options =
                List.of("-Xlint:all", "-Werror", "-proc:none", "-d", classes.toString(), "-classpath", classPath());
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources()))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    @Test
    void itsTestsPass() throws Exception {
        compile();
        try (var loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            var summary = Launched.run(loader.loadClass("example.TinyPcpClientTest"));
            assertThat(Launched.failures(summary)).isEmpty();
            assertThat(summary.getTestsSucceededCount()).isEqualTo(8);
        }
    }

    @Test
    void itAsksForTheVersionsThatAreBuiltHere() throws Exception {
        var reactor = Files.readString(Path.of("..", "pom.xml"));
        var example = Files.readString(PROJECT.resolve("pom.xml"));
        assertThat(version(example, "pcp-server-sim")).isEqualTo(version(reactor, "portreeve"));
        assertThat(version(example, "junit-jupiter")).isEqualTo(value(reactor, "junit.version"));
        for (var plugin : List.of("maven-resources-plugin", "maven-compiler-plugin", "maven-surefire-plugin")) {
            assertThat(version(example, plugin)).isEqualTo(version(reactor, plugin));
        }
    }

    /** {@return the version that stands behind the first mention of this artifact} */
    private static String version(String pom, String artifact) {
        return value(pom.substring(pom.indexOf("<artifactId>" + artifact + "<")), "version");
    }

    private static String value(String pom, String element) {
        var match = Pattern.compile("<" + element + ">(.*?)</" + element + ">").matcher(pom);
        assertThat(match.find()).as(element).isTrue();
        return match.group(1);
    }

    /** Each block of code is an excerpt of the project, but for its indentation. */
    @Test
    void thePageAboutItShowsNothingElse() throws Exception {
        var files = new ArrayList<>(sources());
        files.add(PROJECT.resolve("pom.xml"));
        var texts = new ArrayList<String>();
        for (var file : files) {
            texts.add(unindented(Files.readString(file)));
        }
        var blocks = BLOCK.matcher(Files.readString(Path.of("..", "docs", "junit.md")))
                .results()
                .map(match -> unindented(match.group(1)))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(4);
        assertThat(blocks)
                .allSatisfy(block ->
                        assertThat(texts).anySatisfy(text -> assertThat(text).contains(block)));
    }

    private static String unindented(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }
}
