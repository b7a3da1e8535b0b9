package us.kbase.caching.stress.compare;

import java.net.URI;
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
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        Folder.sync(data);
    }
}
