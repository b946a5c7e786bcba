package io.portreeve.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ControlSocketTest {

    @TempDir
    private Path directory;

    @Test
    void answersAndIsGoneAfterwards() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, _ -> "the table\n")) {
            assertThat(ControlClient.ask(file, "table")).isEqualTo("the table\n");
        }
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> ControlClient.ask(file, "table"))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("nobody answers there");
    }

    @Test
    void onlyItsOwnerMayOpenIt() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, _ -> "")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aQuestionIsOneLine() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, question -> "<" + question + ">")) {
            assertThat(ControlClient.ask(file, "status json")).isEqualTo("<status json>");
            assertThat(ControlClient.ask(file, "one\ntwo")).isEqualTo("<one>");
            assertThat(ControlClient.ask(file, "")).isEqualTo("<>");
        }
    }

    @Test
    void whoAsksWithoutEndIsAnsweredWhenItIsEnough() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, question -> question.length() + " octets");
                var connection = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            Channels.newOutputStream(connection).write("x".repeat(1024).getBytes(StandardCharsets.US_ASCII));
            assertThat(Channels.newInputStream(connection).readAllBytes())
                    .asString()
                    .isEqualTo("1024 octets");
        }
    }

    @Test
    void whoAsksNothingIsNotWaitedForForEver() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, _ -> "the table\n", Duration.ofMillis(10));
                var silent = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            assertThat(ControlClient.ask(file, "table")).isEqualTo("the table\n");
            assertThat(Channels.newInputStream(silent).readAllBytes()).isEmpty();
        }
    }

    @Test
    void aQuestionThatCannotBeAnsweredDoesNoHarmToTheNext() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, question -> "x".repeat(Integer.parseInt(question)))) {
            assertThat(ControlClient.ask(file, "no number")).isEmpty();
            assertThat(ControlClient.ask(file, "3")).isEqualTo("xxx");
        }
    }

    @Test
    @Timeout(60)
    void answersAgainWhenThereAreFileDescriptorsAgain() throws Exception {
        var file = directory.resolve("s");
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(file));
        try (var socket = new ControlSocket(
                file, new FailingOnce(Entrance.of(channel)), _ -> "the table\n", Duration.ofSeconds(5))) {
            socket.start();
            assertThat(ControlClient.ask(file, "table")).isEqualTo("the table\n");
        }
    }

    /** The first that it accepts fails. */
    private static final class FailingOnce implements Entrance {
        private final Entrance entrance;
        private boolean hasFailed;

        FailingOnce(Entrance entrance) {
            this.entrance = entrance;
        }

        @Override
        public SocketChannel accept() throws IOException {
            if (!hasFailed) {
                hasFailed = true;
                throw new IOException("Too many open files");
            }
            return entrance.accept();
        }

        @Override
        public void close() throws IOException {
            entrance.close();
        }
    }

    @Test
    void aLongAnswerComesWhole() throws Exception {
        var file = directory.resolve("s");
        var text = "x".repeat(3_000_000); // more than the kernel keeps for who asks
        try (var _ = ControlSocket.open(file, _ -> text)) {
            assertThat(ControlClient.ask(file, "table")).isEqualTo(text);
        }
    }

    @Test
    void theSocketOfAKilledProgramIsReplaced() throws Exception {
        var file = directory.resolve("s");
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
        try (var _ = ControlSocket.open(file, _ -> "the table\n")) {
            assertThat(ControlClient.ask(file, "table")).isEqualTo("the table\n");
        }
    }

    @Test
    void theSocketOfARunningProgramIsNot() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, _ -> "the first\n")) {
            assertThatThrownBy(() -> ControlSocket.open(file, _ -> "the second\n"))
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining("another program answers there");
            assertThat(ControlClient.ask(file, "table")).isEqualTo("the first\n");
        }
    }

    @Test
    void aFileIsNoSocketAndStays() throws Exception {
        var file = Files.createFile(directory.resolve("s"));
        assertThatThrownBy(() -> ControlSocket.open(file, _ -> ""))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("is no socket");
        assertThat(file).exists();
    }
}
