package io.portreeve.igd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portreeve.requirements.Proves;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    @TempDir
    private Path folder;

    @Test
    @Proves({"igd:I-DESC-06", "rel:T-3"})
    void isMadeOnceAndKept() throws Exception {
        var file = folder.resolve("state/identity");
        var first = Identity.of(file);
        assertThat(Identity.of(file)).isEqualTo(first);
        assertThat(first.pathToken()).matches("[0-9a-f]{32}");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Identity.of(folder.resolve("other")))
                .as("another gateway is another device")
                .isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no uuid\n00",
                "9e28b8d5-2d2b-4a86-9a5c-0c6e0f0b1d11",
                "9e28b8d5-2d2b-4a86-9a5c-0c6e0f0b1d11\n../..",
                "9e28b8d5-2d2b-4a86-9a5c-0c6e0f0b1d11\n\n"
            })
    void saysThatItsFileIsDamaged(String content) throws Exception {
        var file = folder.resolve("identity");
        Files.writeString(file, content);
        assertThatThrownBy(() -> Identity.of(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is damaged; delete it");
    }

    @Test
    void saysThatItMayNotWrite() throws Exception {
        var file = folder.resolve("taken");
        Files.createFile(file);
        assertThatThrownBy(() -> Identity.of(file.resolve("identity")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be read or written: a file of that name is in the way; give")
                .hasMessageNotContaining("\n");
    }
}
