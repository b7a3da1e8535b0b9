package us.kbase.caching.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.secret.Secret;

class DevelopmentTokenTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("data/development-token");
    }

    private Secret token() throws IOException {
        return DevelopmentToken.of(folder.resolve("data"));
    }

    @Test
    void isMadeOnceForItsUserAlone() throws IOException {
        Secret token = token();
        assertTrue(token.reveal().matches("[0-9a-f]{32}"));
        assertEquals(token, token());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))));
        try (var left = Files.list(folder.resolve("data"))) {
            assertEquals(1, left.count());
        }
    }

    /** An earlier start that met a full disk, or died, left an empty file; an empty token let nobody in. */
    @Test
    void isMadeAgainWhereAnEarlierStartLeftAnEmptyFile() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.createFile(file());
        assertTrue(token().reveal().matches("[0-9a-f]{32}"));
    }

    @Test
    void mayBeOnesOwnAsAnEditorLeavesIt() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(file(), "\ufeffmy-own-token-of-24-chars\r\n");
        assertEquals("my-own-token-of-24-chars", token().reveal());
    }

    @Test
    void thatIsHalfIsNamedWithARemedy() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(file(), "0123");
        assertEquals(
                file() + " holds no token of 16 visible characters: remove it, and one is made.",
                assertThrows(IOException.class, this::token).getMessage());
    }

    @Test
    void thatCannotBeKeptIsSaidWithARemedy() throws IOException {
        Path notAFolder = Files.createFile(folder.resolve("file")).resolve("data");
        String said = assertThrows(IOException.class, () -> DevelopmentToken.of(notAFolder))
                .getMessage();
        assertTrue(said.startsWith("The development token cannot be kept in the folder " + notAFolder + ": "), said);
        assertTrue(said.contains("Make the folder writable for this user"), said);
    }
}
