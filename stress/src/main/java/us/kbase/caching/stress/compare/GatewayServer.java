package us.kbase.caching.stress.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.process.ServerProcess;

/** The gateway, by its launcher with the launcher's own flags. */
public final class GatewayServer implements AutoCloseable {

    static final String TOKEN = "compare-token";

    /** Another user's. */
    static final String OTHER_TOKEN = "compare-token-of-another";

    private final String name;
    private final Child child;
    private final int port;
    private final double firstAnswerMillis;
    private final double readyMillis;

    private GatewayServer(String name, Child child, int port) {
        this.name = name;
        this.child = child;
        this.port = port;
        this.firstAnswerMillis = child.awaitAnswer(port, "/");
        this.readyMillis = child.awaitAnswer(port, "/readyz");
    }

    /** In front of this bucket. */
    static GatewayServer onS3(Cleanup cleanup, Build build, Path folder, URI endpoint) {
        return onS3(cleanup, build, folder, endpoint, Map.of());
    }

    /** In front of the bucket at this endpoint, with these settings besides. */
    public static GatewayServer onS3(
            Cleanup cleanup, Build build, Path folder, URI endpoint, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("CACHING_STORE_TYPE", "s3");
        settings.put("CACHING_STORE_S3_ENDPOINT", endpoint.toString());
        settings.put("CACHING_STORE_S3_BUCKET", Minio.BUCKET);
        settings.put("CACHING_STORE_S3_ACCESS_KEY", Minio.ACCESS_KEY);
        settings.put("CACHING_STORE_S3_SECRET_KEY", Minio.SECRET_KEY);
        return start(cleanup, build, folder, settings);
    }

    /** On its embedded store in the folder. */
    static GatewayServer onDisk(Cleanup cleanup, Build build, Path folder, boolean fsync) {
        return start(
                cleanup,
                build,
                folder,
                Map.of(
                        "CACHING_STORE_TYPE", "disk",
                        "CACHING_STORE_DISK_PATH", folder.resolve("data").toString(),
                        "CACHING_STORE_DISK_FSYNC", Boolean.toString(fsync)));
    }

    private static GatewayServer start(Cleanup cleanup, Build build, Path folder, Map<String, String> settings) {
        int port = Child.freePort();
        Path configuration = folder.resolve("conf/caching-service.yaml"); // where it is looked for
        try {
            Files.createDirectories(configuration.getParent());
            Files.writeString(
                    configuration, "auth:\n  tokens:\n    " + TOKEN + ": stress\n    " + OTHER_TOKEN + ": another\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("CACHING_HTTP_PORT", Integer.toString(port));
        List<String> command = List.of(build.launcher().toString(), "serve");
        return new GatewayServer(build.name(), Child.start(cleanup, build.name(), command, environment, folder), port);
    }

    /** The name of its build. */
    String name() {
        return name;
    }

    /** Its base URL. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The port that it serves on. */
    public int port() {
        return port;
    }

    /** Its CPU and memory. */
    public ServerProcess use() {
        return child.use();
    }

    /** From the start of the launcher to the first good answer to {@code GET /}. */
    double firstAnswerMillis() {
        return firstAnswerMillis;
    }

    /** From the start of the launcher to {@code /readyz}. */
    double readyMillis() {
        return readyMillis;
    }

    /** Its process. */
    public Child child() {
        return child;
    }

    @Override
    public void close() {
        child.stop();
    }
}
