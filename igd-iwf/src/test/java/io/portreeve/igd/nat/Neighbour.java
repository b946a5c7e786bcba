package io.portreeve.igd.nat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A host in a network namespace of its own, which a cable connects to that of the thread that makes it. */
final class Neighbour implements AutoCloseable {
    private static final String END = "that was all";

    private final Process shell;
    private final PrintStream to;
    private final BufferedReader from;

    /** @param near the address of interface {@code name} on this side; with {@code far}, that of eth0 on the other */
    Neighbour(String name, String near, String far) throws Exception {
        shell = new ProcessBuilder("unshare", "-n", "sh")
                .redirectErrorStream(true)
                .start();
        to = new PrintStream(shell.getOutputStream(), true, StandardCharsets.UTF_8);
        from = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        run("ip link set lo up"); // an answer: the namespace is there
        output("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", "" + shell.pid());
        output("ip", "address", "add", near, "dev", name);
        output("ip", "link", "set", name, "up");
        run("ip address add " + far + " dev eth0; ip link set eth0 up");
    }

    /** {@return what a program prints here} */
    static String output(String... words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", words) + ": " + output);
        }
        return output;
    }

    /** {@return what {@code command} prints there} */
    String run(String command) throws IOException {
        to.println(command + "; echo '" + END + "'");
        var output = new StringBuilder();
        for (var line = from.readLine(); line != null && !line.equals(END); line = from.readLine()) {
            output.append(line).append('\n');
        }
        return output.toString().strip();
    }

    /** From now on each datagram to {@code port} there is answered with its sender. */
    void echoesAt(int port) throws IOException {
        to.println(perl("""
                my $s = IO::Socket::INET->new(LocalPort => %d, Proto => "udp") or die;
                print "ready\\n";
                while (defined $s->recv(my $x, 99)) { $s->send("asked by " . $s->peerhost . ":" . $s->peerport); }
                """.formatted(port)) + " &");
        from.readLine();
    }

    /** Sends a datagram from {@code port} there. {@return the answer, or why there is none} */
    String ask(int port, String address, int remotePort) throws IOException {
        return run(perl("""
                my $s = IO::Socket::INET->new(
                    LocalPort => %d, PeerAddr => "%s", PeerPort => %d, Proto => "udp") or die;
                $s->send("?");
                alarm 60;
                my $x;
                print defined $s->recv($x, 99) ? $x : $!, "\\n";
                """.formatted(port, address, remotePort)));
    }

    /** Sends a datagram from there that nobody answers. */
    void sends(String address, int port) throws IOException {
        run(perl("IO::Socket::INET->new(PeerAddr => \"%s\", PeerPort => %d, Proto => \"udp\")->send(\"!\");"
                .formatted(address, port)));
    }

    private static String perl(String program) {
        return "perl -MIO::Socket::INET -e '$| = 1; " + program.replace("\n", " ") + "'";
    }

    @Override
    public void close() {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly().onExit().join();
    }
}
