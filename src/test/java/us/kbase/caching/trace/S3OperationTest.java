package us.kbase.caching.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3OperationTest {

    @ParameterizedTest
    @CsvSource({
        "HEAD, /bucket/key, S3 HeadObject",
        "GET, /bucket/key?x-id=GetObject, S3 GetObject",
        "PUT, /bucket/key?X-Amz-Signature=uploads, S3 PutObject",
        "DELETE, /bucket/uploads, S3 DeleteObject",
        "POST, /bucket/key?uploads, S3 CreateMultipartUpload",
        "POST, /bucket/key?X-Amz-Date=1&uploads=, S3 CreateMultipartUpload",
        "PUT, /bucket/key?partNumber=1&uploadId=x, S3 UploadPart",
        "POST, /bucket/key?uploadId=x, S3 CompleteMultipartUpload",
        "DELETE, /bucket/key?uploadId=x, S3 AbortMultipartUpload",
        "GET, /bucket?uploads&prefix=key, S3 ListMultipartUploads",
        "GET, /bucket/key?uploadId=u&part-number-marker=0, S3 ListParts",
        "GET, /bucket?list-type=2, S3 ListObjectsV2",
        "PUT, /bucket/key?tagging, S3 PutObjectTagging",
        "GET, /bucket/key?tagging, S3 GetObjectTagging",
        "PATCH, /bucket/key, S3"
    })
    void aRequestIsCalledAsTheReferenceCallsIt(String method, String uri, String name) {
        assertEquals(name, S3Operation.name(HttpMethod.valueOf(method), uri));
    }
}
