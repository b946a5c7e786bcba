package io.portreeve.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlSocketTest {

    @TempDir
    private Path directory;

    @Test
    void answersAndIsGoneAfterwards() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, () -> "the table\n")) {
            assertThat(ControlClient.mappings(file)).isEqualTo("the table\n");
        }
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> ControlClient.mappings(file))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("no server answers there");
    }

    @Test
    void onlyItsOwnerMayOpenIt() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, () -> "")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aStrangerGetsAWordAndTheNextOneIsServed() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, () -> "the table\n");
                var connection = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            Channels.newOutputStream(connection).write("x".repeat(64).getBytes());
            var answer = new String(Channels.newInputStream(connection).readAllBytes());
            assertThat(answer).startsWith("no such question");
            assertThat(ControlClient.mappings(file)).isEqualTo("the table\n");
        }
    }

    @Test
    void theSocketOfAKilledServerIsReplaced() throws Exception {
        var file = directory.resolve("s");
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
        try (var _ = ControlSocket.open(file, () -> "the table\n")) {
            assertThat(ControlClient.mappings(file)).isEqualTo("the table\n");
        }
    }

    @Test
    void theSocketOfARunningServerIsNot() throws Exception {
        var file = directory.resolve("s");
        try (var _ = ControlSocket.open(file, () -> "the first\n")) {
            assertThatThrownBy(() -> ControlSocket.open(file, () -> "the second\n"))
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining("another server answers there");
            assertThat(ControlClient.mappings(file)).isEqualTo("the first\n");
        }
    }

    @Test
    void aFileIsNoSocketAndStays() throws Exception {
        var file = Files.createFile(directory.resolve("s"));
        assertThatThrownBy(() -> ControlSocket.open(file, () -> ""))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining("is no socket");
        assertThat(file).exists();
    }
}
