package io.portreeve.igd.daemon;

import io.portreeve.settings.SettingsException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway daemon's command line. Written by hand, because a gateway starts often and has little memory. */
public final class Portreeve {
    private static final Logger LOG = LoggerFactory.getLogger(Portreeve.class);
    static final String VERSION = "0.1.0";
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_BROKEN = 70;

    private static final String HELP = """
            usage: portreeve --config FILE [--check-config]
                   portreeve status [--config FILE | --socket SOCKET] [--json]
                   portreeve list [--config FILE | --socket SOCKET] [--json]

            Opens ports for the hosts of a home network: they ask by UPnP IGD, the provider is asked by PCP.

              status           show how the gateway that runs is doing
              list             show the port mappings it keeps
              --config FILE    the configuration, that of the gateway that runs to ask it
              --check-config   only read the configuration and say whether it can be used
              --socket SOCKET  the control socket of the gateway that runs; /var/lib/portreeve/control.sock if none is named
              --json           for programs
              --version        print the version
              --help           print this
            """;

    private Portreeve() {}

    public static void main(String[] args) {
        try {
            run(args);
        } catch (SettingsException e) {
            end(e.getMessage(), EXIT_USAGE);
        } catch (StartException e) {
            end(e.getMessage(), EXIT_FAILED);
        }
    }

    private static void end(String message, int status) {
        System.err.println("portreeve: " + message);
        System.exit(status);
    }

    private static void run(String[] args) throws SettingsException, StartException {
        if (args.length > 0 && ControlCommand.NAMES.contains(args[0])) {
            System.out.print(ControlCommand.of(args).ask());
            return;
        }
        Path config = null;
        boolean checkOnly = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--help", "-h" -> {
                    System.out.print(HELP);
                    return;
                }
                case "--version" -> {
                    System.out.println("portreeve " + VERSION);
                    return;
                }
                case "--check-config" -> checkOnly = true;
                case "--config" -> config = Arguments.file(args, i++);
                default -> throw Arguments.unknown(args[i]);
            }
        }
        if (config == null) {
            throw new SettingsException("--config FILE is missing; see portreeve --help");
        }
        var configuration = Configuration.read(config);
        if (checkOnly) {
            System.out.println(config + ": can be used");
        } else {
            serve(configuration);
        }
    }

    /** A start may take seconds, in which signals come, too. */
    private static void serve(Configuration configuration) throws StartException {
        var started = new CompletableFuture<Daemon>();
        Signals.on("HUP", () -> started.thenAccept(Daemon::reload));
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> end(started)));
        try {
            started.complete(Daemon.start(configuration, Portreeve::broken));
        } finally {
            started.cancel(false); // if it has failed
        }
        System.out.println(
                "ready: port mappings for " + configuration.settings().lanInterface() + ", "
                        + started.join().asked());
    }

    private static void end(CompletableFuture<Daemon> started) {
        try {
            started.join().close();
        } catch (CancellationException _) {
            return; // the start has closed what it had opened, and says how this process ends
        }
        LOG.info("ended");
        Runtime.getRuntime().halt(0);
    }

    /** Half a gateway is worse than none: whoever supervises this process starts it again, and the stores know everything. */
    private static void broken(Throwable failure) {
        LOG.error("the gateway ends because of {}", failure.toString());
        Runtime.getRuntime().halt(EXIT_BROKEN);
    }
}
