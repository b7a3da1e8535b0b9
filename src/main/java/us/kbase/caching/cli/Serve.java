package us.kbase.caching.cli;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import us.kbase.caching.Gateway;
import us.kbase.caching.cli.option.ConfigOption;
import us.kbase.caching.cli.option.DevelopmentToken;
import us.kbase.caching.cli.rehearsal.Rehearsal;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.config.LoadedConfig;
import us.kbase.caching.failure.Reason;
import us.kbase.caching.secret.Secret;

/** Runs the gateway until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description =
                "Runs the gateway. Without configuration: embedded store in ./data, loopback, a development token."
                        + " Sample: caching-service serve",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Stopped by a signal, with everything ended well.",
            "1:Could not start, or not stop cleanly: the configuration, the store, a port or an address; one sentence says which.",
            "2:The command line is wrong.",
            "3:Out of memory."
        })
final class Serve implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(Serve.class);
    private static final long CLEANUP_SECONDS = 20;

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() throws InterruptedException {
        LoadedConfig loaded;
        GatewayConfig config;
        Optional<Secret> made;
        try {
            loaded = option.loaded();
            made = developmentToken(loaded.config());
            config = made.map(token -> loaded.config().withTokens(Map.of(token, "developer")))
                    .orElse(loaded.config());
        } catch (ConfigException | IOException e) {
            System.err.println(e.getMessage());
            return 1;
        }
        // Else the JVM writes past the log, in a form that no reader of it takes.
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, cause) -> log.error("The thread {} ended by a fault", thread.getName(), cause));
        StopSignal stop = StopSignal.listen(); // a signal in the middle of the start ends it well, once it has started
        Gateway gateway;
        try {
            gateway = Gateway.start(config, () -> rehearsal(config))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            System.err.println("caching-service cannot start: " + explain(e.getCause() == null ? e : e.getCause()));
            return 1;
        }
        log.info("The configuration was read from {}", ConfigOption.sources(loaded));
        loaded.notes().forEach(log::warn);
        new Greeting(config, gateway.port(), made).print(System.out);
        stop.await();
        return stop(gateway, config.http().stopGrace());
    }

    /** Without an auth server and tokens of the configuration somebody must be known all the same. */
    private static Optional<Secret> developmentToken(GatewayConfig config) throws IOException {
        return config.auth().knowsSomebody() ? Optional.empty() : Optional.of(DevelopmentToken.of(dataFolder(config)));
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

    private static String explain(Throwable cause) {
        String why = cause instanceof IOException || cause instanceof IllegalStateException
                ? String.valueOf(cause.getMessage())
                : Reason.of(cause);
        return why.endsWith(".") ? why : why + ".";
    }

    private static int stop(Gateway gateway, Duration grace) throws InterruptedException {
        log.info("Stopping: running requests get {} s; a second signal ends them now", grace.toSeconds());
        try {
            gateway.stop(grace)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(grace.toSeconds() + CLEANUP_SECONDS, TimeUnit.SECONDS);
            return 0;
        } catch (ExecutionException | TimeoutException e) {
            log.error("The gateway did not stop cleanly", e);
            return 1;
        }
    }
}
