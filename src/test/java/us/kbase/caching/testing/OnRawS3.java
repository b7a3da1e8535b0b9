package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.S3ObjectStore;
import us.kbase.caching.store.s3.UploadMeans;
import us.kbase.caching.store.s3.write.WriteLife;
import us.kbase.caching.testing.RawS3.Asked;
import us.kbase.caching.testing.RawS3.Told;

/** A store on S3 for each test, and its server, whose every answer the test writes: 500 until it does. */
public abstract class OnRawS3 {

    private static final Duration BETWEEN = WriteLife.LANDS_WITHIN.plusSeconds(1);

    private final AtomicInteger passed = new AtomicInteger();

    /** The store's, and its server's where it sends dates. */
    protected final InstantSource clock = () -> Instant.now().plus(BETWEEN.multipliedBy(passed.get()));

    protected final Vertx vertx = Vertx.vertx();
    protected final Loop loop = new Loop(vertx);
    protected final RawS3 server = RawS3.start(vertx, asked -> RawS3.Told.of(500, "", ""));
    protected final UploadMeans means = Stores.means();
    protected final ObjectStore store = loop.call(
            () -> Future.succeededFuture(new S3ObjectStore(vertx, server.bucket(), means, new StoreTime(clock))));

    /** Answers so, each time when all that was sent before can land no more: nobody waits for that. */
    protected void answerLate(Function<Asked, Told> answers) {
        server.answer(asked -> {
            passed.incrementAndGet();
            return answers.apply(asked);
        });
    }

    /** Waits until no memory is paid for any more. */
    protected void awaitNothingHeld() {
        Await.until(
                "nothing is held",
                () -> means.transfers().usedBytes() == 0
                        && means.answers().usedBytes() == 0
                        && means.load().calls().waiting()
                                        + means.load().transfers().waiting()
                                == 0);
    }

    @AfterEach
    protected void closeVertx() {
        Await.result(vertx.close());
    }
}
