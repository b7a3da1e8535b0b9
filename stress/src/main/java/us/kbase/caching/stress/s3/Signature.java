package us.kbase.caching.stress.s3;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS signature version 4 in the header, with an unsigned payload: what a client that wants speed sends over a trusted
 * network. The key of the day is kept, so a signature costs two short hashes.
 */
public final class Signature {

    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final String REGION = "us-east-1";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String host;
    private final String accessKey;
    private final String secretKey;
    private String day = "";
    private byte[] keyOfDay = new byte[0];

    /** Signs for the server at this address. */
    public Signature(URI endpoint, String accessKey, String secretKey) {
        this.host = endpoint.getAuthority();
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /** The headers, with those that sign them. The path must need no encoding; its query, if any, is one name without a value. */
    public Map<String, String> sign(String method, String path, Map<String, String> headers) {
        String time = TIME.format(Instant.now());
        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("host", host);
        signed.put("x-amz-content-sha256", UNSIGNED);
        signed.put("x-amz-date", time);
        headers.forEach((name, value) -> {
            if (name.startsWith("x-amz-")) {
                signed.put(name, value);
            }
        });
        String names = String.join(";", signed.keySet());
        StringBuilder canonical = new StringBuilder(method)
                .append('\n')
                .append(path.contains("?") ? path.replace('?', '\n') + "=" : path + "\n")
                .append('\n');
        signed.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        canonical.append('\n').append(names).append('\n').append(UNSIGNED);
        String scope = time.substring(0, 8) + "/" + REGION + "/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical.toString());
        String signature = HexFormat.of().formatHex(hmac(key(time.substring(0, 8)), toSign));
        Map<String, String> all = new TreeMap<>(headers);
        all.putAll(signed);
        all.remove("host");
        all.put(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ",SignedHeaders=" + names + ",Signature="
                        + signature);
        return all;
    }

    private synchronized byte[] key(String today) {
        if (!today.equals(day)) {
            byte[] date = hmac(("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8), today);
            keyOfDay = hmac(hmac(hmac(date, REGION), "s3"), "aws4_request");
            day = today;
        }
        return keyOfDay;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
