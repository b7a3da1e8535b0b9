package us.kbase.caching.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The program as it stands in an image: the launcher and what Maven packaged, without sources. */
final class Installation {

    private Installation() {}

    /** Makes one in that folder; the launcher in it. It keeps the start-up cache of packages that are the same. */
    static Path make(Path folder) {
        try {
            Files.createDirectories(folder);
            // A copy: the launcher looks for its program beside the file that it really is.
            Path launcher = Files.copy(
                    Path.of("caching-service"),
                    folder.resolve("caching-service"),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
            link(folder.resolve("launcher"), Path.of("launcher"));
            link(folder.resolve("conf"), Path.of("conf"));
            link(folder.resolve("caching-service.jar"), Path.of("target/caching-service.jar"));
            link(folder.resolve("lib"), Path.of("target/lib"));
            return launcher.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void link(Path name, Path target) throws IOException {
        Files.deleteIfExists(name);
        Files.createSymbolicLink(name, target.toAbsolutePath());
    }
}
