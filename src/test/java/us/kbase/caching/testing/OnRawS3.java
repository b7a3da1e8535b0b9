package us.kbase.caching.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import us.kbase.caching.store.ObjectStore;

/** A store on S3 for each test, and its server, whose every answer the test writes: 500 until it does. */
public abstract class OnRawS3 {

    protected final Vertx vertx = Vertx.vertx();
    protected final Loop loop = new Loop(vertx);
    protected final RawS3 server = RawS3.start(vertx, asked -> RawS3.Told.of(500, "", ""));
    protected final ObjectStore store = loop.call(() -> Future.succeededFuture(Stores.s3(vertx, server.bucket())));

    @AfterEach
    protected void closeVertx() {
        Await.result(vertx.close());
    }
}
