/**
 * Moves bytes on demand, and says whose memory they are.
 *
 * <p>A {@link us.kbase.caching.stream.ByteSource} gives the next chunk when it is asked, and nothing before: what nobody asks for
 * stays with its sender. A {@link us.kbase.caching.stream.Pump} asks one source and hands each chunk to one sink; it asks again when
 * the sink is done with the last. An upload is a chain of such sources from the client's socket to the store, a download the same
 * chain the other way, so the slowest end sets the pace and nothing piles up between the two.
 *
 * <p>A chunk of a file lies in memory outside the heap ({@link us.kbase.caching.stream.Chunk}). The socket reads into it, every
 * source passes it on as it is, and the other socket writes from it: it is never copied (docs/adr/0018). Whoever got a chunk last
 * releases it; a source that is cancelled releases what it still holds; what a socket had read and nobody took is released with the
 * connection ({@link us.kbase.caching.stream.UnclaimedChunks}).
 *
 * <p>Depends on {@code failure} only.
 */
@NullMarked
@CheckReturnValue
package us.kbase.caching.stream;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
