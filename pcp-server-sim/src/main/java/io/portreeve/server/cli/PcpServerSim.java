package io.portreeve.server.cli;

import io.portreeve.settings.SettingsException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Every failure is one line on stderr and an exit code above 0. */
@Command(
        name = "pcp-server-sim",
        description = "A PCP server (RFC 6887) in front of a CGN: a mock, or the kernel by nftables.",
        mixinStandardHelpOptions = true,
        versionProvider = PcpServerSim.Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed: one line on the standard error says why and what to do",
            "2:wrong words on the command line, or in the configuration file"
        },
        subcommands = {
            Serve.class,
            CgnCommand.class,
            Mappings.class,
            Subscribers.class,
            Stats.class,
            FaultsCommand.class,
            RestartCommand.class,
            CaptureCommand.class,
            RunCommand.class,
            Personalities.class,
            Bench.class,
            GenerateCompletion.class,
            GenerateManPage.class
        })
public final class PcpServerSim implements Runnable {

    @Spec
    private CommandSpec spec;

    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var command = new CommandLine(new PcpServerSim());
        SettingOption.addTo(command.getSubcommands().get("serve"), SettingOption.OF_SERVER);
        SettingOption.addTo(command.getSubcommands().get("cgn"), SettingOption.OF_CGN);
        sayVersion(command);
        return command.setParameterExceptionHandler(PcpServerSim::misused)
                .setExecutionExceptionHandler(PcpServerSim::failed);
    }

    /** Whoever asks a command for its version means the program's. */
    private static void sayVersion(CommandLine command) {
        command.getSubcommands().values().forEach(each -> {
            each.getCommandSpec().versionProvider(new Version());
            sayVersion(each);
        });
    }

    private static int misused(ParameterException e, String[] arguments) {
        var command = e.getCommandLine();
        print(command, e.getMessage() + " (" + command.getCommandSpec().qualifiedName() + " --help says more)");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        print(command, e.getMessage());
        return e instanceof SettingsException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    private static void print(CommandLine command, String message) {
        command.getErr().println("pcp-server-sim: " + message.replace('\n', ' '));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: serve, run, cgn, mappings, subscribers, stats, faults, restart, capture,"
                        + " personalities or bench");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = PcpServerSim.class.getPackage().getImplementationVersion();
            return new String[] {"pcp-server-sim " + (version == null ? "(development build)" : version)};
        }
    }
}
