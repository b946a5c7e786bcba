package io.portreeve.server.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each test a {@link PcpTestServer} of its own, as a parameter of the test, of its {@code @BeforeEach} and {@code @AfterEach}
 * methods, and of the constructor: {@code @ExtendWith(PcpServerExtension.class)}. It starts when it is first asked for, and is
 * closed after the test, whatever became of that. {@link PcpServerSettings} and {@link VirtualTime} say how it is.
 *
 * <p>Needs JUnit 5.13 or later.
 */
public final class PcpServerExtension implements ParameterResolver {
    private static final Namespace STORE = Namespace.create(PcpServerExtension.class);

    /** A constructor's server is that of the test for which the instance is made. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PcpTestServer.class;
    }

    @Override
    public PcpTestServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "a PcpTestServer lives as long as one test: ask for it in the test or in "
                            + "@BeforeEach; one for a whole class is made by PcpTestServer.inRealTime() and closed in @AfterAll");
        }
        return context.getStore(STORE)
                .getOrComputeIfAbsent(PcpTestServer.class, _ -> start(context), PcpTestServer.class);
    }

    private static PcpTestServer start(ExtensionContext context) {
        var around = elementsAround(context);
        var settings = around.stream()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, PcpServerSettings.class).stream())
                .flatMap(annotation -> Stream.of(annotation.value()))
                .toArray(String[]::new);
        boolean isVirtual = around.stream().anyMatch(it -> AnnotationSupport.isAnnotated(it, VirtualTime.class));
        return isVirtual ? PcpTestServer.inVirtualTime(settings) : PcpTestServer.inRealTime(settings);
    }

    /** {@return the outermost class, those nested in it down to the test's own, and the test's method} */
    private static List<AnnotatedElement> elementsAround(ExtensionContext context) {
        var elements = new ArrayList<AnnotatedElement>(context.getEnclosingTestClasses());
        elements.add(context.getRequiredTestClass());
        elements.add(context.getRequiredTestMethod());
        return elements;
    }
}
