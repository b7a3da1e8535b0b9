package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.S3Servers;

/** What {@code check-config --connect} says of a server that cannot be used. */
class UnfitServerIT {

    /** It sends no request ids, by which a store's own word is told from that of whatever stands in its place. */
    @Test
    void motoIsNamedUnfitAndWhy() throws IOException, InterruptedException {
        Optional<S3Servers.Server> moto = S3Servers.moto();
        assumeTrue(moto.isPresent(), "no moto on this machine");
        S3Connection bucket = moto.get().bucket();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create(bucket.endpoint() + "/" + bucket.bucket());
            assertEquals(
                    200,
                    client.send(
                                    HttpRequest.newBuilder(address)
                                            .PUT(BodyPublishers.noBody())
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode());
        }
        GatewayConfig config = Configs.of(1, Map.of(JobClient.TOKEN, "alice"), Configs.store(bucket));
        Reachability found = Reachability.of(config);
        assertEquals(1, found.problems().size(), found.problems().toString());
        String problem = found.problems().getFirst();
        assertTrue(problem.contains("is no S3 server that can be used"), problem);
        assertTrue(problem.contains("x-amz-request-id"), problem);
    }
}
