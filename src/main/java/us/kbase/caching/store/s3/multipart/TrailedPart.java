package us.kbase.caching.store.s3.multipart;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;

/**
 * The bytes of a part with their checksum behind them, as S3 takes it of a stream ({@code aws-chunked} with the payload {@code
 * STREAMING-UNSIGNED-PAYLOAD-TRAILER}, "Signature calculations: transferring payload in multiple chunks"). The frames have the length of
 * those of AWS's own SDK, whose signer computes the length of the whole. Bytes are framed where they lie and never copied. Event loop
 * only.
 */
public final class TrailedPart implements ByteSource {

    /** How many bytes each frame has, but for the last. */
    static final int FRAME_BYTES = 128 * 1024;

    private static final String LINE_END = "\r\n";

    private final ByteSource source;
    private final DigestAlgorithm algorithm;
    private final RunningDigest running;
    private final long lengthBytes;
    private long missingBytes;
    private int leftInFrame;
    private boolean begun;
    private Optional<Digest> checksum = Optional.empty();

    /**
     * A part of which nothing was sent.
     *
     * @param lengthBytes how many bytes the source gives, 1 or more
     */
    public TrailedPart(ByteSource source, long lengthBytes, DigestAlgorithm algorithm) {
        this.source = source;
        this.algorithm = algorithm;
        this.running = RunningDigest.of(algorithm);
        this.lengthBytes = lengthBytes;
        this.missingBytes = lengthBytes;
    }

    /** How long the part is with its frames and trailer. */
    public long framedBytes() {
        long full = lengthBytes / FRAME_BYTES;
        int last = (int) (lengthBytes % FRAME_BYTES);
        int ends = LINE_END.length() * 2;
        long frames = full * (hex(FRAME_BYTES).length() + ends)
                + (last == 0 ? 0 : hex(last).length() + ends);
        String none = Digest.ofChecksum(algorithm, 0).base64();
        return lengthBytes + frames + trailer(algorithm, none).length();
    }

    /**
     * What the head of its request says beside what all parts' say. The signer takes the length of the part and the fields that its
     * trailer names, and makes of them the length of the whole; their values come in the trailer, and stand here for their length only.
     */
    public Map<String, String> headers() {
        return Map.of(
                "Content-Length",
                Long.toString(lengthBytes),
                "x-amz-trailer",
                algorithm.s3Header(),
                algorithm.s3Header(),
                Digest.ofChecksum(algorithm, 0).base64());
    }

    private static String hex(int bytes) {
        return Integer.toHexString(bytes);
    }

    private static String trailer(DigestAlgorithm algorithm, String base64) {
        return "0" + LINE_END + algorithm.s3Header() + ":" + base64 + LINE_END + LINE_END;
    }

    /** The checksum of the part, once all of it was given. */
    public Optional<Digest> checksum() {
        return checksum;
    }

    @Override
    public Future<Buffer> next() {
        return source.next().map(chunk -> ByteSource.isEnd(chunk) ? chunk : framed(chunk));
    }

    private Buffer framed(Buffer chunk) {
        if (chunk.length() > missingBytes) {
            Chunk.release(chunk);
            throw new IllegalStateException("more bytes than the part has");
        }
        running.update(chunk);
        List<Buffer> pieces = new ArrayList<>();
        for (int at = 0; at < chunk.length(); ) {
            if (leftInFrame == 0) {
                beginFrame(pieces);
            }
            int count = Math.min(leftInFrame, chunk.length() - at);
            boolean last = at + count == chunk.length();
            pieces.add((last ? chunk : Chunk.share(chunk)).slice(at, at + count));
            at += count;
            leftInFrame -= count;
            missingBytes -= count;
        }
        return Chunk.join(missingBytes == 0 ? trailed(pieces) : pieces);
    }

    private void beginFrame(List<Buffer> pieces) {
        leftInFrame = (int) Math.min(FRAME_BYTES, missingBytes);
        pieces.add(text((begun ? LINE_END : "") + hex(leftInFrame) + LINE_END));
        begun = true;
    }

    private List<Buffer> trailed(List<Buffer> pieces) {
        Digest digest = running.digest();
        checksum = Optional.of(digest);
        pieces.add(text((begun ? LINE_END : "") + trailer(algorithm, digest.base64())));
        return pieces;
    }

    private static Buffer text(String ascii) {
        return Buffer.buffer(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void cancel() {
        source.cancel();
    }
}
