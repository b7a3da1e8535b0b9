package us.kbase.caching.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static us.kbase.caching.testing.ScriptedServer.json;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.cli.client.GatewayClient;
import us.kbase.caching.cli.client.ServerAddress;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ScriptedServer;

class ResultPublisherTest {

    private static final String LOST = "";
    private static final String CONFLICT = json(409, "{\"error\":\"The lease is lost; nothing was changed\"}");
    private static final String OURS = json(200, "result");
    private static final String THEIRS = json(200, "ruling");

    @TempDir
    private Path folder;

    static List<Arguments> replies() {
        return List.of(
                Arguments.of("its reply was lost, and the result is ours", List.of(LOST, CONFLICT, OURS), true),
                Arguments.of("the gateway failed behind it", List.of(json(503, "{}"), CONFLICT, OURS), true),
                Arguments.of("another was faster", List.of(LOST, CONFLICT, THEIRS), false),
                Arguments.of("it never was ours", List.of(CONFLICT, OURS), false),
                Arguments.of("the reply was lost and it is taken now", List.of(LOST, json(200, "{}")), true),
                Arguments.of("it is refused", List.of(json(403, "{\"error\":\"no\"}")), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("replies")
    void anUploadIsPublishedWhen(String what, List<String> script, boolean published) throws Exception {
        Path out = Files.writeString(folder.resolve("out"), "result");
        try (ScriptedServer server = new ScriptedServer(script.toArray(String[]::new));
                GatewayClient client = new GatewayClient(ServerAddress.parse(server.url()), JobClient.TOKEN);
                CommandOutput output = CommandOutput.named(out.toString())) {
            assertEquals(
                    published,
                    new ResultPublisher(client, output, Duration.ofSeconds(1)).repeated("id", Optional.empty()));
        }
    }
}
