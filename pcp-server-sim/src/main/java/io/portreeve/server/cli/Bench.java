package io.portreeve.server.cli;

import io.portreeve.server.CannotStartException;
import io.portreeve.server.bench.Benchmark;
import io.portreeve.server.bench.Plan;
import io.portreeve.server.bench.TableBenchmark;
import io.portreeve.server.bench.TablePlan;
import io.portreeve.server.bench.WrongAnswerException;
import io.portreeve.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = {
            "Measures how many requests a second a server of its own answers.",
            "It commits every mapping to disk. Beside it, in the same run, stands an echo of UDP datagrams.",
            "Takes about a minute and a half. What does not get the right answer ends it."
        },
        mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--outstanding",
            paramLabel = "N",
            defaultValue = "64",
            description = "Subscribers, each with one request under way. Default: ${DEFAULT-VALUE}")
    private int outstanding;

    @Option(names = "--quick", description = "About 15 seconds: fewer and shorter rounds.")
    private boolean quick;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            defaultValue = "${sys:java.io.tmpdir}",
            description = "On the disk to measure; all is removed at the end. Default: ${DEFAULT-VALUE}")
    private Path directory;

    @Option(
            names = "--table",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "" + TablePlan.MOST_MAPPINGS,
            description = {
                "Measures a table of N mappings instead, ten of each subscriber: how fast it grows, its memory, and how"
                        + " long the server starts with it. Default: ${FALLBACK-VALUE}, which takes some minutes."
            })
    private Integer table;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws SettingsException, CannotStartException, IOException, WrongAnswerException {
        if (outstanding < 1 || outstanding > Plan.MOST_OUTSTANDING) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--outstanding: " + outstanding + " (expected: 1.." + Plan.MOST_OUTSTANDING + ")");
        }
        spec.commandLine().getOut().print(table == null ? load() : table());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private String load() throws SettingsException, CannotStartException, IOException, WrongAnswerException {
        var report = Benchmark.run(quick ? Plan.quick(outstanding) : Plan.full(outstanding), directory);
        return json.text(report.values(), report::text);
    }

    private String table() throws SettingsException, CannotStartException, IOException, WrongAnswerException {
        if (table < 10 || table > TablePlan.MOST_MAPPINGS || table % 10 != 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--table: " + table + " (expected: a multiple of 10, 10.." + TablePlan.MOST_MAPPINGS + ")");
        }
        var progress = spec.commandLine().getErr();
        var report = TableBenchmark.run(new TablePlan(table), directory, line -> {
            progress.println(line);
            progress.flush();
        });
        return json.text(report.values(), report::text);
    }
}
