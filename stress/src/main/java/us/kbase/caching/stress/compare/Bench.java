package us.kbase.caching.stress.compare;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import us.kbase.caching.stress.Loop;
import us.kbase.caching.stress.load.Content;
import us.kbase.caching.stress.load.Http;
import us.kbase.caching.stress.load.Tally;
import us.kbase.caching.stress.load.TusTransfer;
import us.kbase.caching.stress.load.V1Transfer;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.s3.JobObject;
import us.kbase.caching.stress.s3.PlainObject;
import us.kbase.caching.stress.s3.S3Calls;
import us.kbase.caching.stress.s3.Signature;

/** The servers of a comparison, and the ways to send files to them. */
final class Bench {

    private static final long PATIENCE_MILLIS = 300_000;

    private final Cleanup cleanup;
    private final Path folder;
    private final Build measured;
    private final Optional<Build> before;
    private final Plan plan;
    private final Minio minio;
    private final Peers peers;
    private final Vertx vertx = Loop.vertx();
    private final Loop streams = Loop.of(vertx);
    private final Loop small = Loop.of(vertx);
    private final Content content = new Content(1);
    private final Side.Numbers numbers = new Side.Numbers();
    private final String run = UUID.randomUUID().toString();
    private int folders;
    private final Map<Build, GatewayServer> warm = new HashMap<>();

    Bench(Cleanup cleanup, Path folder, Build measured, Optional<Build> before, Plan plan, Peers peers) {
        this.cleanup = cleanup;
        this.folder = folder;
        this.measured = measured;
        this.before = before;
        this.plan = plan;
        this.minio = peers.minio();
        this.peers = peers;
        cleanup.later(() -> Loop.await(vertx.close()));
        small.run(() -> s3Calls(minio.endpoint(), many(minio.endpoint())).createBucket());
    }

    Plan plan() {
        return plan;
    }

    Minio minio() {
        return minio;
    }

    Vertx vertx() {
        return vertx;
    }

    Loop streams() {
        return streams;
    }

    Loop small() {
        return small;
    }

    /** A folder that no other row uses. */
    Path newFolder(String name) {
        return folder.resolve(name + "-" + ++folders);
    }

    /** The build that is measured, after the one that it is compared with, if there is one. */
    List<Build> builds() {
        return Stream.concat(before.stream(), Stream.of(measured)).toList();
    }

    /** A gateway in front of MinIO that has not served anything yet. */
    GatewayServer coldGateway() {
        return coldGateway(measured);
    }

    /** The same of this build. */
    GatewayServer coldGateway(Build build) {
        return GatewayServer.onS3(cleanup, build, newFolder("gateway"), minio.endpoint());
    }

    /** The same with these settings besides. */
    GatewayServer coldGateway(Map<String, String> more) {
        return GatewayServer.onS3(cleanup, measured, newFolder("gateway"), minio.endpoint(), more);
    }

    /** A gateway on its embedded store that has not served anything yet. */
    GatewayServer coldDiskGateway(boolean fsync) {
        return GatewayServer.onDisk(cleanup, measured, newFolder("gateway"), fsync);
    }

    /** The gateway that the rows for warm figures share, warmed up with large files and small jobs. */
    GatewayServer warmGateway() {
        return warmGateway(measured);
    }

    /** One for each build, as {@link #warmGateway()}. */
    List<GatewayServer> warmGateways() {
        return builds().stream().map(this::warmGateway).toList();
    }

    private GatewayServer warmGateway(Build build) {
        if (!warm.containsKey(build)) {
            GatewayServer started = coldGateway(build);
            new WarmUp(this).of(started);
            warm.put(build, started);
        }
        return warm.get(build);
    }

    /** For a few long streams: one PUT, one GET to MinIO itself. */
    Side s3Streams() {
        return plain("direct", minio.endpoint(), streams, streams(minio.endpoint()), Side.NO_SERVER);
    }

    /** For many files at once: one PUT, one GET to MinIO itself. */
    Side s3Many() {
        return plain("direct", minio.endpoint(), small, many(minio.endpoint()), Side.NO_SERVER);
    }

    /** The same through nginx, where it is installed. */
    Optional<Side> nginxStreams() {
        return peers.nginx()
                .map(server -> plain(
                        "nginx",
                        server.endpoint(),
                        streams,
                        streams(server.endpoint()),
                        () -> server.use().cpuSeconds()));
    }

    /** Many files to and from nginx's own disk. */
    Optional<Side> nginxFiles() {
        return peers.nginx()
                .map(server -> plain(
                        "nginx",
                        server.files(),
                        small,
                        many(server.files()),
                        () -> server.use().cpuSeconds()));
    }

    /** The same through tusd, where it is installed. */
    Optional<Side> tusdStreams() {
        return peers.tusd()
                .map(server -> new Side(
                        "tusd",
                        streams,
                        streams(server.endpoint()),
                        (http, tally, number, file) -> new TusTransfer(http, tally, file),
                        () -> server.use().cpuSeconds(),
                        numbers,
                        content));
    }

    /** The S3 calls of the gateway's jobs, to MinIO itself. */
    Side s3Jobs() {
        return s3Jobs(small, many(minio.endpoint()));
    }

    /** The same with connections and a thread of their own. */
    Side s3JobsBeside() {
        return s3Jobs(streams, streams(minio.endpoint()));
    }

    private Side s3Jobs(Loop loop, Http client) {
        return new Side(
                "direct",
                loop,
                client,
                (http, tally, number, file) -> new JobObject(s3Calls(minio.endpoint(), http, tally), key(number), file),
                Side.NO_SERVER,
                numbers,
                content);
    }

    Side gatewayStreams(GatewayServer gateway) {
        return through(gateway, streams, streams(gateway.url()));
    }

    Side gatewayMany(GatewayServer gateway) {
        return through(gateway, small, many(gateway.url()));
    }

    /** With a token, connections and a thread of its own. */
    Side gatewayOfAnotherUser(GatewayServer gateway) {
        return through(gateway, streams, streams(gateway.url()), GatewayServer.OTHER_TOKEN);
    }

    private Side through(GatewayServer gateway, Loop loop, Http client) {
        return through(gateway, loop, client, GatewayServer.TOKEN);
    }

    private Side through(GatewayServer gateway, Loop loop, Http client, String token) {
        return new Side(
                gateway.name(),
                loop,
                client,
                (http, tally, number, file) -> new V1Transfer(http, tally, token, run, number, file),
                () -> gateway.use().cpuSeconds(),
                numbers,
                content);
    }

    private Side plain(String name, URI url, Loop loop, Http client, java.util.function.Supplier<Double> use) {
        return new Side(
                name,
                loop,
                client,
                (http, tally, number, file) -> new PlainObject(s3Calls(url, http, tally), key(number), file),
                use,
                numbers,
                content);
    }

    /** The object in MinIO that the gateway keeps under this id. */
    PlainObject stored(String cacheId, Content.File file) {
        return new PlainObject(s3Calls(minio.endpoint(), streams(minio.endpoint())), cacheId, file);
    }

    Content content() {
        return content;
    }

    private static String key(int number) {
        return String.format("direct-%0121d", number); // as long as a cache id
    }

    private S3Calls s3Calls(URI url, Http http) {
        return s3Calls(url, http, new Tally());
    }

    private S3Calls s3Calls(URI url, Http http, Tally tally) {
        Signature signature =
                signatures.computeIfAbsent(url, address -> new Signature(address, Minio.ACCESS_KEY, Minio.SECRET_KEY));
        return new S3Calls(http, tally, signature, Minio.BUCKET);
    }

    private final Map<URI, Signature> signatures = new java.util.concurrent.ConcurrentHashMap<>();
    private final Map<URI, Http> streamClients = new java.util.concurrent.ConcurrentHashMap<>();
    private final Map<URI, Http> manyClients = new java.util.concurrent.ConcurrentHashMap<>();

    private Http streams(URI url) {
        return streamClients.computeIfAbsent(
                url, base -> new Http(vertx, base, Http.Settings.streams(PATIENCE_MILLIS)));
    }

    private Http many(URI url) {
        return manyClients.computeIfAbsent(url, base -> new Http(vertx, base, Http.Settings.many(PATIENCE_MILLIS)));
    }

    /** A pause in which the disk and the servers come to rest. */
    void settle() {
        minio.settle();
        Child.pause(200);
    }
}
