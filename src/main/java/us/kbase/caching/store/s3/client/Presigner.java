package us.kbase.caching.store.s3.client;

import io.vertx.core.http.RequestOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * Requests that the store takes only for a while. The SDK's {@code S3Presigner} dates them by the local clock; these carry a
 * date that the store gave itself, so a wrong clock here cannot make them last longer (docs/adr/0006).
 */
public final class Presigner {

    private final ObjectRequests requests;

    public Presigner(ObjectRequests requests) {
        this.requests = requests;
    }

    /**
     * A request on a key, good from a time of the store on for so long. The signer is not shown the content: over plain http it
     * would sign its hash, while a server that checks a presigned request expects {@code UNSIGNED-PAYLOAD} (S3, "Signature
     * calculation: query parameters").
     */
    public RequestOptions sign(
            SdkHttpMethod method, String key, Map<String, String> headers, Instant from, Duration goodFor) {
        return sign(method, key, Map.of(), headers, from, goodFor);
    }

    /** The same on a part of what belongs to an object, which the query names. */
    public RequestOptions sign(
            SdkHttpMethod method,
            String key,
            Map<String, String> query,
            Map<String, String> headers,
            Instant from,
            Duration goodFor) {
        return ObjectRequests.options(requests.signer()
                .sign(sign -> {
                    requests.inScope(sign);
                    sign.request(requests.unsigned(method, key, query, headers))
                            .putProperty(
                                    AwsV4FamilyHttpSigner.AUTH_LOCATION,
                                    AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, goodFor)
                            .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(from, ZoneOffset.UTC));
                })
                .request());
    }
}
