package io.portreeve.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A lab of its own for one test: homes, gateways, CGN and Internet in namespaces, made by the script {@code lab}. */
final class Lab implements AutoCloseable {
    private static final String SCRIPT = System.getProperty("portreeve.lab");
    private static final AtomicInteger LABS = new AtomicInteger();

    private final String prefix = "portreeve-it-" + ProcessHandle.current().pid() + "-" + LABS.incrementAndGet();

    /** Holds the user namespace in which a user who is not root may make the others; null for root. */
    private final Process holder;

    Lab() throws IOException, InterruptedException {
        boolean root = Command.of("id", "-u").run().output().strip().equals("0");
        holder = root ? null : new ProcessBuilder("unshare", "-Urnm", "sh", "-c", "echo; cat").start();
        if (holder != null && holder.getInputStream().read() < 0) {
            throw new IOException("no user namespaces here: run the tests as root");
        }
        expectSuccess("up");
    }

    /** Runs {@code lab ARGUMENTS}. */
    Command.Result lab(String... arguments) throws IOException, InterruptedException {
        return command(arguments).run();
    }

    /** {@return {@code words} inside a namespace: lan, lan2, cpe, cgn, cpe2, home2 or inet} */
    Command inside(String namespace, String... words) {
        return command(
                Stream.concat(Stream.of("exec", namespace), Stream.of(words)).toArray(String[]::new));
    }

    /** {@return a host, to make sockets on} Needs root. */
    Host host(String namespace) {
        return new Host(Path.of("/run/netns", prefix + "-" + namespace));
    }

    /** {@return true if a PCP client runs on a gateway: it listens to what servers say to all, at UDP 5350} */
    boolean hasPcpClient(String router) throws IOException, InterruptedException {
        return !inside(router, "ss", "-H", "-u", "-a", "-n", "sport = :5350")
                .succeed()
                .isBlank();
    }

    /** Expects programs, stores and kernels to know of the same mappings. @param work where their configurations lie */
    void agrees(Path work) throws IOException, InterruptedException {
        var check = lab("check", work.toString());
        assertThat(check.exitCode()).as("%s", check).isZero();
    }

    /** {@return {@code lab ARGUMENTS}, to be run or started} */
    Command command(String... arguments) {
        var words = new ArrayList<String>();
        if (holder != null) {
            words.addAll(List.of("nsenter", "-t", "" + holder.pid(), "-U", "-m", "-n", "--preserve-credentials"));
        }
        words.add(SCRIPT);
        words.addAll(List.of(arguments));
        return new Command(words, Map.of("PORTREEVE_LAB", prefix));
    }

    private void expectSuccess(String argument) throws IOException, InterruptedException {
        var result = lab(argument);
        if (result.exitCode() != 0) {
            throw new IOException("lab " + argument + ": " + result.errors());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            expectSuccess("down");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (holder != null) {
                holder.destroy();
            }
        }
    }
}
