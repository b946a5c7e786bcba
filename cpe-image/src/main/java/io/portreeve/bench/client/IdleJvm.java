package io.portreeve.bench.client;

import java.io.IOException;

/** Does nothing: what it uses is the JVM's own. */
final class IdleJvm {
    private IdleJvm() {}

    public static void main(String... args) throws IOException {
        System.out.println("ready");
        System.in.readAllBytes();
    }
}
