package us.kbase.caching.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Digests give what their publications say, however the bytes come and wherever they lie. */
class ChecksumVectorsTest {

    private static final byte[] CHECK = "123456789".getBytes(StandardCharsets.US_ASCII);

    private static String hex(DigestAlgorithm algorithm, byte[] bytes) {
        int digits = algorithm.bytes() * 2;
        return String.format("%0" + digits + "x", checksum(algorithm, ByteBuffer.wrap(bytes)));
    }

    private static long checksum(DigestAlgorithm algorithm, ByteBuffer bytes) {
        RunningDigest running = RunningDigest.of(algorithm);
        running.update(bytes);
        return running.digest().checksum();
    }

    private static byte[] bytes(int length, IntUnaryOperator value) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) value.applyAsInt(i);
        }
        return bytes;
    }

    @Test
    void crc32cGivesTheValuesOfRfc3720AppendixB4() {
        assertEquals("e3069283", hex(DigestAlgorithm.CRC32C, CHECK));
        assertEquals("8a9136aa", hex(DigestAlgorithm.CRC32C, bytes(32, i -> 0)));
        assertEquals("62a8ab43", hex(DigestAlgorithm.CRC32C, bytes(32, i -> 0xff)));
        assertEquals("46dd794e", hex(DigestAlgorithm.CRC32C, bytes(32, i -> i)));
        assertEquals("113fdb5c", hex(DigestAlgorithm.CRC32C, bytes(32, i -> 31 - i)));
    }

    @Test
    void crc64NvmeGivesTheValuesOfTheNvmCommandSetSpecification() {
        assertEquals("ae8b14860a799888", hex(DigestAlgorithm.CRC64NVME, CHECK));
        assertEquals("6482d367eb22b64e", hex(DigestAlgorithm.CRC64NVME, bytes(4096, i -> 0)));
        assertEquals("c0ddba7302eca3ac", hex(DigestAlgorithm.CRC64NVME, bytes(4096, i -> 0xff)));
        assertEquals("3e729f5f6750449c", hex(DigestAlgorithm.CRC64NVME, bytes(4096, i -> i)));
        assertEquals("9a2df64b8e9e517e", hex(DigestAlgorithm.CRC64NVME, bytes(4096, i -> 255 - i)));
    }

    @Test
    void hashesGiveTheExamplesOfRfc9530() {
        byte[] example = "{\"hello\": \"world\"}\n".getBytes(StandardCharsets.US_ASCII);
        RunningDigest sha256 = RunningDigest.of(DigestAlgorithm.SHA_256);
        RunningDigest sha512 = RunningDigest.of(DigestAlgorithm.SHA_512);
        sha256.update(ByteBuffer.wrap(example));
        sha512.update(ByteBuffer.wrap(example));
        assertEquals(
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                sha256.digest().member());
        assertEquals(
                "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:",
                sha512.digest().member());
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32C", "CRC64NVME"})
    void ofNothingIsZero(DigestAlgorithm algorithm) {
        assertEquals(0, checksum(algorithm, ByteBuffer.allocate(0)));
        assertEquals(Digest.ofChecksum(algorithm, 0), new CombinedChecksum(algorithm).digest());
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32C", "CRC64NVME"})
    void isTheSameInPiecesOfAnyLengthInAndOutsideTheHeap(DigestAlgorithm algorithm) {
        Random random = new Random(52);
        byte[] content = new byte[10_000];
        random.nextBytes(content);
        long whole = checksum(algorithm, ByteBuffer.wrap(content));
        for (int run = 0; run < 50; run++) {
            RunningDigest running = RunningDigest.of(algorithm);
            for (int at = 0; at < content.length; ) {
                int length = Math.min(content.length - at, 1 + random.nextInt(40 + run * 20));
                ByteBuffer piece =
                        run % 2 == 0 ? ByteBuffer.allocateDirect(length + 3) : ByteBuffer.allocate(length + 3);
                piece.position(3).put(content, at, length).flip().position(3);
                running.update(piece);
                assertEquals(0, piece.remaining());
                at += length;
            }
            assertEquals(whole, running.digest().checksum());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32C", "CRC64NVME"})
    void ofPartsCombinesToThatOfTheWhole(DigestAlgorithm algorithm) {
        Random random = new Random(53);
        for (int run = 0; run < 100; run++) {
            byte[] content = new byte[random.nextInt(5000)];
            random.nextBytes(content);
            CombinedChecksum combined = new CombinedChecksum(algorithm);
            for (int at = 0; at < content.length; ) {
                int length =
                        run % 3 == 0 ? Math.min(1024, content.length - at) : random.nextInt(content.length - at + 1);
                combined.add(
                        checksum(algorithm, ByteBuffer.wrap(content, at, length).slice()), length);
                at += length;
            }
            RunningDigest whole = RunningDigest.of(algorithm);
            whole.update(Buffer.buffer(content));
            assertEquals(whole.digest(), combined.digest());
        }
    }

    @Test
    void ofLargePartsCombines() {
        // 5 GiB of zeros and one byte: longer than an int can say, without reading them
        long zeros = 5L << 30;
        CombinedChecksum inSteps = new CombinedChecksum(DigestAlgorithm.CRC32C);
        CombinedChecksum mebibyte = new CombinedChecksum(DigestAlgorithm.CRC32C);
        mebibyte.add(checksum(DigestAlgorithm.CRC32C, ByteBuffer.allocate(1 << 20)), 1 << 20);
        CombinedChecksum gibibyte = new CombinedChecksum(DigestAlgorithm.CRC32C);
        for (int i = 0; i < 1024; i++) {
            gibibyte.add(mebibyte.digest().checksum(), 1 << 20);
        }
        for (int i = 0; i < 5; i++) {
            inSteps.add(gibibyte.digest().checksum(), 1 << 30);
        }
        CombinedChecksum atOnce = new CombinedChecksum(DigestAlgorithm.CRC32C);
        long one = checksum(DigestAlgorithm.CRC32C, ByteBuffer.wrap(new byte[] {1}));
        atOnce.add(one, 1);
        atOnce.add(inSteps.digest().checksum(), zeros);
        CombinedChecksum oneByOne = new CombinedChecksum(DigestAlgorithm.CRC32C);
        oneByOne.add(one, 1);
        for (int i = 0; i < 5 * 1024; i++) {
            oneByOne.add(mebibyte.digest().checksum(), 1 << 20);
        }
        assertEquals(oneByOne.digest(), atOnce.digest());
    }
}
