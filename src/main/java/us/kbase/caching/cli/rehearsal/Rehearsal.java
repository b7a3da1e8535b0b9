package us.kbase.caching.cli.rehearsal;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import us.kbase.caching.Gateway;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.ConfigLoader;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.secret.Secret;

/** Jobs of our own through a gateway of our own, until they are fast. */
public final class Rehearsal {

    /** What a gateway does before it says that it is ready: a few seconds of two processors. */
    public static final Extent BEFORE_SERVING = new Extent(500, Duration.ofSeconds(3));

    /** What a start-up cache is trained with. */
    public static final Extent TRAINING = new Extent(2_000, Duration.ofSeconds(8));

    static final String TOKEN = "rehearsal";

    private Rehearsal() {}

    /**
     * How much is rehearsed: whichever comes first.
     *
     * @param jobs with four calls each
     * @param time after which no job is begun
     */
    public record Extent(int jobs, Duration time) {}

    /** Returns when the jobs are done and nothing of it is left; blocks the calling thread, which must be no event loop. */
    public static void run(Extent extent) throws InterruptedException, ExecutionException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        try {
            Gateway gateway =
                    done(Gateway.start(config(done(StandInS3.listen(vertx)).actualPort())));
            try {
                done(new RehearsedJobs(vertx, gateway.port(), extent).run());
            } finally {
                done(gateway.close());
            }
        } finally {
            done(vertx.close());
        }
    }

    @CanIgnoreReturnValue
    private static <T> T done(Future<T> future) throws InterruptedException, ExecutionException {
        return future.toCompletionStage().toCompletableFuture().get();
    }

    private static GatewayConfig config(int s3Port) {
        Map<String, String> settings = Map.of(
                "CACHING_HTTP_PORT", "0",
                "CACHING_METRICS_PORT", "off",
                "CACHING_HTTP_LOOPS", "1",
                "CACHING_HTTP_ACCESS_LOG", "false",
                "CACHING_SWEEP_ENABLED", "false",
                "CACHING_STORE_TYPE", "s3",
                "CACHING_STORE_S3_ENDPOINT", "http://127.0.0.1:" + s3Port,
                "CACHING_STORE_S3_SECRET_KEY", "rehearsal");
        try {
            return ConfigLoader.load(Optional.empty(), Path.of("/nonexistent"), settings)
                    .config()
                    .withTokens(Map.of(new Secret(TOKEN), "rehearsal"));
        } catch (ConfigException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
