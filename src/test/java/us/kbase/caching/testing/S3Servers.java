package us.kbase.caching.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import us.kbase.caching.secret.Secret;
import us.kbase.caching.store.s3.client.S3Connection;

/** The real S3 servers that this machine has, each started once per JVM on a free port and stopped with it. */
public final class S3Servers {

    public static final String ACCESS_KEY = "minio";
    public static final String SECRET_KEY = "minio-secret-of-tests";

    /** Each bucket takes seven, which are as long as what is in them: by the room on the disk, a small one has too few. */
    private static final int SEAWEED_VOLUMES = 10_000;

    private static final Map<String, Optional<URI>> STARTED = new java.util.concurrent.ConcurrentHashMap<>();

    private S3Servers() {}

    /** A bucket of a stand-in, which looks at no key. */
    public static S3Connection standIn(String endpoint) {
        return connection(URI.create(endpoint), "bucket", "secret");
    }

    private static S3Connection connection(URI endpoint, String bucket, String secret) {
        return new S3Connection(
                endpoint,
                bucket,
                ACCESS_KEY,
                new Secret(secret),
                Optional.empty(),
                "us-east-1",
                true,
                Optional.empty(),
                16,
                java.time.Duration.ofMinutes(1));
    }

    public record Server(String name, URI endpoint) {
        public S3Connection bucket() {
            return connection(endpoint, "test-" + UUID.randomUUID(), SECRET_KEY);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Every server there is; prints which. */
    public static List<Server> all() {
        List<Server> servers = new ArrayList<>();
        server("MinIO by Testcontainers", MinioContainer::start).ifPresent(servers::add);
        server("MinIO process", S3Servers::minioProcess).ifPresent(servers::add);
        versitygw().ifPresent(servers::add);
        return servers;
    }

    /** SeaweedFS: for the contract only, since it needs half a minute for what the others do in seconds. */
    public static Optional<Server> seaweed() {
        return server("SeaweedFS process", S3Servers::seaweedProcess);
    }

    /** Of the ten ports that it wants one may be taken before it comes to it. */
    private static Optional<URI> seaweedProcess() {
        for (int tries = 0; tries < 3; tries++) {
            try {
                return startSeaweed();
            } catch (IllegalStateException ended) {
                System.out.println("SeaweedFS ended: " + ended.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> startSeaweed() {
        return process(
                        "weed",
                        "/healthz",
                        "server",
                        "-dir=DATA",
                        "-ip=127.0.0.1",
                        "-master.telemetry=false",
                        "-master.port=FREE",
                        "-master.port.grpc=FREE",
                        "-volume.port=FREE",
                        "-volume.port.grpc=FREE",
                        "-volume.max=" + SEAWEED_VOLUMES,
                        "-master.volumeSizeLimitMB=64",
                        "-filer.port=FREE",
                        "-filer.port.grpc=FREE",
                        "-s3",
                        "-s3.port=PORT",
                        "-s3.port.grpc=FREE",
                        "-s3.port.iceberg=0",
                        "-s3.port.lance=0",
                        "-s3.config=" + seaweedUsers())
                .map(OwnProcess::endpoint);
    }

    private static Path seaweedUsers() {
        String users = """
                {"identities": [{"name": "tests", "actions": ["Admin", "Read", "Write", "List", "Tagging"],
                  "credentials": [{"accessKey": "%s", "secretKey": "%s"}]}]}
                """.formatted(ACCESS_KEY, SECRET_KEY);
        try {
            return Files.writeString(TestFolders.create("seaweed").resolve("users.json"), users);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A versitygw, which keeps its objects as files. */
    public static Optional<Server> versitygw() {
        return server(
                "versitygw process",
                () -> process(
                                "versitygw",
                                "/health",
                                "--port",
                                "127.0.0.1:PORT",
                                "--health",
                                "/health",
                                "posix",
                                "DATA")
                        .map(OwnProcess::endpoint));
    }

    /** moto: a stand-in for AWS in tests of others, which keeps conditions on one way to publish only. */
    public static Optional<Server> moto() {
        return server(
                "moto process",
                () -> process("moto_server", "/moto-api/", "-H", "127.0.0.1", "-p", "PORT")
                        .map(OwnProcess::endpoint));
    }

    /** The first that is there. */
    public static Optional<Server> any() {
        return all().stream().findFirst();
    }

    /** A MinIO, the one that starts quickest first. */
    public static Optional<Server> minio() {
        return server("MinIO process", S3Servers::minioProcess)
                .or(() -> server("MinIO by Testcontainers", MinioContainer::start));
    }

    private static Optional<URI> minioProcess() {
        return ownMinio().map(OwnProcess::endpoint);
    }

    /** A server that only its test uses, and may stop and kill. */
    public record OwnProcess(URI endpoint, Process process) {
        public S3Connection bucket() {
            return new Server("own", endpoint).bucket();
        }

        /** {@code STOP}: it stays silent while its connections stay open; {@code CONT}; {@code KILL}. */
        public void signal(String name) {
            try {
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A MinIO process that nobody else uses. */
    public static Optional<OwnProcess> ownMinio() {
        return process("minio", "/minio/health/live", "server", "--address", "127.0.0.1:PORT", "DATA");
    }

    private static Optional<Server> server(String name, Supplier<Optional<URI>> start) {
        Optional<URI> endpoint = STARTED.computeIfAbsent(name, key -> {
            Optional<URI> found = start.get();
            System.out.println("S3 server for tests: " + name
                    + (found.isPresent() ? " at " + found.get() : ": not on this machine"));
            return found;
        });
        return endpoint.map(uri -> new Server(name, uri));
    }

    private static Optional<OwnProcess> process(String program, String health, String... arguments) {
        try {
            Optional<Path> executable = Stream.concat(
                            Stream.of(System.getenv("PATH").split(":")).map(Path::of),
                            Stream.of(Path.of(System.getProperty("user.home"), ".cache", "caching-service", "bin")))
                    .map(folder -> folder.resolve(program))
                    .filter(Files::isExecutable)
                    .findFirst();
            if (executable.isEmpty()) {
                return Optional.empty();
            }
            int port = freePort();
            Path data = TestFolders.createToKeep("s3-test");
            List<String> command = new ArrayList<>(List.of(executable.get().toString()));
            for (String argument : arguments) {
                command.add(argument.replace("PORT", "" + port)
                        .replace("DATA", data.toString())
                        .replace("FREE", "" + freePort()));
            }
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            Path log = data.resolveSibling(data.getFileName() + ".log");
            builder.redirectOutput(log.toFile());
            builder.environment().putAll(Map.of("MINIO_ROOT_USER", ACCESS_KEY, "MINIO_ROOT_PASSWORD", SECRET_KEY));
            builder.environment().putAll(Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY));
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, data, log)));
            URI endpoint = URI.create("http://127.0.0.1:" + port);
            awaitAnswer(endpoint.resolve(health), process);
            return Optional.of(new OwnProcess(endpoint, process));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(program + " did not start", e);
        }
    }

    private static void end(Process process, Path... files) {
        process.destroyForcibly().onExit().join();
        Stream.of(files).forEach(TestFolders::delete);
    }

    private static void awaitAnswer(URI health, Process process) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                client.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.discarding());
                return;
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new IllegalStateException("no answer from " + health);
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
