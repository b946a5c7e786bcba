package io.portreeve.testing;

import static org.assertj.core.api.Assertions.assertThat;

/** Another program's own table, with no other left: the kernel refuses to touch it, whoever asks, until that program ends. */
public final class SeizedTable implements AutoCloseable {
    private final Process nft;

    private SeizedTable(Process nft) {
        this.nft = nft;
    }

    /** {@return a table of family ip, in the network namespace of the calling thread} */
    public static SeizedTable of(String name) throws Exception {
        var nft = new ProcessBuilder("nft", "-i").redirectErrorStream(true).start();
        var commands = nft.outputWriter();
        commands.write("flush ruleset; table ip " + name + " { flags owner; }\n");
        commands.flush();
        Await.until("the table is seized", () -> rules().contains("owner"));
        return new SeizedTable(nft);
    }

    private static String rules() throws Exception {
        var list = new ProcessBuilder("nft", "list", "ruleset").start();
        var rules = new String(list.getInputStream().readAllBytes());
        assertThat(list.waitFor()).isZero();
        return rules;
    }

    /** The table goes with its owner. */
    @Override
    public void close() {
        nft.destroy();
        nft.onExit().join();
    }
}
