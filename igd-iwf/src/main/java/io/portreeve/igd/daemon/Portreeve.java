package io.portreeve.igd.daemon;

import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway daemon's command line. Written by hand, because a gateway starts often and has little memory. */
public final class Portreeve {
    private static final Logger LOG = LoggerFactory.getLogger(Portreeve.class);
    private static final String VERSION = "0.1.0";
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_BROKEN = 70;

    private static final String HELP = """
            usage: portreeve --config FILE [--check-config]

            Opens ports for the hosts of a home network: they ask by UPnP IGD, the provider is asked by PCP.

              --config FILE    the configuration
              --check-config   only read the configuration and say whether it can be used
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
                case "--config" -> config = file(++i < args.length ? args[i] : "");
                default -> throw new SettingsException("unknown argument '" + args[i] + "'; see portreeve --help");
            }
        }
        if (config == null) {
            throw new SettingsException("--config FILE is missing; see portreeve --help");
        }
        var settings = GatewaySettings.from(Settings.read(config));
        if (checkOnly) {
            System.out.println(config + ": can be used");
        } else {
            serve(settings);
        }
    }

    private static Path file(String name) throws SettingsException {
        try {
            if (!name.isEmpty()) {
                return Path.of(name);
            }
        } catch (InvalidPathException e) {
            throw new SettingsException("'" + name + "' is not the name of a file");
        }
        throw new SettingsException("--config needs the name of a file");
    }

    private static void serve(GatewaySettings settings) throws StartException {
        var daemon = Daemon.start(settings, Portreeve::broken);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    daemon.close();
                    LOG.info("ended");
                    Runtime.getRuntime().halt(0);
                }));
        System.out.println("ready: port mappings for " + settings.lanInterface() + ", " + daemon.asked());
    }

    /** Half a gateway is worse than none: whoever supervises this process starts it again, and the stores know everything. */
    private static void broken(Throwable failure) {
        LOG.error("the gateway ends because of {}", failure.toString());
        Runtime.getRuntime().halt(EXIT_BROKEN);
    }
}
