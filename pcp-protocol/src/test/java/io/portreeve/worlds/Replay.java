package io.portreeve.worlds;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The first worlds once more, in another JVM: a seed that tells another story there could not be replayed. */
public final class Replay {
    private static final int SEEDS = 20;

    private Replay() {}

    /** {@return what became of the first worlds, in short} */
    public static <A> String hashes(World<A> world) {
        var hashes = new StringBuilder();
        for (long seed = 0; seed < SEEDS; seed++) {
            hashes.append(Long.toHexString(world.run(seed, world.script(seed)).hash()))
                    .append(' ');
        }
        return hashes.toString().strip();
    }

    /** {@return the same, from another JVM} */
    public static String hashesOfAnotherJvm(Class<? extends World<?>> world) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var process = new ProcessBuilder(java, "-cp", classes, Replay.class.getName(), world.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("the other JVM failed: " + printed);
        }
        return printed.strip();
    }

    /** What the other JVM runs. */
    public static void main(String[] args) throws ReflectiveOperationException {
        System.out.println(
                hashes((World<?>) Class.forName(args[0]).getConstructor().newInstance()));
    }
}
