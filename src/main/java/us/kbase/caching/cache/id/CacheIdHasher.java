package us.kbase.caching.cache.id;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/** Makes the id of a job: BLAKE2b-512 over the caller's token id, a newline and the canonical text of the parameters. */
public final class CacheIdHasher {

    private static final int DIGEST_BITS = 512;

    private CacheIdHasher() {}

    /**
     * The id of these parameters for this caller (original: {@code generate_cache_id.py}, {@code hash.py}).
     *
     * @param tokenId the auth server's URL exactly as configured, a colon and the user
     * @param canonicalJson what {@link CanonicalJson} wrote
     */
    public static CacheId hash(String tokenId, String canonicalJson) {
        return new CacheId(hex(tokenId + "\n" + canonicalJson));
    }

    /** The BLAKE2b-512 digest of the text's UTF-8 bytes in lower-case hex. */
    static String hex(String text) {
        Blake2bDigest digest = new Blake2bDigest(DIGEST_BITS);
        byte[] input = text.getBytes(StandardCharsets.UTF_8);
        digest.update(input, 0, input.length);
        byte[] output = new byte[DIGEST_BITS / 8];
        digest.doFinal(output, 0);
        return HexFormat.of().formatHex(output);
    }
}
