package us.kbase.caching.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import us.kbase.caching.config.GatewayConfig;

/** Whether what a configuration names can be reached. */
final class Reachability {

    private static final int ANSWER_MILLIS = 10_000;

    private Reachability() {}

    /** One sentence per server that cannot serve. */
    static List<String> problems(GatewayConfig config) {
        List<String> problems = new ArrayList<>();
        add(problems, () -> StoreSession.<Void>with(config, store -> Future.succeededFuture()));
        config.auth().url().ifPresent(url -> add(problems, () -> askAuth(url)));
        return problems;
    }

    private interface Attempt {
        @CanIgnoreReturnValue
        Object run() throws IOException, InterruptedException;
    }

    private static void add(List<String> problems, Attempt attempt) {
        try {
            attempt.run();
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.add("Interrupted.");
        }
    }

    private static Object askAuth(URI url) throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            return StoreSession.await(WebClient.create(vertx, new WebClientOptions().setConnectTimeout(ANSWER_MILLIS))
                    .getAbs(url.toString())
                    .timeout(ANSWER_MILLIS)
                    .send()
                    .recover(cause -> Future.failedFuture(
                            new IOException("The auth server " + url + " does not answer: " + cause.getMessage()))));
        } finally {
            StoreSession.await(vertx.close());
        }
    }
}
