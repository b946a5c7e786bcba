package io.portreeve.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "generate-man-page",
        description = "Prints the manual: pcp-server-sim generate-man-page | man -l -",
        mixinStandardHelpOptions = true)
final class GenerateManPage implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        out.print(ManPage.of(spec.root().commandLine()));
        out.flush();
    }
}
