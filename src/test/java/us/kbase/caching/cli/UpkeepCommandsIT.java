package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.local.OwnersNote;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;

/** {@code expire} and {@code purge} on an embedded store: beside its gateway, without one, and where there is no store. */
class UpkeepCommandsIT {

    @TempDir
    private Path folder;

    private Gateway gateway() {
        return Await.result(Gateway.start(Configs.of(
                1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(folder.resolve("data"), false))));
    }

    private Ended run(String... arguments) {
        return ServiceProcess.run(folder, Map.of(), arguments);
    }

    private static JsonObject json(Ended ended) {
        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        return new JsonObject(ended.out());
    }

    @Test
    void besideItsGatewayTheyAskIt() {
        Gateway gateway = gateway();
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            String id = client.cacheId(new JsonObject().put("job", 1));
            assertEquals(200, client.upload(id, "result").status());
            assertEquals(1, json(run("expire", "--dry-run", "--json")).getInteger("entries"));
            assertTrue(run("expire").out().matches("(?s)Objects +1\nEntries of this service +1\n.*"));
            assertEquals(200, client.download(id).status());
            assertEquals(new JsonObject().put("entries", 1).put("removed", 1), json(run("purge", "--yes", "--json")));
            assertEquals(404, client.download(id).status());
        } finally {
            Await.result(gateway.close());
        }
        assertFalse(Files.exists(folder.resolve("data/gateway")), "the note is gone with its gateway");
    }

    @Test
    void aNoteThatACrashLeftIsNotRead() throws IOException {
        Await.result(gateway().close());
        OwnersNote.forFolder(folder.resolve("data")).leave("127.0.0.1", 1);
        long entries = json(run("purge", "--yes", "--json")).getLong("removed"); // a probe that was cut short, at most
        assertTrue(entries <= 1);
        assertEquals(0, json(run("expire", "--json")).getInteger("objects"));
    }

    @Test
    void whoCannotBeAskedIsSaid() throws IOException {
        Gateway gateway = gateway();
        try {
            Files.delete(folder.resolve("data/gateway"));
            Ended ended = run("purge", "--yes");
            assertEquals(1, ended.code());
            assertTrue(
                    ended.err().matches("caching-service: The data folder [^\n]* is in use[^\n]*\\.\n"), ended.err());
        } finally {
            Await.result(gateway.close());
        }
    }

    /** The gateway's own token is no user's, and dies with it. */
    @Test
    void theNotesTokenIsAnAdministratorsWhileTheGatewayRuns() throws IOException {
        Gateway gateway = gateway();
        String token = OwnersNote.find(folder.resolve("data")).orElseThrow().token();
        try (JobClient admin = new JobClient(gateway.port(), token);
                JobClient alice = new JobClient(gateway.port(), JobClient.TOKEN)) {
            assertEquals(200, admin.send(admin.request("/expire").GET()).status());
            assertEquals(403, alice.send(alice.request("/expire").GET()).status());
        } finally {
            Await.result(gateway.close());
        }
        Gateway next = gateway();
        try (JobClient late = new JobClient(next.port(), token)) {
            assertEquals(403, late.send(late.request("/expire").GET()).status());
        } finally {
            Await.result(next.close());
        }
    }

    private void flip(String id) throws IOException {
        Path file = folder.resolve("data/entries").resolve(id.substring(0, 3)).resolve(id);
        byte[] bytes = Files.readAllBytes(file);
        bytes[2] ^= 4;
        Files.write(file, bytes);
    }

    @Test
    void verifyNamesWhatIsDamagedBesideItsGatewayAndWithoutOne() throws IOException {
        String flipped;
        String whole;
        Gateway gateway = gateway();
        try (JobClient client = new JobClient(gateway.port(), JobClient.TOKEN)) {
            flipped = client.cacheId(new JsonObject().put("job", 1));
            whole = client.cacheId(new JsonObject().put("job", 2));
            assertEquals(200, client.upload(flipped, "result").status());
            assertEquals(200, client.upload(whole, "result").status());
            assertEquals(0, json(run("verify", "--all", "--json")).getInteger("damaged"));
            flip(flipped);
            Ended ended = run("verify", whole, flipped);
            assertEquals(3, ended.code(), ended.err());
            assertTrue(
                    ended.out().matches("(?s)Entries +2\nVerified +1\n.*Damaged +1\n.*\n" + flipped + "  [^\n]+\n"),
                    ended.out());
            assertEquals(404, client.download(flipped).status());
            assertEquals(1, json(run("verify", whole, "--json")).getInteger("verified"));
            Ended absent = run("verify", whole, "absent");
            assertEquals(1, absent.code(), "what was named and is not there was not verified");
            assertEquals("caching-service: Of the named cache ids 1 have no result.\n", absent.err());
        } finally {
            Await.result(gateway.close());
        }
        flip(whole);
        Ended ended = run("verify", "--all", "--json");
        assertEquals(3, ended.code(), ended.err());
        JsonObject report = new JsonObject(ended.out());
        assertEquals(1, report.getInteger("damaged"));
        assertEquals(whole, report.getJsonArray("shown").getJsonObject(0).getString("cache_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "verify --all abc", "verify a/b", "verify --all --rate 0"})
    void verifySaysWhatIsWrongWithItsCommandLine(String command) {
        Ended ended = run(command.split(" "));
        assertEquals(2, ended.code());
        assertTrue(ended.err().startsWith("caching-service: "), ended.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"expire --json", "purge --yes", "verify --all"})
    void whereThereIsNoStoreNoneIsMade(String command) throws IOException {
        Ended ended = run(command.split(" "));
        assertEquals(1, ended.code());
        assertEquals("", ended.out());
        assertTrue(ended.err().matches("caching-service: There is no store in [^\n]*/data; [^\n]*\\.\n"), ended.err());
        try (var made = Files.list(folder)) {
            assertEquals(List.of(), made.toList());
        }
    }
}
