package us.kbase.caching.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnersNoteTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:5000",
        "0.0.0.0, http://127.0.0.1:5000",
        "::, http://[::1]:5000",
        "::1, http://[::1]:5000",
        "localhost, http://localhost:5000"
    })
    void itSaysWhereTheGatewayCanBeCalled(String host, String address) throws Exception {
        OwnersNote note = OwnersNote.forFolder(folder);
        note.leave(host, 5000);
        OwnersNote.Door door = OwnersNote.find(folder).orElseThrow();
        assertEquals(address, door.address().toString());
        assertEquals(note.token(), door.token());
        assertFalse(door.toString().contains(note.token()), "a secret is not shown");
    }

    @Test
    void onlyItsOwnerCanReadIt() throws Exception {
        OwnersNote.forFolder(folder).leave("localhost", 5000);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("gateway"))));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void whatACrashLeftOfANoteGoes() throws Exception {
        Files.writeString(folder.resolve("gateway4711.tmp"), "{");
        Files.writeString(folder.resolve("other.tmp"), "not ours");
        OwnersNote.forFolder(folder).leave("localhost", 5000);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of("gateway", "other.tmp"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aGatewayTakesAwayItsOwnNoteOnly() throws Exception {
        OwnersNote before = OwnersNote.forFolder(folder);
        before.leave("localhost", 5000);
        OwnersNote after = OwnersNote.forFolder(folder);
        assertNotEquals(before.token(), after.token());
        after.leave("localhost", 5001);
        before.takeAway();
        assertTrue(OwnersNote.find(folder).isPresent());
        after.takeAway();
        assertEquals(Optional.empty(), OwnersNote.find(folder));
        after.takeAway();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"address\": 5}", "{\"address\": \"not an address\"}"})
    void whatIsNoNoteIsNone(String text) throws Exception {
        Files.writeString(folder.resolve("gateway"), text);
        assertEquals(Optional.empty(), OwnersNote.find(folder));
    }
}
