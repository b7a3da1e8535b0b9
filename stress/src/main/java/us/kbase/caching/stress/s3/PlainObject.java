package us.kbase.caching.stress.s3;

import io.vertx.core.Future;
import java.util.Map;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Payload;
import us.kbase.caching.stress.load.Transfer;

/** The least that S3 needs for a file: one PUT, one GET, one DELETE. */
public record PlainObject(S3Calls calls, String key, Content.File file) implements Transfer {

    @Override
    public Future<Void> reserve() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> upload() {
        return calls.put(key, Map.of(), Payload.raw(file)).mapEmpty();
    }

    @Override
    public Future<Void> download() {
        return calls.get(key, file);
    }

    @Override
    public Future<Void> delete() {
        return calls.delete(key);
    }
}
