package io.portreeve.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** The command {@code ip}, in the network namespace of the thread that calls it. */
public final class Ip {
    private Ip() {}

    /**
     * {@return what they print}
     *
     * @param commands one a line
     */
    public static String batch(String commands) throws IOException, InterruptedException {
        var process = new ProcessBuilder("ip", "-batch", "-")
                .redirectErrorStream(true)
                .start();
        try (var writer = process.outputWriter()) {
            writer.write(commands);
        }
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
