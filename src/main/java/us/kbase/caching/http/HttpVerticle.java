package us.kbase.caching.http;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import us.kbase.caching.auth.Authenticator;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.expiry.Sweeper;
import us.kbase.caching.http.about.HealthHandler;
import us.kbase.caching.http.connection.AccessLog;
import us.kbase.caching.http.connection.ClientConnection;
import us.kbase.caching.http.connection.ClientTimeouts;
import us.kbase.caching.http.connection.ConnectionLoop;
import us.kbase.caching.http.connection.Connections;
import us.kbase.caching.http.connection.DateHeader;
import us.kbase.caching.http.connection.Framing;
import us.kbase.caching.http.connection.HalfClose;
import us.kbase.caching.http.connection.Handover;
import us.kbase.caching.http.connection.HeadRefusal;
import us.kbase.caching.http.connection.OpenHead;
import us.kbase.caching.http.connection.Replies;
import us.kbase.caching.http.connection.RequestBody;
import us.kbase.caching.http.json.JsonBody;
import us.kbase.caching.http.route.RequestTimes;
import us.kbase.caching.lease.LeaseAdmission;
import us.kbase.caching.lease.LeaseService;
import us.kbase.caching.limit.UserLimits;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.memory.MemoryPlan;
import us.kbase.caching.stream.ReadPolicy;
import us.kbase.caching.stream.ReceiveBuffer;
import us.kbase.caching.stream.UnclaimedChunks;
import us.kbase.caching.tls.ServerTls;
import us.kbase.caching.verify.Verifier;

/** Listens and routes, on one event loop; deployed once per loop, with a store of that loop. */
public final class HttpVerticle extends VerticleBase {

    private static final long ABORTS_SECONDS = 10;

    private final Settings settings;
    private final Authenticator authenticator;
    private final Supplier<Services> services;
    private final Probes probes;
    private final OpenUploads unfinished = new OpenUploads();
    private final DateHeader date = new DateHeader(InstantSource.system());
    private @Nullable HttpServer server;

    /**
     * Where to listen.
     *
     * @param port the TCP port; negative for a free one, the same for all instances that use the same number
     * @param uploadBytesMax the longest request body taken
     * @param memory pays for what is held for clients, of all loops
     * @param corsOrigins whose pages' scripts may call; {@code *} for all
     * @param tls secures connections; nothing for plain ones
     * @param limits what one user may do, the same for all loops
     */
    public record Settings(
            String host,
            int port,
            long uploadBytesMax,
            ClientTimeouts timeouts,
            MemoryPlan memory,
            Set<String> corsOrigins,
            Optional<ServerTls> tls,
            UserLimits limits) {

        /** Where only this machine connects. */
        public static final String THIS_MACHINE = "127.0.0.1";

        /** The same without TLS, on a free port that only this machine reaches. */
        public Settings plainForThisMachine() {
            return new Settings(
                    THIS_MACHINE, 0, uploadBytesMax, timeouts, memory, corsOrigins, Optional.empty(), limits);
        }

        private int connectionBytes() {
            return Connections.BYTES + (tls.isPresent() ? ServerTls.CONNECTION_BYTES : 0);
        }
    }

    /**
     * What the operator's routes show.
     *
     * @param notReady why the store cannot serve, or nothing
     * @param accessLog takes a line for each request
     * @param times takes how long each request took
     */
    public record Probes(Supplier<Optional<String>> notReady, Logger accessLog, RequestTimes times) {}

    /**
     * What the routes call.
     *
     * @param cache this loop's
     * @param leases the node's
     * @param leasedUploads this loop's
     * @param sweeper the node's
     * @param verifier the node's
     */
    public record Services(
            CacheService cache,
            LeaseService leases,
            LeaseAdmission leasedUploads,
            Sweeper sweeper,
            Verifier verifier) {}

    /**
     * A verticle that has not started.
     *
     * @param servicesOfLoop called once the verticle has its event loop, and on it: a store belongs to the loop it was made on
     */
    public HttpVerticle(
            Settings settings, Authenticator authenticator, Supplier<Services> servicesOfLoop, Probes probes) {
        this.settings = settings;
        this.authenticator = authenticator;
        this.services = servicesOfLoop;
        this.probes = probes;
    }

    @Override
    public Future<?> start() {
        AuthHandler auth = new AuthHandler(authenticator, settings.limits());
        Services made = services.get();
        CacheService cache = made.cache();
        JsonBody bodies =
                new JsonBody(settings.memory().parameters(), settings.timeouts().memory());
        Cors cors = new Cors(settings.corsOrigins());
        Routes routes = new Routes(
                new CacheIdHandler(auth, cache, bodies),
                new UploadHandler(auth, cache, made.leasedUploads(), settings, unfinished),
                new DownloadHandler(auth, cache, settings.timeouts().reader()),
                new DeleteHandler(auth, cache),
                new LeaseHandler(auth, cache, made.leases(), bodies),
                new EntryRoutes(
                        new ListHandler(
                                auth,
                                cache,
                                settings.memory().replies(),
                                settings.timeouts().memory()),
                        new MetadataHandler(auth, cache),
                        new BundleHandler(auth, cache, settings.memory().replies(), settings.timeouts()),
                        new ExpireHandler(auth, made.sweeper()),
                        new VerifyHandler(auth, made.verifier())),
                new HealthHandler(probes.notReady()),
                new AccessLog(probes.accessLog()),
                cors,
                probes.times());
        HttpServerOptions options = new HttpServerOptions()
                .setMaxChunkSize(RequestBody.BODY_READ_BYTES)
                .setMaxHeaderSize(OpenHead.BYTES_MAX)
                .setMaxInitialLineLength(OpenHead.LINE_BYTES_MAX)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(false)
                .setStrictThreadMode(
                        true) // without it each connection has a queue of 4 KiB for threads that are not its own
                .setAcceptBacklog(4096)
                .setTcpNoDelay(true); // and no idle timeout: what waits for its turn is not idle
        ConnectionLoop loop = new ConnectionLoop(
                new Connections(
                        vertx, settings.memory().connections(), settings.connectionBytes(), settings.timeouts()),
                new Replies(vertx, settings.timeouts().reply()),
                settings.memory().heads(),
                settings.timeouts(),
                options);
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> guard(connection, loop))
                .invalidRequestHandler(Handover.to(request -> {
                    cors.addTo(request);
                    HeadRefusal.answer(request);
                }))
                .requestHandler(Handover.to(routes.router(vertx)))
                .listen(settings.port(), settings.host())
                .onSuccess(listening -> server = listening);
    }

    /** The address that is listened at. */
    public String host() {
        return settings.host();
    }

    /** The port that is listened on, once started. */
    public int port() {
        return listening().actualPort();
    }

    private HttpServer listening() {
        return Objects.requireNonNull(server, "not started");
    }

    /**
     * Accepts nothing any more, lets accepted requests end until the grace is over, then cuts them; done when uploads that were
     * cut have freed what they held. Any thread.
     */
    public Future<Void> drain(Duration grace) {
        return Future.future(promise -> context.runOnContext(v -> listening()
                .shutdown(grace.toMillis(), TimeUnit.MILLISECONDS)
                .compose(cut -> unfinished.none().timeout(ABORTS_SECONDS, TimeUnit.SECONDS))
                .onComplete(promise)));
    }

    private void guard(HttpConnection connection, ConnectionLoop loop) {
        Runnable close = () -> connection.close().onFailure(AccessLog::replyFailed);
        loop.connections()
                .accept()
                .ifPresentOrElse(
                        payment -> guard(((ConnectionBase) connection).channel(), loop, payment, close), close);
    }

    private void guard(Channel channel, ConnectionLoop loop, Budget.Payment payment, Runnable close) {
        ReadPolicy.control(channel, RequestBody.HEAD_READ_BYTES);
        ReceiveBuffer.small(channel);
        settings.tls()
                .ifPresent(tls -> tls.secureClient(channel, settings.timeouts().head()));
        channel.pipeline().addBefore("handler", "framing", new Framing());
        channel.pipeline().addBefore("handler", "date", date);
        ClientConnection client = ClientConnection.watch(channel, loop, payment);
        HalfClose.watch(channel, ClientConnection.NAME, client::hasNext, close);
        UnclaimedChunks.watch(channel);
        Handover.watch(channel, client::cut);
    }
}
