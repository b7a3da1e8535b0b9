package us.kbase.caching.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "localhost, http://localhost:5000",
        "localhost:5077, http://localhost:5077",
        "127.0.0.1, http://127.0.0.1:5000",
        "[::1], http://[::1]:5000",
        "[::1]:80, http://[::1]:80",
        "cache.lab.example/services, http://cache.lab.example:5000/services",
        "http://localhost, http://localhost",
        "HTTP://localhost:5000/, http://localhost:5000",
        "https://cache.example/cache//, https://cache.example/cache",
        "'  http://localhost:5000 ', http://localhost:5000"
    })
    void whatPeopleTypeIsTaken(String typed, String base) {
        assertEquals(base, ServerAddress.parse(typed).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ftp://localhost",
                "file:///tmp",
                "://x",
                "http://",
                "http:localhost",
                "localhost:port",
                "localhost:70000",
                "http://localhost:-1",
                "::1",
                "::1:5000",
                "http://::1",
                "[::1",
                "my host",
                "my_host:5000",
                "http://user:secret@localhost",
                "http://localhost?x=1",
                "http://localhost#x",
                "grün.example"
            })
    void whatCannotBeAnAddressIsRefusedWithTheRemedy(String typed) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ServerAddress.parse(typed));
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.startsWith("'" + typed.strip() + "' is no address of a gateway; write "), said);
    }
}
