package io.portreeve.requirements;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.platform.engine.support.descriptor.MethodSource;

/** One test method and how its executions went so far; a parameterised test has many. */
final class ProvingTest {
    private final MethodSource source;
    private boolean ran;
    private boolean failed;

    ProvingTest(MethodSource source) {
        this.source = source;
    }

    void succeeded() {
        ran = true;
    }

    void failed() {
        failed = true;
    }

    /** {@return true if the test is one of {@code className} or of a class nested in it} */
    boolean isWithin(String className) {
        return source.getClassName().equals(className) || source.getClassName().startsWith(className + "$");
    }

    String topLevelClass() {
        return source.getClassName().replaceFirst("\\$.*", "");
    }

    Stream<Claim> claims() {
        var name = source.getClassName().replaceFirst(".*\\.", "").replace('$', '.') + "." + source.getMethodName();
        return rows().stream().map(row -> new Claim(row, name, ran && !failed));
    }

    private Set<String> rows() {
        var rows = new TreeSet<String>();
        add(source.getJavaMethod().getAnnotation(Proves.class), rows);
        addOfClass(source.getJavaClass(), rows);
        return rows;
    }

    /** A contract's rows are proved by the classes that extend it, and an outer class speaks for the ones nested in it. */
    private static void addOfClass(Class<?> type, Set<String> rows) {
        if (type != null) {
            add(type.getAnnotation(Proves.class), rows);
            addOfClass(type.getSuperclass(), rows);
            addOfClass(type.getEnclosingClass(), rows);
        }
    }

    private static void add(Proves proves, Set<String> rows) {
        if (proves != null) {
            rows.addAll(Set.of(proves.value()));
        }
    }
}
