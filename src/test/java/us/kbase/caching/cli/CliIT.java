package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.RawConnection;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;
import us.kbase.caching.testing.Signals;

/** The launcher and its commands as somebody meets them who has read the first page of the README. */
class CliIT {

    private static final Map<String, String> PLAIN = Map.of();
    private static final Pattern TRY_IT = Pattern.compile("Try it:\n(.*\n.*\n.*)\n");
    private static final Pattern TOKEN = Pattern.compile("(?m)^Authorization: (\\S+)$");
    private static final Path JAR = Path.of("target/caching-service.jar").toAbsolutePath();

    @TempDir
    Path folder;

    /** What the launcher does once for each build it says on standard error, which is not what is read here. */
    @BeforeAll
    static void theLauncherIsPrepared(@TempDir Path anywhere) {
        assertEquals(0, ServiceProcess.run(anywhere, PLAIN, "serve", "--help").code());
    }

    private Ended run(Map<String, String> environment, String... arguments) {
        return ServiceProcess.run(folder, environment, arguments);
    }

    private static void saysOneSentence(String sentence, Ended ended) {
        assertNotEquals(0, ended.code());
        assertTrue(ended.err().strip().matches(sentence), "said: " + ended.err());
        assertEquals("", ended.out());
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void withoutConfigurationItServesAndThePrintedLinesWorkAndEntriesOutliveIt()
            throws IOException, InterruptedException {
        file("README.md", "a file of the stranger's own\n");
        Files.setLastModifiedTime(JAR, Files.getLastModifiedTime(JAR));
        long built = Files.getLastModifiedTime(JAR).toMillis();
        String id;
        String token;
        try (ServiceProcess service = ServiceProcess.start(folder, PLAIN, "serve")) {
            String lines = service.said(TRY_IT).group(1);
            token = service.said(TOKEN).group(1);
            assertEquals(3, lines.lines().count());
            assertTrue(service.out().startsWith("CachingService listens on http://127.0.0.1:"), service.out());
            assertTrue(
                    service.out().contains(folder.toRealPath().resolve("data").toString()), service.out());
            try (ServiceProcess shell = ServiceProcess.command(folder, PLAIN, List.of("sh", "-e", "-c", lines))) {
                Ended ended = shell.ended();
                assertEquals(0, ended.code(), ended.err());
                id = ended.out().lines().findFirst().orElseThrow();
            }
            assertEquals(-1, Files.mismatch(folder.resolve("README.md"), folder.resolve("result")));
            service.signal("TERM");
            assertEquals(0, service.ended().code());
        }
        try (ServiceProcess again = ServiceProcess.start(folder, PLAIN, "serve")) {
            int port = again.port();
            assertEquals(token, again.said(TOKEN).group(1));
            assertFalse(again.err().contains("building"), again.err());
            Ended got = run(Map.of("CACHING_SERVER", "http://127.0.0.1:" + port), "get", "--id", id, "again");
            assertEquals(0, got.code(), got.err());
            assertEquals(-1, Files.mismatch(folder.resolve("README.md"), folder.resolve("again")));
        }
        assertEquals(built, Files.getLastModifiedTime(JAR).toMillis());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data/development-token"))));
    }

    @Test
    void ctrlCEndsItWell() {
        Signals.assumeHeard("INT");
        try (ServiceProcess service = ServiceProcess.start(folder, PLAIN, "serve")) {
            service.port();
            service.signal("INT");
            assertEquals(0, service.ended().code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "run", "put", "get", "cache-id", "check-config", "expire", "purge", "verify"})
    void everyCommandHasHelpWithASample(String command) {
        Ended help = run(PLAIN, command, "--help");
        assertEquals(0, help.code());
        assertTrue(help.out().startsWith("Usage: caching-service " + command), help.out());
        assertTrue(help.out().replaceAll("\\s+", " ").contains("Sample: caching-service " + command), help.out());
        assertTrue(run(PLAIN, "--help").out().contains("  " + command + " "), command + " is not listed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve", "put", "check-config"})
    void everyCommandTellsItsVersion(String command) {
        String[] arguments =
                Stream.of(command, "--version").filter(word -> !word.isEmpty()).toArray(String[]::new);
        Ended version = run(PLAIN, arguments);
        assertEquals(0, version.code());
        assertTrue(
                version.out().strip().matches("caching-service \\d+\\.\\d+.*"),
                "said: " + version.out() + version.err());
    }

    @Test
    void helpIsACommandToo() {
        assertEquals(
                run(PLAIN, "get", "--help").out(), run(PLAIN, "help", "get").out());
        assertEquals(run(PLAIN, "--help").out(), run(PLAIN, "help").out());
    }

    @Test
    void anUnknownCommandIsToldWithTheKnownOnes() {
        Ended ended = run(PLAIN, "server");
        assertNotEquals(0, ended.code());
        assertTrue(ended.err().contains("'server'") && ended.err().contains("serve"), ended.err());
        assertFalse(ended.err().contains("\tat "), ended.err());
    }

    /** A java on the PATH that is too old, as Debian's is. */
    private Path oldJava() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("old-java"));
        Path java = Files.writeString(
                bin.resolve("java"),
                "#!/bin/sh\ncase \"$*\" in *-version*) echo '    java.specification.version = 17' >&2;; *) exit 99;; esac\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    @Test
    void anOlderJavaOnThePathIsPassedOver() throws IOException {
        Ended ended = run(Map.of("PATH", oldJava() + ":/usr/bin:/bin"), "--version");
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.out().startsWith("caching-service "), ended.out());
    }

    @Test
    void withoutAnyNewJavaItSaysSoInOneSentence() throws IOException {
        Path jvms = Path.of("/usr/lib/jvm");
        List<String> hiding = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs none " + jvms + " && exec " + ServiceProcess.LAUNCHER + " --version");
        Map<String, String> environment = Map.of("PATH", oldJava() + ":/usr/bin:/bin", "HOME", folder.toString());
        try (ServiceProcess process = ServiceProcess.command(folder, environment, hiding)) {
            Ended ended = process.ended();
            assumeTrue(!ended.err().matches("(?s).*(unshare|mount): .*"), "no mount namespaces here");
            assertEquals(1, ended.code());
            assertTrue(
                    ended.err()
                            .matches(
                                    "caching-service: no Java 21 or newer was found, only Java 17 \\([^)]*/java\\); [^.]*\\.\n"),
                    ended.err());
        }
    }

    @Test
    void aJobClientsFilesGoUpAndDownWithItsId() throws IOException {
        file("p.json", "{\"xyz\": 123}");
        byte[] result = new byte[3 << 20];
        new java.util.Random(5).nextBytes(result);
        Files.write(folder.resolve("result.bam"), result);
        try (ServiceProcess service = ServiceProcess.start(folder, PLAIN, "serve")) {
            Map<String, String> server = Map.of("CACHING_SERVER", "http://127.0.0.1:" + service.port());
            Ended none = run(server, "get", "--params", "p.json", "got.bam");
            assertEquals(3, none.code());
            assertEquals(
                    "caching-service: The server answered 404: Cache ID not found",
                    none.err().strip());
            Ended put = run(server, "put", "--params", "p.json", "result.bam");
            assertEquals(0, put.code(), put.err());
            assertEquals(run(PLAIN, "cache-id", "static:developer", "p.json").out(), put.out());
            assertEquals(0, run(server, "get", "--params", "p.json", "got.bam").code());
            assertArrayEquals(result, Files.readAllBytes(folder.resolve("got.bam")));
            assertEquals("", put.err(), "a bar without a terminal");
        }
    }

    /** Its many small chunks were paid for and not given back, until the connection was cut. */
    @Test
    void aLongStreamGoesUpInChunks() throws IOException {
        file("p.json", "{\"stream\": 1}");
        try (ServiceProcess service = ServiceProcess.start(folder, PLAIN, "serve")) {
            String put = "head -c 100000000 /dev/zero | " + ServiceProcess.LAUNCHER + " put --params p.json -";
            Map<String, String> server = Map.of("CACHING_SERVER", "http://127.0.0.1:" + service.port());
            try (ServiceProcess shell = ServiceProcess.command(folder, server, List.of("sh", "-c", put))) {
                Ended ended = shell.ended();
                assertEquals(0, ended.code(), ended.err());
            }
        }
    }

    @Test
    void theIdOfTheContractIsPrinted() throws IOException {
        file("p.json", "{\"xyz\": 123}");
        Ended ended = run(PLAIN, "cache-id", "http://auth:5000:username", "p.json");
        assertTrue(ended.out().startsWith("4b573346e9f80b83"), ended.out());
        saysOneSentence("[^\n]*nowhere.json[^\n]*", run(PLAIN, "cache-id", "a:b", "nowhere.json"));
        saysOneSentence("caching-service: [^\n]* is a folder[^\n]*", run(PLAIN, "cache-id", "a:b", "."));
        file("list.json", "[1]");
        saysOneSentence("The parameters must be a JSON object[^\n]*", run(PLAIN, "cache-id", "a:b", "list.json"));
    }

    @Test
    void purgeAsksUnlessToldNotTo() throws IOException {
        file("p.json", "{\"purged\": 1}");
        try (ServiceProcess service = ServiceProcess.start(folder, PLAIN, "serve")) {
            Map<String, String> server = Map.of("CACHING_SERVER", "http://127.0.0.1:" + service.port());
            assertEquals(0, run(server, "put", "--params", "p.json", "p.json").code());
            service.signal("TERM");
            assertEquals(0, service.ended().code());
        }
        String purge = ServiceProcess.LAUNCHER + " purge";
        try (ServiceProcess no = ServiceProcess.command(folder, PLAIN, List.of("sh", "-c", "echo no | " + purge))) {
            assertEquals(1, no.ended().code());
            assertTrue(no.out().matches("(?s)Entries of this service +1\n.*Nothing was removed.\n"), no.out());
        }
        try (ServiceProcess yes = ServiceProcess.command(folder, PLAIN, List.of("sh", "-c", "echo yes | " + purge))) {
            assertEquals(0, yes.ended().code());
            assertTrue(yes.out().matches("(?s).*\nRemoved +1\n"), yes.out());
        }
        assertEquals(0, run(PLAIN, "purge", "--yes").code());
    }

    @Test
    void aClientWithoutAServerOrTokenSaysWhichInOneSentence() throws IOException {
        file("p.json", "{\"a\": 1}");
        saysOneSentence("caching-service: no token[^\n]*", run(PLAIN, "put", "--params", "p.json", "p.json"));
        saysOneSentence(
                "caching-service: No answer from http://127.0.0.1:1: nothing listens there [^\n]*is the service running\\?",
                run(PLAIN, "put", "--server", "http://127.0.0.1:1", "--token", "t", "--params", "p.json", "p.json"));
        saysOneSentence(
                "[^\n]*nowhere[^\n]*",
                run(PLAIN, "put", "--server", "http://127.0.0.1:1", "--token", "t", "--params", "nowhere", "p.json"));
    }

    @Test
    void allThatIsWrongWithAConfigurationIsSaidAtOnce() throws IOException {
        file("conf.yaml", "http:\n  port: many\n  prot: 80\nlimits:\n  s3-connections: 0\n");
        Ended ended = run(Map.of("MINIO_HOST", "minio:9000", "CACHING_HTTP_PORT", ""), "serve", "-c", "conf.yaml");
        assertEquals(1, ended.code());
        List<String> lines = ended.err().strip().lines().sorted().toList();
        assertEquals(4, lines.size(), ended.err());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("conf.yaml:2: http.port must be a whole number")));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("conf.yaml:3: http.prot is not a key")));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("conf.yaml:5: limits.s3-connections must be")));
        assertTrue(lines.stream().anyMatch(line -> line.contains("store.s3.secret-key is missing")));
    }

    @Test
    void aConfigurationFileThatIsNotThereIsToldByName() {
        saysOneSentence("[^\n]*nowhere.yaml[^\n]*", run(PLAIN, "serve", "-c", "nowhere.yaml"));
    }

    @Test
    void aPortThatIsTakenIsToldByNumber() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            saysOneSentence(
                    "caching-service cannot start: port " + port + " on 127.0.0.1 is taken; [^\n]*",
                    run(Map.of("CACHING_HTTP_PORT", "" + port), "serve"));
        }
    }

    @Test
    void aHostThatIsNotThisMachinesIsTold() {
        saysOneSentence(
                "caching-service cannot start: [^\n]*192\\.0\\.2\\.1[^\n]*",
                run(Map.of("CACHING_HTTP_HOST", "192.0.2.1", "CACHING_HTTP_PORT", "5055"), "serve"));
    }

    @Test
    void aDataFolderThatCannotBeUsedIsToldByPath() throws IOException {
        Path file = file("a-file", "");
        for (String path : List.of(file.toString(), file + "/data", "/proc/data")) {
            Ended ended = run(Map.of("CACHING_STORE_DISK_PATH", path), "serve");
            saysOneSentence("[^\n]*" + Pattern.quote(path) + "[^\n]*", ended);
        }
    }

    private static Map<String, String> minio(S3Connection bucket, Map<String, String> other) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "MINIO_HOST", bucket.endpoint().getAuthority(),
                "MINIO_ACCESS_KEY", bucket.accessKey(),
                "MINIO_SECRET_KEY", bucket.secretKey().reveal(),
                "MINIO_BUCKET_NAME", bucket.bucket()));
        environment.putAll(other);
        return environment;
    }

    private static S3Connection bucket() {
        assumeTrue(S3Servers.minio().isPresent(), "no MinIO on this machine");
        return S3Servers.minio().orElseThrow().bucket();
    }

    @Test
    void anS3KeyThatIsRefusedAndABucketNameThatIsNoneEndIt() {
        S3Connection bucket = bucket();
        String secret = "wrong-secret-of-the-test";
        for (String command : List.of("serve", "check-config")) {
            String[] arguments = command.equals("serve") ? new String[] {command} : new String[] {command, "--connect"};
            Ended wrongKey = run(minio(bucket, Map.of("MINIO_SECRET_KEY", secret)), arguments);
            assertEquals(1, wrongKey.code());
            assertTrue(wrongKey.err().strip().matches("[^\n]*refuses the key's signature[^\n]*"), wrongKey.err());
            assertFalse(wrongKey.err().contains(secret), wrongKey.err());
            Ended badName = run(minio(bucket, Map.of("MINIO_BUCKET_NAME", "a..b")), arguments);
            assertEquals(1, badName.code());
            assertTrue(badName.err().strip().matches("[^\n]*bucket[^\n]*"), badName.err());
        }
        saysOneSentence(
                "[^\n]*bucket name[^\n]*", run(minio(bucket, Map.of("MINIO_BUCKET_NAME", "No_Bucket")), "serve"));
    }

    private static String ready(int port) {
        try (RawConnection connection =
                new RawConnection(port).send("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
            return connection.rest();
        }
    }

    @Test
    void anS3ThatIsDownIsSaidByReadyzAndComesBackByItself() throws IOException {
        S3Connection bucket = bucket();
        int port = S3Servers.freePort();
        Map<String, String> environment = minio(bucket, Map.of("MINIO_HOST", "127.0.0.1:" + port));
        Ended checked = run(environment, "check-config", "--connect");
        assertEquals(1, checked.code());
        assertTrue(checked.err().strip().matches("[^\n]*127\\.0\\.0\\.1:" + port + "[^\n]*"), checked.err());
        Vertx vertx = Vertx.vertx();
        try (ServiceProcess service = ServiceProcess.start(folder, environment, "serve")) {
            String down = ready(service.port());
            assertTrue(down.startsWith("HTTP/1.1 503 "), down);
            assertTrue(down.contains("127.0.0.1:" + port), down);
            NetClient client = vertx.createNetClient();
            URI minio = bucket.endpoint();
            Await.result(vertx.createNetServer()
                    .connectHandler(socket -> {
                        socket.pause();
                        client.connect(minio.getPort(), minio.getHost()).onSuccess(up -> {
                            pipe(socket, up);
                            pipe(up, socket);
                            socket.resume();
                        });
                    })
                    .listen(port, "127.0.0.1"));
            Await.until("to be ready", () -> ready(service.port()).startsWith("HTTP/1.1 200 "));
        } finally {
            Await.result(vertx.close());
        }
    }

    private static void pipe(NetSocket from, NetSocket to) {
        from.handler((Buffer bytes) -> to.write(bytes)).closeHandler(closed -> to.close());
    }

    @Test
    void anS3HostWithoutAnAddressIsServedAroundToo() {
        Map<String, String> environment =
                Map.of("MINIO_HOST", "no-such-host.invalid:9000", "MINIO_SECRET_KEY", "of-the-test");
        try (ServiceProcess service = ServiceProcess.start(folder, environment, "serve")) {
            String down = ready(service.port());
            assertTrue(down.startsWith("HTTP/1.1 503 ") && down.contains("no-such-host.invalid"), down);
        }
    }

    @Test
    void aDotEnvFileIsRead() throws IOException {
        file(".env", "export CACHING_STORE_DISK_PATH='elsewhere'\nCACHING_LIMITS_S3_CONNECTIONS=7\n");
        Ended ended = run(PLAIN, "check-config");
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.out().contains("store.disk.path: " + folder.resolve("elsewhere")), ended.out());
        assertTrue(ended.out().contains("limits.s3-connections: 7"), ended.out());
    }
}
