package us.kbase.caching.stress.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.process.Folder;

/** A MinIO of our own on the loopback interface. */
public final class Minio {

    /** Its access key. */
    public static final String ACCESS_KEY = "minio";
    /** Its secret key. */
    public static final String SECRET_KEY = "minio-secret-of-compare";
    /** The bucket that is used. */
    public static final String BUCKET = "compare";

    private static final int COUNT_MILLIS = 11_000;

    private final Child child;
    private final Path data;
    private final int port;

    private Minio(Child child, Path data, int port) {
        this.child = child;
        this.data = data;
        this.port = port;
    }

    /** Starts one with its data in this folder. */
    public static Minio start(Cleanup cleanup, Path executable, Path folder) {
        int port = Child.freePort();
        Path data = folder.resolve("minio-data");
        Child child = Child.start(
                cleanup,
                "minio",
                List.of(executable.toString(), "server", "--address", "127.0.0.1:" + port, data.toString()),
                Map.of(
                        "MINIO_ROOT_USER",
                        ACCESS_KEY,
                        "MINIO_ROOT_PASSWORD",
                        SECRET_KEY,
                        "MINIO_BROWSER",
                        "off",
                        "MINIO_PROMETHEUS_AUTH_TYPE",
                        "public",
                        "MINIO_API_DELETE_CLEANUP_INTERVAL",
                        "1s"), // minutes later its writing would disturb another round
                folder);
        child.awaitAnswer(port, "/minio/health/live");
        return new Minio(child, data, port);
    }

    /** The program of this name where the project keeps such programs, or on the PATH. */
    public static Optional<Path> find(String program) {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "caching-service", "bin");
        Stream<Path> folders = Stream.concat(
                Stream.of(cache), Stream.of(System.getenv("PATH").split(":")).map(Path::of));
        return Stream.concat(folders, Stream.of(Path.of("/usr/sbin")))
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int port() {
        return port;
    }

    /** The S3 calls that it has answered, by its own count, which is up to ten seconds old. */
    long callsAnswered() {
        Child.pause(COUNT_MILLIS);
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI counts = endpoint().resolve("/minio/v2/metrics/cluster");
            return client.send(HttpRequest.newBuilder(counts).build(), HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith("minio_s3_requests_total{"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Stands still from now on. */
    void freeze() {
        child.signal("STOP");
    }

    void thaw() {
        child.signal("CONT");
    }

    /** Deleted objects wait in a trash folder that MinIO empties in its own time: empty it now, and let the disk settle. */
    void settle() {
        Path trash = data.resolve(".minio.sys/tmp/.trash");
        if (Files.isDirectory(trash)) {
            try (Stream<Path> deleted = Files.list(trash)) {
                deleted.forEach(Folder::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Folder.sync(data);
    }
}
