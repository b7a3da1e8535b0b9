package us.kbase.caching.store.s3.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import us.kbase.caching.secret.Secret;

/**
 * How to reach a bucket.
 *
 * @param caFile the certificates of an https endpoint, if its CA is not a public one
 * @param connections open connections per event loop; further calls wait in order
 * @param waitMax the longest that a new transfer waits for a connection or for memory; what has begun waits longer
 */
public record S3Connection(
        URI endpoint,
        String bucket,
        String accessKey,
        Secret secretKey,
        Optional<Secret> sessionToken,
        String region,
        boolean pathStyle,
        Optional<CaFile> caFile,
        int connections,
        Duration waitMax) {
    /** The same bucket with these limits. */
    public S3Connection within(int newConnections, Duration newWaitMax) {
        return new S3Connection(
                endpoint,
                bucket,
                accessKey,
                secretKey,
                sessionToken,
                region,
                pathStyle,
                caFile,
                newConnections,
                newWaitMax);
    }

    /** The key as the SDK takes it. */
    public AwsCredentials credentials() {
        return sessionToken
                .<AwsCredentials>map(
                        token -> AwsSessionCredentials.create(accessKey, secretKey.reveal(), token.reveal()))
                .orElseGet(() -> AwsBasicCredentials.create(accessKey, secretKey.reveal()));
    }

    /** The endpoint's port, also where its URL leaves it to the scheme. */
    public int port() {
        int named = endpoint.getPort();
        return named >= 0 ? named : "https".equals(endpoint.getScheme()) ? 443 : 80;
    }

    @Override
    public String toString() {
        return bucket + " at " + endpoint;
    }
}
