package us.kbase.caching.store.s3.client;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** The parts of an upload as the call that completes it lists them (S3 API, CompleteMultipartUpload). */
final class PartList {

    private PartList() {}

    static Buffer xml(List<CompletedPart> parts) {
        StringBuilder xml =
                new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (CompletedPart part : parts) {
            xml.append("<Part><PartNumber>")
                    .append(part.partNumber())
                    .append("</PartNumber><ETag>")
                    .append(escaped(part.eTag()))
                    .append("</ETag></Part>");
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
