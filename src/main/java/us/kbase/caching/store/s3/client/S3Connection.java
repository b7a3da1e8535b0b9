package us.kbase.caching.store.s3.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach a bucket.
 *
 * @param caFile a PEM file with the CA of an https endpoint, if it is not a public one
 * @param connections open connections per event loop; further calls wait in order
 * @param waitMax the longest that a new transfer waits for a connection or for memory; what has begun waits longer
 */
public record S3Connection(
        URI endpoint,
        String bucket,
        String accessKey,
        String secretKey,
        Optional<String> sessionToken,
        String region,
        boolean pathStyle,
        Optional<Path> caFile,
        int connections,
        Duration waitMax) {
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
