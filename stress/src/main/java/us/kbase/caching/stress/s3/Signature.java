package us.kbase.caching.stress.s3;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests to one S3 server by the SDK's signer, with an unsigned payload: what a client that wants speed sends over a trusted
 * network (Signature Version 4, "UNSIGNED-PAYLOAD"). Any thread.
 */
public final class Signature {

    /** Stands for a content that the signer must not ask for. */
    private static final Publisher<ByteBuffer> UNSEEN = subscriber -> {
        throw new IllegalStateException("the signer asks for the content");
    };

    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    private final URI endpoint;
    private final AwsCredentialsIdentity credentials;

    /** Signs for the server at this address. */
    public Signature(URI endpoint, String accessKey, String secretKey) {
        this.endpoint = endpoint;
        this.credentials = AwsCredentialsIdentity.create(accessKey, secretKey);
    }

    /**
     * Signs a request.
     *
     * @param path as it will be sent; a query, if any, is one name without a value
     * @param headers sent beside those of the signature
     * @return all headers to send but {@code Host}
     */
    public Map<String, String> sign(String method, String path, Map<String, String> headers) {
        SdkHttpRequest signed = SIGNER.signAsync(sign -> sign.identity(credentials)
                        .request(request(method, path, headers))
                        .payload(UNSEEN)
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, true))
                .resultNow() // it only reads what it was given
                .request();
        Map<String, String> all = new LinkedHashMap<>();
        signed.forEachHeader((name, values) -> all.put(name, values.getFirst()));
        all.remove("Host");
        return all;
    }

    private SdkHttpRequest request(String method, String path, Map<String, String> headers) {
        int query = path.indexOf('?');
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .protocol(endpoint.getScheme())
                .host(endpoint.getHost())
                .port(endpoint.getPort())
                .encodedPath(query < 0 ? path : path.substring(0, query));
        if (query >= 0) {
            request.putRawQueryParameter(path.substring(query + 1), "");
        }
        headers.forEach(request::putHeader);
        return request.build();
    }
}
