package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs the program, and has what it has printed. */
final class Terminal {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** {@return the exit code} */
    int run(String... arguments) {
        return PcpServerSim.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    void clear() {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
    }

    /** Expects nothing but one line that begins with the program's name and has {@code message}. */
    void assertFails(String message, String... arguments) {
        assertThat(run(arguments)).isPositive();
        assertThat(err()).startsWith("pcp-server-sim: ").contains(message).hasLineCount(1);
        assertThat(out()).isEmpty();
    }
}
