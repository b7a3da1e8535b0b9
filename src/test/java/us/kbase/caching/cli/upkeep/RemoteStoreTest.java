package us.kbase.caching.cli.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.ServerAddress;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ScriptedServer;
import us.kbase.caching.verify.VerifyReport;

/** What a command makes of a gateway's answers while it waits for the verification that it asked for. */
class RemoteStoreTest {

    private static String state(int run, boolean running, int verified) {
        return "\"run\":" + run + ",\"running\":" + running + ",\"report\":{\"verified\":" + verified + "}}";
    }

    private static String posted(int run, boolean began) {
        return ScriptedServer.json(began ? 202 : 200, "{\"began\":" + began + "," + state(run, true, 0));
    }

    private static String seen(int run, boolean running, int verified) {
        return ScriptedServer.json(200, "{" + state(run, running, verified));
    }

    private static VerifyReport verify(String... script) throws IOException, InterruptedException {
        try (ScriptedServer server = new ScriptedServer(script);
                GatewayClient client = new GatewayClient(ServerAddress.parse(server.url()), JobClient.TOKEN)) {
            return new RemoteStore(client).verify("?rate=1");
        }
    }

    @Test
    void itsOwnVerificationIsWaitedFor() throws IOException, InterruptedException {
        assertEquals(
                7, verify(posted(5, true), seen(5, true, 3), seen(5, false, 7)).verified());
    }

    @Test
    void behindAnotherOneItBeginsItsOwn() throws IOException, InterruptedException {
        assertEquals(
                7,
                verify(posted(5, false), seen(5, false, 3), posted(6, true), seen(6, false, 7))
                        .verified());
    }

    @Test
    void whatAnotherOneFoundIsNotItsReport() {
        IOException lost =
                assertThrows(IOException.class, () -> verify(posted(5, true), seen(6, true, 0), seen(6, false, 3)));
        assertTrue(lost.getMessage().startsWith("The verification's result is lost"), lost.getMessage());
    }

    @Test
    void aGatewayThatWasStartedAnewHasNoReport() {
        assertThrows(IOException.class, () -> verify(posted(5, true), seen(0, false, 0)));
    }
}
