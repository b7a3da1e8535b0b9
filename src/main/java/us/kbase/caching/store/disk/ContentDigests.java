package us.kbase.caching.store.disk;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import us.kbase.caching.digest.CombinedChecksum;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;

/**
 * The digests of an object's whole content, as its description keeps them. The CRC32C is that of the blocks, combined: files of before,
 * whose descriptions have none, tell it all the same. Any thread.
 */
final class ContentDigests {

    private static final String FIELD = "digests";

    private ContentDigests() {}

    /** The CRC32C of a content of that length, from those of its blocks. */
    static Digest combined(int[] blockChecksums, int blocks, long lengthBytes) {
        CombinedChecksum whole = new CombinedChecksum(DigestAlgorithm.CRC32C);
        for (int i = 0; i < blocks; i++) {
            long bytes = Math.min(ObjectFile.BLOCK_BYTES, lengthBytes - (long) i * ObjectFile.BLOCK_BYTES);
            whole.add(Integer.toUnsignedLong(blockChecksums[i]), bytes);
        }
        return whole.digest();
    }

    static void describe(JsonObject description, List<Digest> digests) {
        JsonObject described = new JsonObject();
        digests.forEach(digest -> described.put(digest.algorithm().token(), digest.base64()));
        description.put(FIELD, described);
    }

    /** Reads a description; what another version wrote there and this one does not know is passed over. */
    static List<Digest> described(JsonObject description, int[] blockChecksums, long lengthBytes) {
        JsonObject described = description.getJsonObject(FIELD, new JsonObject());
        List<Digest> digests = new ArrayList<>();
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            Digest.parse(algorithm, described.getString(algorithm.token(), "")).ifPresent(digests::add);
        }
        boolean combines = digests.stream().noneMatch(digest -> digest.algorithm() == DigestAlgorithm.CRC32C);
        if (combines) {
            digests.addFirst(combined(blockChecksums, blockChecksums.length, lengthBytes));
        }
        return digests;
    }
}
