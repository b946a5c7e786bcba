package io.portreeve.server.cli;

import io.portreeve.control.ControlException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
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
        return list(json);
    }

    @Command(name = "list", description = "Shows the table of the CGN.")
    int list(@Mixin JsonOption format) throws ControlException {
        return server.order(format.words("mappings"));
    }

    @Command(
            name = "add",
            description =
                    "Makes a mapping that has no lifetime and that no client may delete, unless something is in its way.")
    int add(
            @Mixin JsonOption format,
            @Parameters(paramLabel = "PROTOCOL", description = "tcp or udp") String protocol,
            @Parameters(paramLabel = "SUBSCRIBER", description = "Its address.") String subscriber,
            @Parameters(paramLabel = "INTERNAL", description = "Where it leads: 192.168.1.10:8080") String internal,
            @Parameters(paramLabel = "EXTERNAL", description = "One of the subscriber's: 203.0.114.1:8080")
                    String external)
            throws ControlException {
        return server.order(format.words("add", protocol, subscriber, internal, external));
    }

    @Command(
            name = "clear",
            description = {
                "Takes all mappings away but those that were added here, or those of one subscriber; its clients learn of",
                "it from the epoch and from an ANNOUNCE."
            })
    int clear(
            @Parameters(paramLabel = "SUBSCRIBER", arity = "0..1", description = "All, if nobody is named.")
                    String subscriber)
            throws ControlException {
        return subscriber == null ? server.order("clear") : server.order("clear", subscriber);
    }

    @Command(
            name = "renumber",
            description = "Moves a subscriber to another external address, and tells its clients (Mapping Update).")
    int renumber(
            @Mixin JsonOption format,
            @Parameters(paramLabel = "SUBSCRIBER", description = "Its address.") String subscriber,
            @Parameters(paramLabel = "EXTERNAL", description = "An address of the pool.") String external)
            throws ControlException {
        return server.order(format.words("renumber", subscriber, external));
    }

    @Command(
            name = "watch",
            description = "Looks once a second, and shows what has come (+) and gone (-), until Ctrl-C.")
    int watch(@Mixin JsonOption format) throws ControlException, InterruptedException {
        var said = new Said(spec);
        var table = format.choose(WatchedTable.forPrograms(), WatchedTable.forPeople());
        var question = format.choose(new String[] {"mappings", "json-lines"}, new String[] {"mappings"});
        while (true) {
            table.is(server.ask(question).lines().toList()).forEach(said::line);
            TimeUnit.SECONDS.sleep(1);
        }
    }
}
