package us.kbase.caching.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.ScriptedSource;

/** Bytes that are compared with digests on their way: the same ones or a failure before their end. */
class CheckedSourcesTest {

    private static final Buffer CONTENT = Buffer.buffer("ACGTTTAAGGCCACGT");

    private static Digest digest(DigestAlgorithm algorithm, Buffer content) {
        RunningDigest running = RunningDigest.of(algorithm);
        running.update(content);
        return running.digest();
    }

    private static ByteSource claimed(Buffer sent, Digest... claims) {
        return new ClaimedDigests(List.of(claims)).checking(ScriptedSource.of(sent, 5));
    }

    private static Buffer flipped(Buffer content, int bit) {
        Buffer other = content.copy();
        other.setByte(bit / 8, (byte) (other.getByte(bit / 8) ^ 1 << bit % 8));
        return other;
    }

    private static Buffer read(ByteSource source) {
        return Await.result(source.collect(bytes -> {}));
    }

    @Test
    void anUploadThatAgreesEndsWellByEachAlgorithm() {
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            assertEquals(CONTENT, read(claimed(CONTENT, digest(algorithm, CONTENT))));
        }
    }

    @Test
    void anUploadWithOneFlippedBitIsRefusedByEachAlgorithm() {
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            Digest claim = digest(algorithm, CONTENT);
            for (int bit = 0; bit < CONTENT.length() * 8; bit++) {
                ByteSource sent = claimed(flipped(CONTENT, bit), claim);
                Failure.BadInput refused = Await.failure(Failure.BadInput.class, sent.collect(bytes -> {}));
                assertTrue(refused.getMessage().contains(claim.member()), refused.getMessage());
            }
        }
    }

    @Test
    void oneClaimOfSeveralThatDoesNotHoldIsEnough() {
        Digest right = digest(DigestAlgorithm.CRC32C, CONTENT);
        Digest wrong = digest(DigestAlgorithm.MD5, Buffer.buffer("other"));
        Failure refused = Await.failure(
                Failure.BadInput.class, claimed(CONTENT, right, wrong).collect(bytes -> {}));
        assertTrue(refused.getMessage().contains("md5="), refused.getMessage());
    }

    @Test
    void twoClaimsOfOneKindThatContradictEachOtherCannotBothHold() {
        Digest right = digest(DigestAlgorithm.CRC32C, CONTENT);
        Digest other = digest(DigestAlgorithm.CRC32C, Buffer.buffer("other"));
        Await.failure(Failure.BadInput.class, claimed(CONTENT, right, other).collect(bytes -> {}));
    }

    @Test
    void anEmptyUploadIsComparedToo() {
        assertEquals(
                0,
                read(claimed(Buffer.buffer(), digest(DigestAlgorithm.SHA_256, Buffer.buffer())))
                        .length());
        Await.failure(
                Failure.BadInput.class,
                claimed(Buffer.buffer(), digest(DigestAlgorithm.SHA_256, CONTENT))
                        .collect(bytes -> {}));
    }

    @Test
    void aDownloadThatAgreesIsWhole() {
        List<Digest> damaged = new ArrayList<>();
        ByteSource download = new CheckedDownload(
                ScriptedSource.of(CONTENT, 3), CONTENT.length(), digest(DigestAlgorithm.CRC32C, CONTENT), damaged::add);
        assertEquals(CONTENT, read(download));
        assertEquals(List.of(), damaged);
    }

    @Test
    void anEmptyDownloadEndsWell() {
        ByteSource download = new CheckedDownload(
                ByteSource.of(Buffer.buffer()), 0, digest(DigestAlgorithm.CRC32C, Buffer.buffer()), digest -> {});
        assertEquals(0, read(download).length());
    }

    /** Random flips in random chunks: what is given is always less than the whole, and the damage is told once. */
    @Test
    void aDownloadWithAFlippedBitIsNeverWhole() {
        Random random = new Random(5);
        for (int run = 0; run < 300; run++) {
            byte[] bytes = new byte[1 + random.nextInt(2000)];
            random.nextBytes(bytes);
            Buffer content = Buffer.buffer(bytes);
            DigestAlgorithm algorithm = random.nextBoolean() ? DigestAlgorithm.CRC32C : DigestAlgorithm.CRC64NVME;
            Buffer stored = flipped(content, random.nextInt(bytes.length * 8));
            List<Digest> damaged = new ArrayList<>();
            ByteSource download = new CheckedDownload(
                    ScriptedSource.of(stored, 1 + random.nextInt(700)),
                    bytes.length,
                    digest(algorithm, content),
                    damaged::add);
            Buffer given = Buffer.buffer();
            Await.failure(Failure.Upstream.class, Pump.run(download, chunk -> {
                given.appendBuffer(chunk);
                return Future.succeededFuture();
            }));
            assertTrue(given.length() < bytes.length);
            assertEquals(List.of(digest(algorithm, stored)), damaged);
        }
    }
}
