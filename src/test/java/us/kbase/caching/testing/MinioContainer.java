package us.kbase.caching.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * MinIO by Testcontainers, where a Docker engine answers and has its image or can pull it. The engine is asked once: Testcontainers
 * itself asks again for two minutes, for each test, where no registry can be reached.
 */
final class MinioContainer {

    private static final Pattern DEFAULT_IMAGE = Pattern.compile("\\$\\{MINIO_IMAGE:-(.+)}");
    private static final int SILENT_SECONDS_MAX = 20;
    private static final int PULL_SECONDS_MAX = 300;

    private MinioContainer() {}

    /** Starts one, which ends with this JVM; empty, with a line that says why, where that cannot be. */
    @SuppressWarnings("resource")
    static Optional<URI> start() {
        String image = image();
        try {
            DockerClientFactory docker = DockerClientFactory.instance();
            if (!docker.isDockerAvailable() || !isThere(docker.client(), image)) {
                return Optional.empty();
            }
            MinIOContainer minio = new MinIOContainer(
                            DockerImageName.parse(image).asCompatibleSubstituteFor("minio/minio"))
                    .withImagePullPolicy(name -> false)
                    .withUserName(S3Servers.ACCESS_KEY)
                    .withPassword(S3Servers.SECRET_KEY);
            minio.start();
            Runtime.getRuntime().addShutdownHook(new Thread(minio::stop));
            return Optional.of(URI.create(minio.getS3URL()));
        } catch (RuntimeException e) {
            System.out.println("Testcontainers could not start " + image + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The image of docker-compose.yaml, or the one that {@code MINIO_IMAGE} names there and here. */
    private static String image() {
        String named = System.getenv("MINIO_IMAGE");
        if (named != null && !named.isEmpty()) {
            return named;
        }
        try {
            Matcher found = DEFAULT_IMAGE.matcher(Files.readString(Path.of("docker-compose.yaml")));
            if (found.find()) {
                return found.group(1);
            }
            throw new AssertionError("docker-compose.yaml names no image of MinIO");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(DockerClient docker, String image) {
        try {
            docker.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException notYet) {
            return isPulled(docker, image);
        }
    }

    private static boolean isPulled(DockerClient docker, String image) {
        try (FirstNews pull = docker.pullImageCmd(image).exec(new FirstNews())) {
            if (pull.came.await(SILENT_SECONDS_MAX, TimeUnit.SECONDS)
                    && pull.awaitCompletion(PULL_SECONDS_MAX, TimeUnit.SECONDS)) {
                return true;
            }
            System.out.println("Docker does not get " + image + " from its registry");
        } catch (DockerException | IOException e) {
            System.out.println("Docker cannot pull " + image + ": " + e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return false;
    }

    /** A pull that tells when the registry has answered, or never will. */
    private static final class FirstNews extends PullImageResultCallback {
        private final CountDownLatch came = new CountDownLatch(1);

        @Override
        public void onNext(PullResponseItem item) {
            came.countDown();
            super.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            came.countDown();
            super.onError(failure);
        }

        @Override
        public void onComplete() {
            came.countDown();
            super.onComplete();
        }
    }
}
