package io.portreeve.server.cli;

import picocli.CommandLine.Option;

/** For whom an answer is. */
final class JsonOption {

    @Option(names = "--json", description = "For programs: JSON, on one line.")
    private boolean json;

    /** {@return the words that ask {@code question}} */
    String[] words(String question) {
        return json ? new String[] {question, "json"} : new String[] {question};
    }
}
