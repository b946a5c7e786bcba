package io.portreeve.requirements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which rows of the requirement documents the tests of all modules proved. */
final class Coverage {
    private final List<Document> documents;
    private final Map<String, List<Claim>> claims;

    Coverage(List<Document> documents, List<Claim> claims) {
        this.documents = documents;
        this.claims = claims.stream().collect(Collectors.groupingBy(Claim::id));
    }

    /**
     * Writes the table and prints a line for each document; exits 1 if a test names a row that is none.
     *
     * @param arguments the root of the repository
     */
    public static void main(String[] arguments) throws IOException {
        var root = Path.of(arguments[0]);
        var coverage = new Coverage(Document.all(), ClaimFiles.read(root));
        var errors = coverage.errors();
        errors.forEach(System.err::println);
        if (!errors.isEmpty()) {
            System.exit(1);
        }
        var table = root.resolve("cpe-image", "target", "requirement-coverage.md");
        Files.createDirectories(table.getParent());
        Files.writeString(table, coverage.table());
        coverage.summary().forEach(System.out::println);
    }

    /** {@return a line for each claim that cannot be right} */
    List<String> errors() {
        var rows = new HashMap<String, Requirement>();
        documents.forEach(document -> document.rows().forEach(row -> rows.put(row.id(), row)));
        var errors = new ArrayList<String>();
        claims.values().stream().flatMap(List::stream).forEach(claim -> {
            var row = rows.get(claim.id());
            if (row == null) {
                errors.add(claim.test() + " claims " + claim.id() + ", which no requirement document has");
            } else if (!row.built()) {
                errors.add(claim.test() + " claims " + claim.id() + ", which is listed as not built");
            }
        });
        return errors.stream().sorted().toList();
    }

    /** {@return for each document a line like {@code requirements pcp: 57 of 214 rows proved (MUST 40 of 150), 9 not built}} */
    List<String> summary() {
        return documents.stream().map(this::summary).toList();
    }

    private String summary(Document document) {
        var built = document.rows().stream().filter(Requirement::built).toList();
        var musts = built.stream().filter(Requirement::isMust).toList();
        return "requirements %s: %d of %d rows proved (MUST %d of %d), %d not built"
                .formatted(
                        document.prefix(),
                        proved(built),
                        built.size(),
                        proved(musts),
                        musts.size(),
                        document.rows().size() - built.size());
    }

    private long proved(List<Requirement> rows) {
        return rows.stream().filter(row -> !provedBy(row).isEmpty()).count();
    }

    /** {@return the tests that prove {@code row}} None if any test that names it did not hold. */
    private List<String> provedBy(Requirement row) {
        var named = claims.getOrDefault(row.id(), List.of());
        return named.stream().allMatch(Claim::held)
                ? named.stream().map(Claim::test).distinct().sorted().toList()
                : List.of();
    }

    /** {@return all documents as Markdown tables} */
    String table() {
        return documents.stream()
                .flatMap(this::table)
                .collect(Collectors.joining("\n", "# Requirement coverage\n\n", "\n"));
    }

    private Stream<String> table(Document document) {
        var head = Stream.of(
                "## " + document.title(),
                "",
                summary(document),
                "",
                "| row | level | what must hold | proved by |",
                "|---|---|---|---|");
        var rows = document.rows().stream()
                .map(row -> "| " + row.id() + " | " + row.level() + " | " + row.title() + " | " + proof(row) + " |");
        return Stream.of(head, rows, Stream.of("")).flatMap(lines -> lines);
    }

    private String proof(Requirement row) {
        if (!row.built()) {
            return "not built";
        }
        var tests = provedBy(row);
        return tests.isEmpty() ? "-" : String.join(", ", tests);
    }
}
