package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.OnRawS3;
import us.kbase.caching.testing.RawS3.Told;

/** A bucket that goes while it is used. */
class GoneBucketTest extends OnRawS3 {

    /** Each look at the store made an empty one in its place, unsaid, so that every result was a plain 404 and the old one could not return. */
    @Test
    void aBucketThatWasThereIsNotMadeAnew() {
        server.answer(asked -> Told.of(200, "", ""));
        loop.call(store::prepare);
        server.answer(asked -> Told.of(404, "", ""));
        server.forget();

        Failure gone = assertInstanceOf(Failure.Upstream.class, loop.failureOf(store::prepare));
        assertTrue(String.valueOf(gone.getMessage()).contains("is gone"), gone.getMessage());
        assertEquals(0, server.asked().stream().filter(asked -> asked.is("PUT")).count());

        server.answer(asked -> Told.of(200, "", ""));
        loop.call(store::prepare);
    }

    @Test
    void aBucketThatWasNeverThereIsMade() {
        server.answer(asked -> Told.of(asked.is("HEAD") ? 404 : 200, "", ""));
        loop.call(store::prepare);
        assertEquals(1, server.asked().stream().filter(asked -> asked.is("PUT")).count());
    }
}
