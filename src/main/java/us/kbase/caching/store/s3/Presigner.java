package us.kbase.caching.store.s3;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * Requests that the store takes only for a while. The SDK's {@code S3Presigner} dates them by the local clock; these carry a
 * date that the store gave itself, so a wrong clock here cannot make them last longer (docs/adr/0006).
 */
final class Presigner {

    private final S3Connection connection;
    private final AwsCredentials credentials;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    Presigner(S3Connection connection, AwsCredentials credentials) {
        this.connection = connection;
        this.credentials = credentials;
    }

    /**
     * A request on a key, good from a time of the store on for so long. The signer is not shown the content: over plain http it
     * would sign its hash, while a server that checks a presigned request expects {@code UNSIGNED-PAYLOAD} (S3, "Signature
     * calculation: query parameters").
     */
    RequestOptions sign(SdkHttpMethod method, String key, Map<String, String> headers, Instant from, Duration goodFor) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(method)
                .protocol(connection.endpoint().getScheme())
                .host((connection.pathStyle() ? "" : connection.bucket() + ".")
                        + connection.endpoint().getHost())
                .port(connection.endpoint().getPort())
                .encodedPath((connection.pathStyle() ? "/" + connection.bucket() : "") + "/" + key);
        headers.forEach(request::putHeader);
        SdkHttpRequest signed = signer.sign(sign -> sign.identity(credentials)
                        .request(request.build())
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, connection.region())
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(
                                AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, goodFor)
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(from, ZoneOffset.UTC)))
                .request();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method.name()))
                .setHost(signed.host())
                .setPort(signed.port())
                .setSsl("https".equals(signed.protocol()))
                .setFollowRedirects(false)
                .setURI(signed.encodedPath() + "?"
                        + signed.encodedQueryParameters().orElse(""));
        signed.forEachHeader((name, values) -> values.forEach(value -> options.addHeader(name, value)));
        return options;
    }
}
