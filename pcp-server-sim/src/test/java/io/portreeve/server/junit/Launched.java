package io.portreeve.server.junit;

import java.util.List;
import java.util.Map;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** Test classes that a test runs as JUnit does, to see what becomes of them. */
final class Launched {
    private Launched() {}

    /** What listens to the build's own tests is not told. */
    static TestExecutionSummary run(Class<?> tests, Map<String, String> configuration) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .configurationParameters(configuration)
                .build();
        var config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .build();
        var listener = new SummaryGeneratingListener();
        LauncherFactory.create(config).execute(request, listener);
        return listener.getSummary();
    }

    static TestExecutionSummary run(Class<?> tests) {
        return run(tests, Map.of());
    }

    static List<Throwable> failures(TestExecutionSummary summary) {
        return summary.getFailures().stream().map(Failure::getException).toList();
    }
}
