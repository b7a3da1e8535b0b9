package us.kbase.caching.store.s3.multipart;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;

/** The parts of an upload as the call that completes it lists them (S3 API, CompleteMultipartUpload). */
public final class PartList {

    private PartList() {}

    /** A part that was taken. */
    public static CompletedPart part(int number, String etag, Optional<Digest> checksum) {
        CompletedPart.Builder part = CompletedPart.builder().partNumber(number).eTag(etag);
        checksum.ifPresent(digest -> {
            if (digest.algorithm() == DigestAlgorithm.CRC32C) {
                part.checksumCRC32C(digest.base64());
            } else {
                part.checksumCRC64NVME(digest.base64());
            }
        });
        return part.build();
    }

    /** The element that has a checksum of that kind. */
    static String name(DigestAlgorithm algorithm) {
        return algorithm == DigestAlgorithm.CRC32C ? "ChecksumCRC32C" : "ChecksumCRC64NVME";
    }

    private static String checksum(String name, @Nullable String base64) {
        return base64 == null ? "" : "<" + name + ">" + base64 + "</" + name + ">";
    }

    /** The list; each part with its checksum where it has one. */
    public static Buffer xml(List<CompletedPart> parts) {
        StringBuilder xml =
                new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (CompletedPart part : parts) {
            xml.append("<Part><PartNumber>")
                    .append(part.partNumber())
                    .append("</PartNumber><ETag>")
                    .append(escaped(part.eTag()))
                    .append("</ETag>")
                    .append(checksum("ChecksumCRC32C", part.checksumCRC32C()))
                    .append(checksum("ChecksumCRC64NVME", part.checksumCRC64NVME()))
                    .append("</Part>");
        }
        return Buffer.buffer(xml.append("</CompleteMultipartUpload>").toString());
    }

    /** An ETag is the server's text. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
