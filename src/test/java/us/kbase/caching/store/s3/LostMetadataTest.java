package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawConnection;

/** A server, or a proxy before it, that renames metadata or drops them: what it lacks is said in one sentence. */
class LostMetadataTest extends OnRawS3 {

    private static final String LACKS =
            "The object store does not keep metadata, by which a result's owner is known: it"
                    + " lost or renamed the metadata ";
    private static final String REMEDY = "use a server that keeps x-amz-meta-* as they are sent";

    /** What is lost on the way. */
    private enum Loss {
        /** By a proxy that takes underscores for unsafe. */
        RENAMED(name -> name.contains("_"), "[token_id]"),
        DROPPED(name -> true, "[filename, token_id]");

        private final Predicate<String> hits;
        private final String named;

        Loss(Predicate<String> hits, String named) {
            this.hits = hits;
            this.named = named;
        }

        void change(Map<String, String> headers) {
            for (String name : List.copyOf(headers.keySet())) {
                if (name.startsWith("x-amz-meta-") && hits.test(name)) {
                    headers.put(name.replace("x-amz-meta-", "x-changed-").replace('_', '-'), headers.remove(name));
                }
            }
        }
    }

    private final HonestS3 bucket = new HonestS3(clock);

    @BeforeEach
    void answer() {
        server.answer(bucket::answer);
    }

    private void loses(Loss loss) {
        bucket.lies((asked, answer) -> loss.change(answer.headers));
    }

    private static String ready(Gateway gateway) {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            return connection
                    .send("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    private Gateway started() {
        return Await.result(
                Gateway.start(Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(server.bucket()))));
    }

    @ParameterizedTest
    @EnumSource
    void readinessNamesWhatTheServerLacks(Loss loss) {
        loses(loss);
        Gateway gateway = started();
        try {
            Await.until("it is told", () -> ready(gateway).contains(LACKS + loss.named));
            assertTrue(ready(gateway).contains(REMEDY));
        } finally {
            Await.result(gateway.close());
        }
    }

    @Test
    void aLookAtTheBucketNamesIt() {
        loses(Loss.RENAMED);
        S3ObjectStore looked = (S3ObjectStore) store;
        Throwable cause = assertInstanceOf(Failure.Upstream.class, loop.failureOf(looked::look));
        assertTrue(String.valueOf(cause.getMessage()).startsWith(LACKS + "[token_id]"), cause::toString);
    }

    @Test
    void aServerThatKeepsThemIsReady() {
        Gateway gateway = started();
        try {
            Await.until("it is ready", () -> ready(gateway).contains(" 200 "));
        } finally {
            Await.result(gateway.close());
        }
    }
}
