package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "mappings",
        description = "Shows the table of the CGN, or changes it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[list | add | clear | renumber | watch]")
final class Mappings implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ControlOption server;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws ControlException {
        return list();
    }

    @Command(name = "list", description = "Shows the table of the CGN.", mixinStandardHelpOptions = true)
    int list() throws ControlException {
        return server.order(json.words("mappings"));
    }

    @Command(
            name = "add",
            description =
                    "Makes a mapping that has no lifetime and that no client may delete, unless something is in its way.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "PROTOCOL", description = "tcp or udp") String protocol,
            @Parameters(paramLabel = "SUBSCRIBER", description = "Its address.") String subscriber,
            @Parameters(paramLabel = "INTERNAL", description = "Where it leads: 192.168.1.10:8080") String internal,
            @Parameters(paramLabel = "EXTERNAL", description = "One of the subscriber's: 203.0.114.1:8080")
                    String external)
            throws ControlException {
        return server.order(json.words("add", protocol, subscriber, internal, external));
    }

    @Command(
            name = "clear",
            description = {
                "Takes away what clients have mapped, all or of one subscriber.",
                "What was added here stays. Clients learn of it from the epoch and from an ANNOUNCE."
            },
            mixinStandardHelpOptions = true)
    int clear(
            @Parameters(paramLabel = "SUBSCRIBER", arity = "0..1", description = "All, if nobody is named.")
                    String subscriber)
            throws ControlException {
        return server.order(subscriber == null ? json.words("clear") : json.words("clear", subscriber));
    }

    @Command(
            name = "renumber",
            description = "Moves a subscriber to another external address, and tells its clients (Mapping Update).",
            mixinStandardHelpOptions = true)
    int renumber(
            @Parameters(paramLabel = "SUBSCRIBER", description = "Its address.") String subscriber,
            @Parameters(paramLabel = "EXTERNAL", description = "An address of the pool.") String external)
            throws ControlException {
        return server.order(json.words("renumber", subscriber, external));
    }

    @Command(
            name = "watch",
            description = "Looks once a second, and shows what has come (+) and gone (-), until Ctrl-C.",
            mixinStandardHelpOptions = true)
    int watch() throws ControlException, InterruptedException {
        var said = new Said(spec);
        var table = json.choose(WatchedTable.forPrograms(), WatchedTable.forPeople());
        var question = json.choose(new String[] {"mappings", "json-lines"}, new String[] {"mappings"});
        return UntilSignal.run(
                () -> {
                    while (true) {
                        table.is(server.ask(question).lines().toList()).forEach(said::line);
                        TimeUnit.SECONDS.sleep(1);
                    }
                },
                () -> ExitCode.OK);
    }
}
