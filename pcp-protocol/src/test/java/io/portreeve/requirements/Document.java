package io.portreeve.requirements;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One requirement document: its prefix, its title, its rows in order. */
record Document(String prefix, String title, List<Requirement> rows) {

    /** {@return the four documents this product is built to} */
    static List<Document> all() {
        return List.of(
                read("pcp", "PCP client and server"),
                read("igd", "UPnP IGD and interworking"),
                read("rel", "Reliability and security"),
                read("wire", "PCP vectors"));
    }

    private static Document read(String prefix, String title) {
        var resource = "/requirements/" + prefix + ".tsv";
        try (var in = Document.class.getResourceAsStream(resource)) {
            return of(prefix, title, new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    static Document of(String prefix, String title, Reader lines) throws IOException {
        return new Document(
                prefix,
                title,
                lines.readAllLines().stream()
                        .map(line -> Requirement.ofLine(prefix, line))
                        .toList());
    }
}
