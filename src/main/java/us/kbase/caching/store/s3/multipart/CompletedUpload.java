package us.kbase.caching.store.s3.multipart;

import us.kbase.caching.digest.Digest;
import us.kbase.caching.store.s3.error.AnswerMismatch;
import us.kbase.caching.store.s3.error.ErrorText;

/**
 * What the answer to the call that completes an upload says (S3 API, CompleteMultipartUpload).
 *
 * @param xml the answer
 * @param etag of the object; empty without one
 */
public record CompletedUpload(String xml, String etag) {

    private static final String ROOT = "<CompleteMultipartUploadResult";

    /** Reads an answer; fails with {@link AnswerMismatch} where it is none to that call. */
    public static CompletedUpload read(String xml) {
        if (!xml.contains(ROOT)) {
            throw new AnswerMismatch("no word of the upload");
        }
        return new CompletedUpload(xml, text(xml, "ETag"));
    }

    /** Whether it is that of this key; some servers do not say whose it is. */
    public boolean isOf(String key) {
        String named = text(xml, "Key");
        return named.isEmpty() || named.equals(key);
    }

    /** The checksum of that kind; empty without one. */
    public String checksum(Digest sent) {
        return ErrorText.element(xml, PartList.name(sent.algorithm()));
    }

    private static String text(String xml, String element) {
        return ErrorText.element(xml, element)
                .replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}
