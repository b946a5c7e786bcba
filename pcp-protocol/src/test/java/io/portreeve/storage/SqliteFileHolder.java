package io.portreeve.storage;

import java.nio.file.Path;
import java.util.List;

/** Another program: opens the file it is given, says so, and holds it until its input ends. */
final class SqliteFileHolder {
    private SqliteFileHolder() {}

    public static void main(String[] arguments) throws Exception {
        try (var _ = SqliteFile.open(Path.of(arguments[0]), List.of())) {
            System.out.println("open");
            System.in.transferTo(System.out);
        }
    }
}
