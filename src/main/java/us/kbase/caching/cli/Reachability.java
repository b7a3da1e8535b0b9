package us.kbase.caching.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import us.kbase.caching.cli.upkeep.StoreSession;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.store.disk.FolderCheck;
import us.kbase.caching.store.s3.FoundBucket;

/**
 * Asks what a configuration names whether it can be used, and makes nothing.
 *
 * @param problems one sentence for each that cannot serve
 * @param notes what else was found
 */
record Reachability(List<String> problems, List<String> notes) {

    private static final int ANSWER_MILLIS = 10_000;

    static Reachability of(GatewayConfig config) throws InterruptedException {
        Reachability found = new Reachability(new ArrayList<>(), new ArrayList<>());
        try {
            found.notes.addAll(
                    switch (config.store()) {
                        case GatewayConfig.Store.Disk disk ->
                            List.of(ask(disk.path().toAbsolutePath()));
                        case GatewayConfig.Store.S3 s3 -> ask(config, s3);
                    });
        } catch (IOException e) {
            found.problems.add(String.valueOf(e.getMessage()));
        }
        try {
            if (config.previous().isPresent()) {
                found.notes.add(askPrevious(config, config.previous().get()));
            }
        } catch (IOException e) {
            found.problems.add(String.valueOf(e.getMessage()));
        }
        try {
            if (config.auth().url().isPresent()) {
                found.notes.add(askAuth(config.auth().url().get()));
            }
        } catch (IOException e) {
            found.problems.add(String.valueOf(e.getMessage()));
        }
        return found;
    }

    private static String ask(Path folder) throws IOException {
        return switch (FolderCheck.look(folder)) {
            case MISSING -> "The data folder " + folder + " does not exist yet; serve makes it.";
            case OWNED -> "The data folder " + folder + " is in use by a running gateway.";
            case FREE -> "The data folder " + folder + " can be used.";
        };
    }

    private static List<String> ask(GatewayConfig config, GatewayConfig.Store.S3 s3)
            throws IOException, InterruptedException {
        FoundBucket found = StoreSession.look(config);
        List<String> notes = new ArrayList<>();
        notes.add(
                found.there()
                        ? "The S3 server answers, and the key may list " + s3 + "."
                        : "The S3 server answers; it does not have " + s3 + " yet, which serve makes.");
        if (found.clocksDiffer()) {
            notes.add(found.ofClocks());
        }
        if (found.removed() == FoundBucket.Removed.STAYS_AS_A_VERSION) {
            notes.add(FoundBucket.ofVersions());
        }
        return notes;
    }

    /** Nothing is tried in it: it is to be read. */
    private static String askPrevious(GatewayConfig config, GatewayConfig.Store previous)
            throws IOException, InterruptedException {
        boolean there = switch (previous) {
            case GatewayConfig.Store.Disk disk ->
                FolderCheck.look(disk.path().toAbsolutePath()) != FolderCheck.State.MISSING;
            case GatewayConfig.Store.S3 s3 -> StoreSession.look(config.on(s3)).there();
        };
        if (!there) {
            throw new IOException("There is no previous store: " + previous + " does not exist; check previous.type and"
                    + " what lies below it.");
        }
        return "The previous store answers: " + previous + ".";
    }

    /** An auth server says to nobody who nobody is: any answer of its API shows that it is one. */
    private static String askAuth(URI url) throws IOException, InterruptedException {
        String api = url + (url.toString().endsWith("/") ? "" : "/") + "api/V2/token";
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(ANSWER_MILLIS));
        try {
            int status = StoreSession.await(client.request(
                            new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(api))
                    .compose(request ->
                            request.putHeader("Accept", "application/json").send())
                    .map(HttpClientResponse::statusCode)
                    .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                    .recover(cause -> Future.failedFuture(new IOException("The auth server " + url
                            + " does not answer: " + Reason.why(cause) + "; check auth.url (KBASE_AUTH_URL)."))));
            if (status != 400 && status != 401) {
                throw new IOException("What answers at " + api + " is no KBase auth server (" + status
                        + " to a question without a token, not 400 or 401): check auth.url (KBASE_AUTH_URL).");
            }
            return "The auth server answers.";
        } finally {
            // Until here it is held: Vert.x closes a client that nobody knows any more, also while it asks.
            StoreSession.await(client.close().eventually(vertx::close));
        }
    }
}
