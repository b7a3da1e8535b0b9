package us.kbase.caching.cli;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import us.kbase.caching.Gateway;
import us.kbase.caching.cli.rehearsal.Rehearsal;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.GatewayConfig;

/** Runs the gateway until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description =
                "Runs the gateway. Without configuration: embedded store in ./data, loopback, a development token."
                        + " Sample: caching-service serve")
final class Serve implements Callable<Integer> {

    private static final long CLEANUP_SECONDS = 20;

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() throws InterruptedException {
        GatewayConfig config;
        try {
            config = withSomebodyToServe(option.load());
        } catch (ConfigException | IOException e) {
            System.err.println(e.getMessage());
            return 1;
        }
        Gateway gateway;
        try {
            gateway = Gateway.start(config, () -> rehearsal(config))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            System.err.println(
                    "caching-service cannot start: " + explain(e.getCause() == null ? e : e.getCause(), config));
            return 1;
        }
        greet(gateway, config);
        StopSignal.await();
        return stop(gateway, config.http().stopGrace());
    }

    private static GatewayConfig withSomebodyToServe(GatewayConfig config) throws IOException {
        if (config.auth().url().isPresent() || !config.auth().userByToken().isEmpty()) {
            return config;
        }
        return config.withTokens(Map.of(DevelopmentToken.of(dataFolder(config)), "developer"));
    }

    /** The path to S3 is long and slow while it is new: it is walked before clients are sent here. */
    private static Future<Void> rehearsal(GatewayConfig config) {
        if (config.store() instanceof GatewayConfig.Store.Disk) {
            return Future.succeededFuture();
        }
        Promise<Void> rehearsed = Promise.promise();
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> {
            try {
                Rehearsal.run(Rehearsal.BEFORE_SERVING);
                rehearsed.complete();
            } catch (InterruptedException | ExecutionException | RuntimeException e) {
                rehearsed.fail(e);
            }
        });
        return rehearsed.future();
    }

    private static Path dataFolder(GatewayConfig config) {
        return config.store() instanceof GatewayConfig.Store.Disk disk ? disk.path() : Path.of("data");
    }

    /** The native transport's bind errors are of no type of their own. */
    private static String explain(Throwable cause, GatewayConfig config) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("Address already in use")) {
            return "port " + config.http().port() + " on " + config.http().host()
                    + " is taken; stop its owner or set CACHING_HTTP_PORT.";
        }
        if (message.contains("Cannot assign requested address")) {
            return config.http().host() + " is no address of this machine; set CACHING_HTTP_HOST.";
        }
        if (message.contains("Permission denied")) {
            return "port " + config.http().port() + " may not be used by this user; set CACHING_HTTP_PORT.";
        }
        return message;
    }

    private static void greet(Gateway gateway, GatewayConfig config) {
        String base = "http://" + config.http().host() + ":" + gateway.port();
        System.out.println("CachingService listens on " + base + " and keeps results in " + config.store());
        if (config.auth().url().isPresent()) {
            return;
        }
        String token = config.auth().userByToken().keySet().iterator().next();
        System.out.println("Authorization: " + token);
        System.out.println("Try it:");
        System.out.printf(
                "  ID=$(curl -s -H 'Authorization: %s' -H 'Content-Type: application/json' -d '{\"job\":\"demo\"}'"
                        + " %s/v1/cache_id | sed 's/.*\"cache_id\":\"\\([^\"]*\\).*/\\1/'); echo $ID%n",
                token, base);
        System.out.printf("  curl -H 'Authorization: %s' -F file=@README.md %s/v1/cache/$ID%n", token, base);
        System.out.printf("  curl -H 'Authorization: %s' -o result %s/v1/cache/$ID%n", token, base);
    }

    private static int stop(Gateway gateway, Duration grace) throws InterruptedException {
        System.err.println(
                "Stopping: running requests get " + grace.toSeconds() + " s; a second signal ends them now.");
        try {
            gateway.stop(grace)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(grace.toSeconds() + CLEANUP_SECONDS, TimeUnit.SECONDS);
            return 0;
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("caching-service did not stop cleanly: " + e);
            return 1;
        }
    }
}
