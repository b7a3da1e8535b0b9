package us.kbase.caching.stress.compare;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import us.kbase.caching.stress.process.Child;
import us.kbase.caching.stress.process.Cleanup;
import us.kbase.caching.stress.process.ServerProcess;

/** tusd, a gateway for resumable uploads, on its S3 store: it collects each part in a temporary file before it sends it. */
final class Tusd {

    private final Child child;
    private final URI uploads;

    private Tusd(Child child, URI uploads) {
        this.child = child;
        this.uploads = uploads;
    }

    /** Starts one in front of the bucket. */
    static Tusd start(Cleanup cleanup, Path executable, Path folder, URI s3) {
        int port = Child.freePort();
        List<String> command = List.of(
                executable.toString(),
                "-host=127.0.0.1",
                "-port=" + port,
                "-base-path=/files/",
                "-s3-bucket=" + Minio.BUCKET,
                "-s3-endpoint=" + s3);
        Map<String, String> environment = Map.of(
                "AWS_ACCESS_KEY_ID", Minio.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", Minio.SECRET_KEY,
                "AWS_REGION", "us-east-1");
        Child child = Child.start(cleanup, "tusd", command, environment, folder);
        child.awaitAnswer(port, "/");
        return new Tusd(child, URI.create("http://127.0.0.1:" + port));
    }

    URI endpoint() {
        return uploads;
    }

    ServerProcess use() {
        return child.use();
    }
}
