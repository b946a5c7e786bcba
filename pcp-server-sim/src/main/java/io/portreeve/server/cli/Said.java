package io.portreeve.server.cli;

import picocli.CommandLine.Model.CommandSpec;

/** What a command says, at once. */
record Said(CommandSpec spec) {
    void line(String line) {
        var out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
