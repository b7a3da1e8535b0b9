package us.kbase.caching.lease;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import us.kbase.caching.store.Stored;

/**
 * What tells a result which lease published it: a hash of the lease's secret among the result's metadata. Whoever repeats that upload,
 * or gives that lease back, because the reply was lost is so told of the success that was had already. Any thread.
 */
final class LeaseMark {

    private static final String KEY = "lease-mark";

    /** 128 bits: nobody finds another text with the same mark. */
    private static final int HASH_BYTES = 16;

    private LeaseMark() {}

    /** The metadata of a result that is published under a lease. */
    static Map<String, String> of(String secret) {
        return Map.of(KEY, hash(secret));
    }

    /** Whether the result was published under that lease. */
    static boolean isOn(Stored result, String secret) {
        return hash(secret).equals(result.metadata().get(KEY));
    }

    private static String hash(String secret) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(whole, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
