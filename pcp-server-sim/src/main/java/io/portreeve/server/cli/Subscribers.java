package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "subscribers",
        description = "Shows who has mappings, how many, and at which external addresses.",
        mixinStandardHelpOptions = true)
final class Subscribers implements Callable<Integer> {

    @Mixin
    private ControlOption server;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws ControlException {
        return server.order(json.words("subscribers"));
    }
}
