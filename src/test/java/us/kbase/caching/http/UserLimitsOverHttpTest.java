package us.kbase.caching.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.LoopGateway;
import us.kbase.caching.testing.RawConnection;

/** Users have limits of their own: 429 for who exceeds them, and nothing for others. */
class UserLimitsOverHttpTest {

    private static final int TRANSFERS = 8;

    @TempDir
    Path folder;

    private LoopGateway gateway(int transfers, int requests) {
        return LoopGateway.on(folder, LoopGateway.Setup.usual().limits(new UserLimits.Settings(transfers, requests)));
    }

    private static JsonObject job(int number) {
        return new JsonObject().put("job", number);
    }

    private static RawConnection begin(LoopGateway gateway, String id) {
        return new RawConnection(gateway.port())
                .send("PUT /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + JobClient.TOKEN
                        + "\r\nContent-Length: 8\r\n\r\nhalf");
    }

    @Test
    void aUserHasSoManyTransfersAndTheOthersAreRefused() {
        try (LoopGateway gateway = gateway(TRANSFERS, 0);
                JobClient alice = new JobClient(gateway.port(), JobClient.TOKEN);
                JobClient bob = new JobClient(gateway.port(), "other")) {
            List<RawConnection> open = new ArrayList<>();
            try {
                for (int i = 0; i < TRANSFERS; i++) {
                    open.add(begin(gateway, alice.cacheId(job(i))).send(""));
                }
                String another = alice.cacheId(job(TRANSFERS));
                Await.until(
                        "the refusal", () -> alice.upload(another, "one more").status() == 429);
                JobClient.Reply refused = alice.download(another);
                assertEquals(429, refused.status());
                assertEquals("5", refused.headers().firstValue("Retry-After").orElse("none"));
                assertEquals(
                        "You have 8 transfers under way, and may have no more; try again later",
                        refused.json().getString("error"));
                assertEquals(200, bob.upload(bob.cacheId(job(0)), "of another").status());
                open.forEach(connection -> connection.send("half"));
                open.forEach(connection -> assertTrue(connection.head().startsWith("HTTP/1.1 200 ")));
                assertEquals(200, alice.upload(another, "one more").status());
                assertArrayEquals("one more".getBytes(), alice.download(another).body());
            } finally {
                open.forEach(RawConnection::close);
            }
        }
    }

    @Test
    void aTransferWhoseClientLeftIsNotCountedOn() {
        try (LoopGateway gateway = gateway(1, 0);
                JobClient alice = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = alice.cacheId(job(1));
            begin(gateway, id).cut();
            Await.until("room", () -> alice.upload(id, "whole").status() == 200);
        }
    }

    @Test
    void aUserWhoAsksTooOftenIsRefusedAndAnotherIsServed() {
        try (LoopGateway gateway = gateway(0, 5);
                JobClient alice = new JobClient(gateway.port(), JobClient.TOKEN);
                JobClient bob = new JobClient(gateway.port(), "other")) {
            List<Integer> statuses = Stream.generate(
                            () -> alice.download("none").status())
                    .limit(40)
                    .toList();
            assertTrue(statuses.contains(404), statuses.toString());
            assertTrue(statuses.contains(429), statuses.toString());
            assertEquals(404, bob.download("none").status());
        }
    }
}
