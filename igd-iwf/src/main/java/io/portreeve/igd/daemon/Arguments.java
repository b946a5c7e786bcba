package io.portreeve.igd.daemon;

import io.portreeve.settings.SettingsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The words of a command line. */
final class Arguments {
    private Arguments() {}

    /** {@return the file that the word behind {@code args[option]} names} */
    static Path file(String[] args, int option) throws SettingsException {
        var name = option + 1 < args.length ? args[option + 1] : "";
        try {
            if (!name.isEmpty()) {
                return Path.of(name);
            }
        } catch (InvalidPathException e) {
            throw new SettingsException("'" + name + "' is not the name of a file");
        }
        throw new SettingsException(args[option] + " needs the name of a file");
    }

    static SettingsException unknown(String word) {
        return new SettingsException("unknown argument '" + word + "'; see portreeve --help");
    }
}
