package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.trace.CurrentRequest;

/** What a client asked for that has left before its turn came. */
class DepartedReadersTest extends OnRawS3 {

    /** Of a thousand readers who left at once seven hundred waited, and MinIO read all of the file for each of them. */
    @Test
    void theServerIsNotAskedForAFileThatNobodyWaitsFor() {
        assertInstanceOf(Failure.ClientGone.class, loop.failureOf(() -> {
            CurrentRequest.mayLeave().set(true);
            return store.get("key", ByteRange.ALL, Optional.empty());
        }));
        assertEquals(List.of(), server.asked());
        awaitNothingHeld();
    }
}
