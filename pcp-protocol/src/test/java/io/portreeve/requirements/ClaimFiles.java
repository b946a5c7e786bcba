package io.portreeve.requirements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@link ProofListener} left in the modules' {@code target} folders. */
final class ClaimFiles {
    private ClaimFiles() {}

    static List<Claim> read(Path root) throws IOException {
        var claims = new ArrayList<Claim>();
        try (var modules = Files.newDirectoryStream(root)) {
            for (var module : modules) {
                var folder = module.resolve("target", "requirements");
                if (Files.isDirectory(folder)) {
                    addAll(folder, claims);
                }
            }
        }
        return claims;
    }

    private static void addAll(Path folder, List<Claim> claims) throws IOException {
        try (var files = Files.newDirectoryStream(folder, "*.tsv")) {
            for (var file : files) {
                if (isOfThisBuild(file)) {
                    Files.readAllLines(file).forEach(line -> claims.add(Claim.ofLine(line)));
                }
            }
        }
    }

    /** A class that was removed, renamed or compiled again since has proved nothing yet. */
    private static boolean isOfThisBuild(Path file) throws IOException {
        var name = file.getFileName().toString();
        var testClass = name.substring(0, name.length() - ".tsv".length()).replace('.', '/') + ".class";
        var compiled = file.getParent().resolveSibling("test-classes").resolve(testClass);
        return Files.exists(compiled)
                && Files.getLastModifiedTime(compiled).compareTo(Files.getLastModifiedTime(file)) <= 0;
    }
}
