package us.kbase.caching.once;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A version of the program, as a class path.
 *
 * @param classPath its jars or classes
 * @param logging its {@code logback.xml}
 */
record Program(String classPath, Path logging) {

    /** What is tested here. */
    static final Program THIS = new Program(
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Path.of("conf/logback.xml"));

    /** A version that was built in a folder of its own. */
    static Program of(Path home) {
        return new Program(
                home.resolve("target/caching-service.jar") + ":" + home.resolve("target/lib") + "/*",
                home.resolve("conf/logback.xml"));
    }

    /** Whether it is built. */
    boolean isThere() {
        return Files.isReadable(Path.of(classPath.split(":")[0]));
    }

    /** Runs a main class of it, behind other words such as {@code ip netns exec x}; its output goes to the end of a file. */
    Process start(Path log, Map<String, String> environment, List<String> before, List<String> main)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dvertx.disableDnsResolver=true",
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                classPath));
        command.addAll(main);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
