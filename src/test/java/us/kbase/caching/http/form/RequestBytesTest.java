package us.kbase.caching.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.CountedSource;
import us.kbase.caching.testing.Fuzz;

/** What is looked at is short and on the heap, and a file's bytes stay where they came in. */
class RequestBytesTest {

    private static final int CHUNK_BYTES = 256 * 1024;

    private static CountedSource oneChunk() {
        return new CountedSource(List.of(random(CHUNK_BYTES, new Random(1))));
    }

    private static Buffer random(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Buffer.buffer(bytes);
    }

    @Test
    void aBiteOfALongChunkIsOnTheHeap() {
        RequestBytes bytes = new RequestBytes(oneChunk(), Buffer.buffer());
        Await.result(bytes.lookUntil(() -> bytes.ahead().length() >= 100));
        assertEquals(RequestBytes.BITE_BYTES, bytes.ahead().length());
        assertTrue(!Chunk.isCounted(bytes.ahead()), "on the heap");
    }

    @Test
    void whatWasLookedAtGoesBackToItsChunkAndIsGivenAsItCame() {
        CountedSource request = oneChunk();
        RequestBytes bytes = new RequestBytes(request, Buffer.buffer("ab"));
        Await.result(bytes.lookUntil(() -> bytes.ahead().length() >= 100));
        bytes.lookBack();
        Buffer short2 = bytes.give(2);
        assertEquals(Buffer.buffer("ab"), short2);
        assertTrue(Chunk.wholeBytes(short2) < 100, "keeps the memory of a bite");
        Buffer given = Await.result(bytes.next());
        assertEquals(CHUNK_BYTES, given.length());
        assertTrue(Chunk.isCounted(given), "in the memory that it came in");
        Chunk.release(given);
        request.assertAllReleased();
    }

    @Test
    void whatIsDroppedIsNotKept() {
        CountedSource request = oneChunk();
        RequestBytes bytes = new RequestBytes(request, Buffer.buffer());
        BoundarySearch absent = new BoundarySearch("a delimiter that is not there".getBytes());
        Await.result(bytes.dropUntil(absent, () -> {
            assertTrue(bytes.ahead().length() <= RequestBytes.BITE_BYTES + absent.length(), "looked at too much");
            return false;
        }));
        request.assertAllReleased();
    }

    /** In any order of its methods, all bytes come once and in order, and every chunk is given back. */
    @Test
    void everyByteComesOnceAndEveryChunkIsGivenBack() {
        Fuzz.holds(500, random -> {
            List<Buffer> chunks = new ArrayList<>();
            Buffer all = Buffer.buffer();
            for (int i = random.nextInt(6); i >= 0; i--) {
                chunks.add(random(1 + random.nextInt(20_000), random));
                all.appendBuffer(chunks.getLast());
            }
            CountedSource request = new CountedSource(chunks);
            RequestBytes bytes = new RequestBytes(request, Buffer.buffer());
            int until = random.nextInt(2 * all.length());
            Buffer got = Buffer.buffer();
            while (got.length() < until && act(bytes, got, random)) {
                assertEquals(got.length(), bytes.passed());
            }
            assertEquals(all.slice(0, got.length()), got);
            bytes.cancel();
            request.assertAllReleased();
        });
    }

    /** False when the request has ended. */
    private static boolean act(RequestBytes bytes, Buffer got, Random random) {
        int ahead = bytes.ahead().length();
        if (ahead > 0 && random.nextBoolean()) {
            got.appendBuffer(bytes.give(1 + random.nextInt(ahead)));
            return true;
        }
        if (ahead > 0 && random.nextBoolean()) {
            bytes.lookBack();
            return true;
        }
        if (ahead > 0 || random.nextBoolean()) {
            return Await.result(bytes.lookUntil(() -> bytes.ahead().length() > ahead)) || ahead > 0;
        }
        Buffer chunk = Await.result(bytes.next());
        if (ByteSource.isEnd(chunk)) {
            return false;
        }
        Chunk.moveTo(got, bytes.putBack(chunk, random.nextInt(chunk.length() + 1)));
        return true;
    }
}
