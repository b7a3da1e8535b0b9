package us.kbase.caching.store.s3.client;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.BaseSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.utils.http.SdkHttpUtils;
import us.kbase.caching.store.s3.write.WriteLife;
import us.kbase.caching.trace.Traces;

/** Requests on the objects of one bucket, signed by the SDK's signer and sent by us (docs/adr/0002). */
final class ObjectRequests {

    /** Stands for a content that the signer must not ask for. */
    private static final Publisher<ByteBuffer> UNSEEN = subscriber -> {
        throw new IllegalStateException("the signer asks for the content");
    };

    private final S3Connection connection;
    private final AwsCredentials credentials;
    private final InstantSource time;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final Presigner presigner = new Presigner(this);
    private final String host;
    private final String folder;

    /** Requests that are dated by the store's clock. */
    ObjectRequests(S3Connection connection, AwsCredentials credentials, InstantSource time) {
        this.connection = connection;
        this.credentials = credentials;
        this.time = time;
        this.host = (connection.pathStyle() ? "" : connection.bucket() + ".")
                + connection.endpoint().getHost();
        this.folder = connection.pathStyle() ? "/" + connection.bucket() + "/" : "/";
    }

    /** A request without a signature. */
    SdkHttpRequest unsigned(SdkHttpMethod method, String key, Map<String, String> query, Map<String, String> headers) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(method)
                .protocol(connection.endpoint().getScheme())
                .host(host)
                .port(connection.port())
                .encodedPath(folder + SdkHttpUtils.urlEncodeIgnoreSlashes(key));
        query.forEach(request::putRawQueryParameter);
        headers.forEach(request::putHeader);
        return request.build();
    }

    /** One try of a write, which the store takes while that lives; its content is not hashed. */
    RequestOptions shortLived(
            SdkHttpMethod method, String key, Map<String, String> query, Map<String, String> headers, WriteLife life) {
        return presigner.sign(method, key, query, headers, life.begin(), WriteLife.GOOD_FOR);
    }

    /** A request to be sent now; its content is signed too, which costs a hash: meant for small ones. */
    RequestOptions signed(SdkHttpMethod method, String key, Map<String, String> headers, Buffer content) {
        return signed(method, key, Map.of(), headers, content);
    }

    /** The same on what belongs to an object and the query names, such as its tags. */
    RequestOptions signed(
            SdkHttpMethod method, String key, Map<String, String> query, Map<String, String> headers, Buffer content) {
        return options(signer.sign(sign -> {
                    sign.request(unsigned(method, key, query, headers))
                            .payload(() -> new ByteArrayInputStream(content.getBytes()))
                            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time.instant(), ZoneOffset.UTC));
                    inScope(sign);
                })
                .request());
    }

    /**
     * A request whose content is not hashed, since it is not there yet: {@code UNSIGNED-PAYLOAD}. Over plain http the signer leaves it
     * so only for what it takes for a stream in chunks, of which it then makes none.
     */
    RequestOptions unhashed(SdkHttpMethod method, String key, Map<String, String> query, Map<String, String> headers) {
        return options(signer.signAsync(sign -> {
                    sign.request(unsigned(method, key, query, headers))
                            .payload(UNSEEN)
                            .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                            .putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, true)
                            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time.instant(), ZoneOffset.UTC));
                    inScope(sign);
                })
                .resultNow() // it only reads what it was given
                .request());
    }

    /** What every signature for S3 says. */
    void inScope(BaseSignRequest.Builder<?, ?, AwsCredentialsIdentity> sign) {
        sign.identity(credentials)
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, connection.region())
                .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false);
    }

    AwsV4HttpSigner signer() {
        return signer;
    }

    /** A signed request as our HTTP client takes it. */
    static RequestOptions options(SdkHttpRequest signed) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(signed.method().name()))
                .setHost(signed.host())
                .setPort(signed.port())
                .setSsl("https".equals(signed.protocol()))
                .setFollowRedirects(false) // the signature covers the address
                .setTraceOperation(Traces.TO_S3)
                .setURI((signed.encodedPath().isEmpty() ? "/" : signed.encodedPath())
                        + signed.encodedQueryParameters()
                                .map(query -> "?" + query)
                                .orElse(""));
        signed.forEachHeader((name, values) -> values.forEach(value -> options.addHeader(name, value)));
        return options;
    }
}
