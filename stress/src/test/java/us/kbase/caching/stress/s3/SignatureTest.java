package us.kbase.caching.stress.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SignatureTest {

    private final Signature signature = new Signature(URI.create("http://127.0.0.1:9000"), "key", "secret");

    @Test
    void signsTheHostTheDateAndEveryHeaderOfAmazon() {
        Map<String, String> signed = signature.sign("PUT", "/bucket/key", Map.of("x-amz-meta-filename", "reads.fa"));
        assertTrue(Pattern.compile(
                        "AWS4-HMAC-SHA256 Credential=key/\\d{8}/us-east-1/s3/aws4_request, ?"
                                + "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-filename, ?Signature=[0-9a-f]{64}")
                .matcher(signed.get("Authorization"))
                .matches());
    }

    @Test
    void doesNotHashTheContent() {
        assertEquals(
                "UNSIGNED-PAYLOAD",
                signature.sign("PUT", "/bucket/key", Map.of()).get("x-amz-content-sha256"));
    }

    @Test
    void leavesTheHostToTheClient() {
        assertFalse(signature.sign("GET", "/bucket/key?tagging", Map.of()).containsKey("Host"));
    }
}
