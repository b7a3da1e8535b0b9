package us.kbase.caching.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.testing.Await;

class OwnNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::", "::1", "fe80::1%lo"})
    void anAddressIsLookedUpByNobody(String address) {
        assertEquals(
                address,
                Await.result(OwnName.address(
                        "http.host",
                        address,
                        asked -> {
                            throw new UnknownHostException("asked");
                        },
                        Duration.ofSeconds(1))));
    }

    @Test
    void whatALookUpThrowsIsASentence() {
        assertEquals(
                "http.host: nobody knows the name gateway.example; set it to an address of this machine.",
                Await.failure(
                                IOException.class,
                                OwnName.address(
                                        "http.host",
                                        "gateway.example",
                                        asked -> {
                                            throw new IllegalStateException();
                                        },
                                        Duration.ofSeconds(1)))
                        .getMessage());
    }
}
