package us.kbase.caching.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.ServiceProcess;

/** Forms that stop where much of them was looked at and little was passed on, with the tokens of many users, end no gateway. */
class StalledFormsIT {

    private static final int USERS = 50;
    private static final int FORMS = 700;
    private static final String PART = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n";
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "CACHING_HEAP",
            "48m",
            "CACHING_METRICS_PORT",
            "off",
            "CACHING_AUTH_TOKENS",
            IntStream.range(0, USERS)
                            .mapToObj(i -> "token" + i + ":user" + i + ",")
                            .collect(Collectors.joining()) + "calm:calm");

    @TempDir
    private Path folder;

    private enum Stalled {
        IN_THE_HEADERS(PART + "X-Long: " + "h".repeat(15_000)),
        IN_THE_FILE(PART + "\r\n" + "f".repeat(64_000)),
        AFTER_A_LINE_THAT_BEGINS_AS_A_DELIMITER(PART + "\r\n" + ("f".repeat(4_000) + "\r\n--").repeat(16)),
        BEHIND_THE_FILE(PART + "\r\nfile\r\n--b\r\n\r\n" + "n".repeat(62_000));

        private final String form;

        Stalled(String form) {
            this.form = form;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResultIsDownloadedBesideThem(Stalled stalled) {
        List<RawConnection> connections = new ArrayList<>();
        try (ServiceProcess gateway = ServiceProcess.start(folder, ENVIRONMENT, "serve");
                JobClient job = new JobClient(gateway.port(), "calm")) {
            String id = job.cacheId(new JsonObject().put("job", "calm"));
            assertEquals(200, job.upload(id, "result").status());
            for (int user = 0; user < USERS; user++) {
                connections.addAll(stalled(gateway, "token" + user, stalled.form));
            }
            for (int i = 0; i < 20; i++) { // while what they sent is read
                assertEquals(200, job.download(id).status());
            }
        } finally {
            connections.forEach(RawConnection::close);
        }
    }

    /** A gateway may refuse one of them as long as it lives. */
    private static List<RawConnection> stalled(ServiceProcess gateway, String token, String form) {
        List<RawConnection> connections = new ArrayList<>();
        try (JobClient client = new JobClient(gateway.port(), token)) {
            for (int i = 0; i < FORMS / USERS; i++) {
                String id = client.cacheId(new JsonObject().put("form", i));
                connections.add(new RawConnection(gateway.port())
                        .send("POST /v1/cache/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + token
                                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 65000\r\n\r\n"
                                + form));
            }
        }
        return connections;
    }
}
