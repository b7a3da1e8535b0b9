package us.kbase.caching;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import us.kbase.caching.http.form.FormReader;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;

/** A form of 16 MiB in chunks as the socket gives them; a second's operations × 16 are MiB/s. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FormReaderBenchmark {

    private static final String BOUNDARY = "------------------------0123456789abcdef";
    private static final int FILE_BYTES = 16 << 20;
    private static final int CHUNK_BYTES = 64 << 10;

    /** What is in the file: random bytes, or line ends and the beginnings of boundaries, which are looked at twice. */
    @Param({"random", "boundary-like"})
    private String content;

    private Buffer[] chunks;

    @Setup
    public void fill() {
        byte[] file = new byte[CHUNK_BYTES];
        new Random(1).nextBytes(file);
        if (content.equals("boundary-like")) {
            byte[] almost = ("\r\n--" + BOUNDARY.substring(0, BOUNDARY.length() - 1) + "!").getBytes();
            for (int i = 0; i + almost.length <= file.length; i += almost.length) {
                System.arraycopy(almost, 0, file, i, almost.length);
            }
        }
        chunks = new Buffer[FILE_BYTES / CHUNK_BYTES + 2];
        // One for all: what a socket gave last is in the cache of the processor.
        Arrays.fill(
                chunks, BufferInternal.buffer(Unpooled.directBuffer(CHUNK_BYTES).writeBytes(file)));
        chunks[0] = Buffer.buffer(
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"reads.fa\"\r\n\r\n");
        chunks[chunks.length - 1] = Buffer.buffer("\r\n--" + BOUNDARY + "--\r\n");
    }

    /** Reads to the closing boundary; gives the file's length. */
    @Benchmark
    public long read() {
        Deque<Buffer> rest = new ArrayDeque<>(List.of(chunks));
        ByteSource request = new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return Future.succeededFuture(rest.isEmpty() ? END : Chunk.share(rest.poll()));
            }

            @Override
            public void cancel() {
                rest.clear();
            }
        };
        FormReader form = new FormReader(request, BOUNDARY, more -> true);
        long[] length = new long[1];
        Future<Void> read = form.file()
                .compose(name -> Pump.run(form, chunk -> {
                    length[0] += chunk.length();
                    Chunk.release(chunk);
                    return Future.succeededFuture();
                }));
        if (!read.succeeded() || length[0] != FILE_BYTES) {
            throw new IllegalStateException("read " + length[0] + " bytes", read.cause());
        }
        return length[0];
    }
}
