package us.kbase.caching.store.s3.multipart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.digest.RunningDigest;
import us.kbase.caching.store.s3.error.ErrorText;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.ScriptedSource;

/** A part's bytes in frames, with their checksum behind them. */
class TrailedPartTest {

    private static Buffer read(ByteSource source) {
        return Await.result(source.collect(bytes -> {}));
    }

    /** Takes the frames off, strictly; the trailer stays. */
    private static List<String> unframed(Buffer sent, Buffer content) {
        List<String> trailer = new ArrayList<>();
        int at = 0;
        while (true) {
            int lineEnd = lineEnd(sent, at);
            int bytes = Integer.parseInt(sent.getString(at, lineEnd), 16);
            at = lineEnd + 2;
            if (bytes == 0) {
                break;
            }
            content.appendBuffer(sent, at, bytes);
            at += bytes;
            assertEquals("\r\n", sent.getString(at, at + 2));
            at += 2;
        }
        while (at < sent.length()) {
            int lineEnd = lineEnd(sent, at);
            trailer.add(sent.getString(at, lineEnd));
            at = lineEnd + 2;
        }
        return trailer;
    }

    private static int lineEnd(Buffer sent, int from) {
        int at = from;
        while (sent.getByte(at) != '\r') {
            at++;
        }
        return at;
    }

    @Test
    void aSmallPartIsOneFrameAndItsTrailer() {
        Buffer nine = Buffer.buffer("123456789");
        TrailedPart part = new TrailedPart(ScriptedSource.of(nine, 4), 9, DigestAlgorithm.CRC32C);
        assertEquals(
                "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32c:4waSgw==\r\n\r\n",
                read(part).toString(StandardCharsets.US_ASCII));
        assertEquals("4waSgw==", part.checksum().orElseThrow().base64());
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32C", "CRC64NVME"})
    void anyPartInAnyChunksComesOutAgainAndIsAsLongAsWasSaid(DigestAlgorithm algorithm) {
        Random random = new Random(52);
        for (int length : new int[] {1, 131_071, 131_072, 131_073, 262_144, 400_000}) {
            for (int chunk : new int[] {1 + random.nextInt(5000), 65_536, 131_072, 200_000, 262_144}) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                Buffer content = Buffer.buffer(bytes);
                TrailedPart part = new TrailedPart(ScriptedSource.of(content, chunk), length, algorithm);
                Buffer sent = read(part);
                assertEquals(part.framedBytes(), sent.length(), length + " in " + chunk);
                Buffer came = Buffer.buffer();
                RunningDigest digest = RunningDigest.of(algorithm);
                digest.update(content);
                String base64 = digest.digest().base64();
                assertEquals(List.of("x-amz-checksum-" + algorithm.token() + ":" + base64, ""), unframed(sent, came));
                assertEquals(content, came);
            }
        }
    }

    /** Memory outside the heap is passed on as it is, and whoever sent it gives all of it back. */
    @Test
    void whatIsSentIsTheChunksOwnMemoryAndIsReleasedOnce() {
        ByteBuf direct = Unpooled.directBuffer(300_000).writeZero(300_000);
        List<Buffer> chunks = List.of(BufferInternal.buffer(direct));
        TrailedPart part = new TrailedPart(ScriptedSource.of(chunks), 300_000, DigestAlgorithm.CRC32C);
        Buffer sent = Await.result(part.next());
        assertTrue(Chunk.isCounted(sent));
        direct.setByte(150_000, 7);
        assertEquals(1, countOf(sent, (byte) 7));
        assertTrue(direct.refCnt() > 0);
        Chunk.release(sent);
        assertEquals(0, direct.refCnt());
        assertTrue(ByteSource.isEnd(Await.result(part.next())));
    }

    private static int countOf(Buffer bytes, byte wanted) {
        int count = 0;
        for (int i = 0; i < bytes.length(); i++) {
            count += bytes.getByte(i) == wanted ? 1 : 0;
        }
        return count;
    }

    @Test
    void moreBytesThanThePartHasAreAFault() {
        TrailedPart part = new TrailedPart(ScriptedSource.of(Buffer.buffer("1234"), 4), 3, DigestAlgorithm.CRC32C);
        Await.failure(IllegalStateException.class, part.next());
    }

    @Test
    void theListOfPartsNamesTheirChecksums() {
        RunningDigest digest = RunningDigest.of(DigestAlgorithm.CRC32C);
        digest.update(Buffer.buffer("123456789"));
        String xml = PartList.xml(List.of(
                        PartList.part(1, "\"a\"", Optional.of(digest.digest())),
                        PartList.part(2, "\"b\"", Optional.empty())))
                .toString();
        assertEquals("4waSgw==", ErrorText.element(xml, "ChecksumCRC32C"));
        assertTrue(xml.contains("<Part><PartNumber>2</PartNumber><ETag>&quot;b&quot;</ETag></Part>"), xml);
    }
}
