package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.Gateway;
import us.kbase.caching.cli.upkeep.StoreSession;
import us.kbase.caching.config.ConfigException;
import us.kbase.caching.config.ConfigLoader;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.expiry.Purge;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.TemporaryKey;

/** Each reason why a server cannot serve, by its real cause: one sentence that says what to do, and nothing is made by asking. */
class RefusedServersIT {

    private static final String OBJECTS_ALONE = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::*/*"]}]}""";

    private static Optional<S3Servers.Server> minio;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeAll
    static void server() {
        minio = S3Servers.minio();
    }

    @BeforeEach
    void quiet() {
        environment.put("CACHING_HTTP_PORT", "0");
        environment.put("CACHING_HTTP_LOOPS", "1");
        environment.put("CACHING_METRICS_PORT", "off");
        environment.put("CACHING_AUTH_TOKENS", "a-token-of-the-test:alice");
        environment.put("CACHING_STORE_DISK_PATH", folder.resolve("data").toString());
    }

    @AfterEach
    void end() {
        Await.result(vertx.close());
    }

    private GatewayConfig config() {
        try {
            return ConfigLoader.load(Optional.empty(), folder.resolve(".env"), environment)
                    .config();
        } catch (ConfigException e) {
            throw new AssertionError(e.problems().toString());
        }
    }

    private S3Connection bucket() {
        assumeTrue(minio.isPresent(), "no MinIO on this machine");
        return use(minio.get().bucket());
    }

    private S3Connection use(S3Connection bucket) {
        environment.put("CACHING_STORE_TYPE", "s3");
        environment.put("CACHING_STORE_S3_ENDPOINT", bucket.endpoint().toString());
        environment.put("CACHING_STORE_S3_BUCKET", bucket.bucket());
        environment.put("CACHING_STORE_S3_ACCESS_KEY", bucket.accessKey());
        environment.put("CACHING_STORE_S3_SECRET_KEY", bucket.secretKey().reveal());
        return bucket;
    }

    /** What check-config says; a start says the same where it is final, and else goes on. */
    private String problem() throws InterruptedException {
        List<String> problems = Reachability.of(config()).problems();
        assertEquals(1, problems.size(), problems.toString());
        String problem = problems.get(0);
        assertFalse(problem.contains("Exception"), problem);
        assertTrue(problem.endsWith("."), problem);
        return problem;
    }

    private void says(String... parts) throws InterruptedException {
        String problem = problem();
        for (String part : parts) {
            assertTrue(problem.contains(part), problem);
        }
    }

    private void endsAStart(String... parts) throws InterruptedException {
        says(parts);
        String said = startFailure();
        for (String part : parts) {
            assertTrue(said.contains(part), said);
        }
    }

    private String startFailure() {
        Throwable failure = Await.failure(Throwable.class, Gateway.start(config()));
        return String.valueOf(failure.getMessage());
    }

    private void isPassedOverByAStart(String... parts) throws InterruptedException {
        says(parts);
        Gateway gateway = Await.result(Gateway.start(config()));
        Await.result(gateway.close());
    }

    // S3's own codes

    @Test
    void anUnknownKey() throws Exception {
        bucket();
        environment.put("CACHING_STORE_S3_ACCESS_KEY", "nobody");
        endsAStart("does not know the access key (403 InvalidAccessKeyId", "key nobody", "check store.s3.access-key");
    }

    @Test
    void aWrongSecret() throws Exception {
        bucket();
        environment.put("CACHING_STORE_S3_SECRET_KEY", "a-wrong-secret");
        endsAStart(
                "refuses the key's signature (403 SignatureDoesNotMatch",
                "check store.s3.secret-key (MINIO_SECRET_KEY)");
        assertFalse(problem().contains("a-wrong-secret"));
    }

    @Test
    void aWrongRegion() throws Exception {
        Optional<S3Servers.Server> strict = S3Servers.all().stream()
                .filter(server -> server.name().startsWith("versitygw"))
                .findFirst();
        assumeTrue(strict.isPresent(), "no versitygw on this machine");
        use(strict.get().bucket());
        environment.put("CACHING_STORE_S3_REGION", "eu-west-1");
        endsAStart("has the bucket in another region", "region eu-west-1", "set store.s3.region");
    }

    @Test
    void aKeyThatMayNotListTheBucket() throws Exception {
        S3Connection bucket = bucket();
        Await.result(Gateway.start(config()).compose(Gateway::close));
        TemporaryKey key = TemporaryKey.of(bucket, OBJECTS_ALONE);
        environment.put("CACHING_STORE_S3_ACCESS_KEY", key.accessKey());
        environment.put("CACHING_STORE_S3_SECRET_KEY", key.secretKey());
        environment.put("CACHING_STORE_S3_SESSION_TOKEN", key.sessionToken());
        endsAStart("does not let the key use the bucket (403 AccessDenied", "allow the key s3:ListBucket");
    }

    @Test
    void aSessionTokenThatIsNone() throws Exception {
        bucket();
        environment.put("CACHING_STORE_S3_SESSION_TOKEN", "not-a-token");
        endsAStart("refuses the session token (403 InvalidTokenId", "get new temporary credentials");
    }

    @Test
    void aBucketThatIsNotThereIsNoProblemAndIsNotMadeByLooking() throws Exception {
        bucket();
        for (int i = 0; i < 2; i++) {
            Reachability found = Reachability.of(config());
            assertEquals(List.of(), found.problems());
            assertTrue(
                    found.notes().get(0).contains("yet, which serve makes"),
                    found.notes().toString());
        }
    }

    /** A server whose clock is an hour ahead, as S3 servers behave: 403 until a request is dated by their time. */
    @Test
    void aClockThatIsWrongIsToldAndThenLearned() throws Exception {
        List<String> codes = new CopyOnWriteArrayList<>();
        use(server(request -> {
            Instant here = Instant.now().plusSeconds(3600);
            Instant dated = Instant.from(
                    DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").parse(request.getHeader("x-amz-date")));
            boolean skewed = Math.abs(here.getEpochSecond() - dated.getEpochSecond()) > 900;
            codes.add(skewed ? "403" : "200");
            request.response()
                    .putHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(here.atOffset(ZoneOffset.UTC)))
                    .putHeader("x-amz-request-id", "1")
                    .setStatusCode(skewed ? 403 : 200)
                    .end(
                            skewed
                                    ? "<Error><Code>RequestTimeTooSkewed</Code></Error>"
                                    : "<ListBucketResult><KeyCount>0</KeyCount><MaxKeys>1</MaxKeys></ListBucketResult>");
        }));
        Reachability found = Reachability.of(config());
        assertEquals(List.of(), found.problems());
        String said = found.notes().toString();
        assertTrue(
                said.matches(".*The S3 server's clock is 3[56][0-9]{2} s ahead of this machine's: set the one.*"),
                said);
        assertEquals("403", codes.get(0));
    }

    @Test
    void aClockThatIsNeverRightIsNoReasonNotToStart() throws Exception {
        use(server(request ->
                request.response().setStatusCode(403).end("<Error><Code>RequestTimeTooSkewed</Code></Error>")));
        isPassedOverByAStart("has a clock that is far from this machine's (403 RequestTimeTooSkewed", "set the clock");
    }

    @Test
    void aServerThatIsNoS3() throws Exception {
        use(server(request -> request.response().setStatusCode(405).end("<html>Not allowed</html>")));
        isPassedOverByAStart("answers what no S3 server answers (405", "check store.s3.endpoint");
    }

    @Test
    void aRefusalThatIsNotS3sOwnDoesNotEndAStart() throws Exception {
        use(server(request -> request.response().setStatusCode(403).end("blocked by the proxy")));
        isPassedOverByAStart("answers what no S3 server answers (403");
    }

    // the way there

    @Test
    void nobodyListens() throws Exception {
        int port = S3Servers.freePort();
        use(S3Servers.standIn("http://127.0.0.1:" + port));
        isPassedOverByAStart(
                "http://127.0.0.1:" + port + " cannot be reached: nothing listens there (connection refused)");
    }

    @Test
    void nobodyListensOnIpv6() throws Exception {
        int port = S3Servers.freePort();
        use(S3Servers.standIn("http://[::1]:" + port));
        isPassedOverByAStart("nothing listens there (connection refused)");
    }

    @Test
    void aNameThatNobodyKnows() throws Exception {
        use(S3Servers.standIn("http://no-such-host.invalid:9000"));
        isPassedOverByAStart("the host name no-such-host.invalid is not known here");
    }

    @Test
    void tlsToAPlainPort() throws Exception {
        S3Connection bucket = bucket();
        use(S3Servers.standIn(bucket.endpoint().toString().replace("http:", "https:")));
        isPassedOverByAStart("it does not speak TLS on that port: write http://");
    }

    private S3Connection server(io.vertx.core.Handler<HttpServerRequest> answer) {
        int port = Await.result(vertx.createHttpServer().requestHandler(answer).listen(0, "127.0.0.1"))
                .actualPort();
        return S3Servers.standIn("http://127.0.0.1:" + port);
    }

    private static Buffer resource(String name) throws IOException {
        try (InputStream in = ConfigLoader.class.getResourceAsStream(name)) {
            return Buffer.buffer(in.readAllBytes());
        }
    }

    /** Answers as MinIO does over TLS. */
    private int tlsServer() throws IOException {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(resource("server.pem"))
                        .addKeyValue(resource("server-key.pem")));
        return Await.result(vertx.createHttpServer(options)
                        .requestHandler(request -> request.response()
                                .putHeader("x-amz-request-id", "1")
                                .end("<ListBucketResult><KeyCount>0</KeyCount><MaxKeys>1</MaxKeys></ListBucketResult>"))
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    @Test
    void plainHttpToATlsPort() throws Exception {
        use(S3Servers.standIn("http://127.0.0.1:" + tlsServer()));
        isPassedOverByAStart("cannot be reached: it closed the connection without an answer: write https://");
    }

    @Test
    void aCaThatIsNotKnown() throws Exception {
        use(S3Servers.standIn("https://127.0.0.1:" + tlsServer()));
        isPassedOverByAStart("CA that is not known here", "store.s3.ca-file");
    }

    @Test
    void theWrongCa() throws Exception {
        use(S3Servers.standIn("https://127.0.0.1:" + tlsServer()));
        Path other = Files.write(
                folder.resolve("other.pem"), resource("other-ca.pem").getBytes());
        environment.put("CACHING_STORE_S3_CA_FILE", other.toString());
        isPassedOverByAStart("a CA that is", "store.s3.ca-file");
    }

    @Test
    void theRightCa() throws Exception {
        use(S3Servers.standIn("https://localhost:" + tlsServer()));
        Path ca = Files.write(folder.resolve("ca.pem"), resource("ca.pem").getBytes());
        environment.put("CACHING_STORE_S3_CA_FILE", ca.toString());
        assertEquals(List.of(), Reachability.of(config()).problems());
    }

    // the auth server

    @Test
    void anAuthServerThatDoesNotListen() throws Exception {
        environment.put("KBASE_AUTH_URL", "http://127.0.0.1:" + S3Servers.freePort());
        isPassedOverByAStart("The auth server http://127.0.0.1:", "nothing listens there", "check auth.url");
    }

    @Test
    void anAuthServerThatNobodyKnows() throws Exception {
        environment.put("KBASE_AUTH_URL", "http://no-such-host.invalid/auth");
        says("no-such-host.invalid", "is not known here", "check auth.url");
    }

    @Test
    void anAuthServerThatIsAnotherServer() throws Exception {
        environment.put(
                "KBASE_AUTH_URL",
                server(request -> request.response().setStatusCode(200).end("<html>welcome</html>"))
                        .endpoint()
                        .toString());
        says("is no KBase auth server (200", "check auth.url");
    }

    @Test
    void anAuthServerOfAnUnknownCa() throws Exception {
        environment.put("KBASE_AUTH_URL", "https://127.0.0.1:" + tlsServer());
        says("CA that is not known here");
    }

    // the data folder

    @Test
    void aDataFolderThatIsAFile() throws Exception {
        environment.put(
                "CACHING_STORE_DISK_PATH",
                Files.createFile(folder.resolve("file")).toString());
        says("is a file: set store.disk.path to a folder");
    }

    @Test
    void aDataFolderThatCannotBeMade() throws Exception {
        environment.put(
                "CACHING_STORE_DISK_PATH",
                Files.createFile(folder.resolve("file")).resolve("data").toString());
        says("data cannot be made: ");
    }

    @Test
    void aDataFolderThatIsNotThereIsNotMadeByLooking() throws Exception {
        Reachability found = Reachability.of(config());
        assertEquals(List.of(), found.problems());
        assertTrue(
                found.notes().get(0).endsWith("does not exist yet; serve makes it."),
                found.notes().toString());
        assertFalse(Files.exists(folder.resolve("data")));
    }

    @Test
    void aDataFolderInUseIsToldAndUntouched() throws Exception {
        try (DataFolder owned = DataFolder.open(folder.resolve("data"))) {
            assertTrue(Files.isDirectory(owned.root()));
            Reachability found = Reachability.of(config());
            assertEquals(List.of(), found.problems());
            assertTrue(
                    found.notes().get(0).endsWith("is in use by a running gateway."),
                    found.notes().toString());
            String said = startFailure();
            assertTrue(said.contains("is in use by another caching-service; stop it first."), said);
        }
    }

    @Test
    void aMistypedBucketIsMadeByNoUpkeep() throws Exception {
        bucket();
        environment.put("CACHING_STORE_S3_BUCKET", "mistyped-bucket");
        IOException refused =
                assertThrows(IOException.class, () -> StoreSession.with(config(), store -> new Purge(store).count()));
        assertTrue(
                refused.getMessage()
                        .matches(
                                "There is no store yet: the bucket mistyped-bucket at [^ ]+ does not exist; check .*\\."),
                refused.getMessage());
        assertTrue(Reachability.of(config()).notes().get(0).contains("does not have the bucket mistyped-bucket"));
    }

    // where we listen

    private int takenPort() {
        return Await.result(vertx.createNetServer()
                        .connectHandler(socket -> socket.close())
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    @Test
    void aPortThatIsTaken() {
        int port = takenPort();
        environment.put("CACHING_HTTP_PORT", Integer.toString(port));
        String said = startFailure();
        assertTrue(said.startsWith("port " + port + " on 127.0.0.1 is taken; "), said);
        assertTrue(said.contains("http.port (CACHING_HTTP_PORT)"), said);
    }

    @Test
    void aMetricsPortThatIsTaken() {
        int port = takenPort();
        environment.put("CACHING_METRICS_PORT", Integer.toString(port));
        String said = startFailure();
        assertTrue(said.contains("port " + port + " on 127.0.0.1 is taken") && said.contains("metrics.port"), said);
    }

    @Test
    void anAddressOfAnotherMachine() {
        for (String host : List.of("192.0.2.1", "2001:db8::1", "no-such-host.invalid")) {
            environment.put("CACHING_HTTP_HOST", host);
            String said = startFailure();
            assertTrue(said.startsWith(host + " is no address of this machine; set http.host"), said);
        }
    }

    @Test
    void aClusterAddressOfAnotherMachineAndOneThatIsTaken() {
        bucket();
        environment.put("CACHING_CLUSTER_ENABLED", "true");
        environment.put("CACHING_CLUSTER_SECRET", "a-secret-of-thirty-two-characters");
        for (String host : List.of("192.0.2.1", "[2001:db8::1]:5701")) {
            environment.put("CACHING_CLUSTER_HOST", host);
            String said = startFailure();
            assertTrue(said.contains("is no address of this machine; set cluster.host"), said);
        }
        int port = takenPort();
        environment.put("CACHING_CLUSTER_HOST", "127.0.0.1:" + port);
        String said = startFailure();
        assertTrue(said.contains("port " + port + " on 127.0.0.1 is taken") && said.contains("cluster.host"), said);
    }

    @Test
    void ipv6IsServedInEverySpelling() throws Exception {
        for (String host : List.of("::1", "[::1]", "0:0:0:0:0:0:0:1")) {
            environment.put("CACHING_HTTP_HOST", host);
            environment.put("CACHING_METRICS_HOST", host);
            environment.put("CACHING_METRICS_PORT", "0");
            Gateway gateway = Await.result(Gateway.start(config()));
            try (java.net.Socket socket = new java.net.Socket("::1", gateway.port())) {
                assertTrue(socket.isConnected());
            } finally {
                Await.result(gateway.close());
            }
        }
    }
}
