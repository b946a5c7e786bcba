package io.portreeve.requirements;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down which rows the tests proved: one file for each top-level test class, under the module's {@code target}.
 *
 * <p>A file per class cannot be overwritten by another run's. It is deleted before its class runs, so that a run that dies
 * claims nothing, and a class that names no row leaves none behind.
 */
public final class ProofListener implements TestExecutionListener {
    private final Path folder;
    private final Map<MethodSource, ProvingTest> tests = new LinkedHashMap<>();
    private TestPlan plan;

    /** For the service loader: the tests of a module run in the module's folder. */
    public ProofListener() {
        this(Path.of("target", "requirements"));
    }

    ProofListener(Path folder) {
        this.folder = folder;
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan started) {
        plan = started;
        tests.clear();
        started.getRoots().stream()
                .flatMap(root -> started.getDescendants(root).stream())
                .forEach(this::enlist);
        tests.values().forEach(test -> forget(test.topLevelClass()));
    }

    @Override
    public synchronized void dynamicTestRegistered(TestIdentifier identifier) {
        enlist(identifier);
    }

    private void enlist(TestIdentifier identifier) {
        methodOf(identifier).ifPresent(method -> tests.computeIfAbsent(method, ProvingTest::new));
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier identifier, String reason) {
        affected(identifier).forEach(ProvingTest::failed);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
            affected(identifier).forEach(ProvingTest::failed);
        } else if (identifier.isTest()) {
            affected(identifier).forEach(ProvingTest::succeeded);
        }
    }

    /** {@return the tests an event speaks of} That of a class or an engine speaks of all tests in it. */
    private Collection<ProvingTest> affected(TestIdentifier identifier) {
        var method = methodOf(identifier);
        if (method.isPresent()) {
            return List.of(tests.get(method.get()));
        }
        if (identifier.getSource().orElse(null) instanceof ClassSource type) {
            return tests.values().stream()
                    .filter(test -> test.isWithin(type.getClassName()))
                    .toList();
        }
        return tests.values();
    }

    /** {@return the method that {@code identifier} is, or that made it} A dynamic test may have a source of its own. */
    private Optional<MethodSource> methodOf(TestIdentifier identifier) {
        for (var at = Optional.of(identifier); at.isPresent(); at = at.flatMap(plan::getParent)) {
            if (at.get().getSource().orElse(null) instanceof MethodSource method) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan finished) {
        tests.values().stream()
                .flatMap(test -> test.claims().map(claim -> Map.entry(test.topLevelClass(), claim.toLine())))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())))
                .forEach(this::write);
    }

    private void forget(String testClass) {
        try {
            Files.deleteIfExists(fileOf(testClass));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String testClass, List<String> lines) {
        try {
            Files.createDirectories(folder);
            Files.write(fileOf(testClass), lines.stream().sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path fileOf(String testClass) {
        return folder.resolve(testClass + ".tsv");
    }
}
