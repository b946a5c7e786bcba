package io.portreeve.server.softwire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The program ip, run for what is done once: interfaces, addresses and routes. */
final class Ip {
    private Ip() {}

    /** Does what the lines of {@code batch} say, up to the first that fails. */
    static void run(String batch) throws TunnelException {
        try {
            var process = new ProcessBuilder("ip", "-batch", "-")
                    .redirectErrorStream(true)
                    .start();
            try (var input = process.getOutputStream()) {
                input.write(batch.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new TunnelException(
                        "ip: " + output.lines().findFirst().orElse("it says nothing") + ", for: " + batch.strip());
            }
        } catch (IOException e) {
            throw new TunnelException("the program ip is missing, or ended too early: apt-get install iproute2");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TunnelException("interrupted");
        }
    }
}
