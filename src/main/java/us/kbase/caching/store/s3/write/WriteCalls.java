package us.kbase.caching.store.s3.write;

import io.vertx.core.Future;
import java.util.Optional;
import us.kbase.caching.pace.Retries;
import us.kbase.caching.store.Observation;

/** What a write asks of S3 besides its own tries. Failures are those of {@code store.s3.error}. Event loop only. */
public interface WriteCalls {

    /** The life of a write that is about to be tried. */
    WriteLife newWrite();

    /** One policy and one budget for all that is repeated on this loop. */
    Retries retries();

    /** What lies under a key, with the store's time; nothing only where S3 itself says so. Repeated while that may help. */
    Future<Optional<Observation>> look(String key);

    /** Tries once to remove an object, within that life. */
    Future<Void> delete(String key, WriteLife life);
}
