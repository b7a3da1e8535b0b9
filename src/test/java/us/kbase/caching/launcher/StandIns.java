package us.kbase.caching.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A checkout of the real launcher with a program of one line, and stand-ins for Maven and Java: {@code checkout/}, {@code bin/mvn},
 * {@code jdk/}, {@code jre/}, {@code old/}, {@code home/}.
 */
final class StandIns {

    /** Words before a command that make its user one who may not write what the test's user wrote. */
    static final String ANOTHER_USER = "root".equals(System.getProperty("user.name"))
            ? "setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=\"$PWD/nobody\" "
            : "";

    private static final String FILES = """
            mkdir -p home nobody bin jdk/bin jre/bin old/bin checkout/src/main/java checkout/conf checkout/stress/src/main/java
            if [ "$(id -u)" = 0 ]; then chown 65534 nobody; fi
            cp -R "$PROJECT/caching-service" "$PROJECT/launcher" checkout
            cp "$PROJECT"/stress/stress "$PROJECT"/stress/siege checkout/stress
            echo one >checkout/src/main/java/Program.java
            echo stress >checkout/stress/src/main/java/Program.java
            echo '<project/>' | tee checkout/pom.xml >checkout/stress/pom.xml
            echo 'JAVA_VERSION="25.0.3"' | tee jdk/release >jre/release
            echo 'JAVA_VERSION="17.0.1"' >old/release
            """;

    private StandIns() {}

    /** Makes them in that folder; a shell there that finds them. */
    static Shell make(Path folder) throws IOException {
        // Another user passes through the folder to what is in it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Shell shell = new Shell(
                folder,
                Map.of(
                        "PATH", folder.resolve("bin") + ":" + System.getenv("PATH"),
                        "HOME", folder.resolve("home").toString(),
                        "JAVA_HOME", folder.resolve("jdk").toString(),
                        "LC_ALL", "C.UTF-8",
                        "BUILDS", folder.resolve("builds").toString()));
        shell.run(FILES).endsWith(0);
        executable("mvn", folder.resolve("bin/mvn"));
        for (String java : List.of("jdk/bin/java", "jdk/bin/javac", "jre/bin/java", "old/bin/java")) {
            executable("java", folder.resolve(java));
        }
        return shell;
    }

    private static void executable(String resource, Path file) throws IOException {
        try (InputStream script = Objects.requireNonNull(StandIns.class.getResourceAsStream("/launcher/" + resource))) {
            Files.copy(script, file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
