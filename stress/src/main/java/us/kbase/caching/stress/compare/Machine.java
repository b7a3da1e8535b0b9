package us.kbase.caching.stress.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import us.kbase.caching.stress.process.Child;

/** What the figures were measured on. */
final class Machine {

    private Machine() {}

    static String describe(Path launcher, Path minio, Optional<Path> nginx) {
        Runtime runtime = Runtime.getRuntime();
        return String.join(
                "; ",
                LocalDate.now().toString(),
                cpu() + ", " + runtime.availableProcessors() + " cores for clients and servers together",
                "Linux " + System.getProperty("os.version"),
                "Java " + System.getProperty("java.vm.version"),
                // What it says while it builds itself comes before.
                Child.run(List.of(launcher.toString(), "--version"))
                        .lines()
                        .reduce((before, last) -> last)
                        .orElse("?"),
                firstLine(Child.run(List.of(minio.toString(), "--version"))),
                nginx.map(program -> firstLine(Child.run(List.of(program.toString(), "-v"))))
                        .orElse("no nginx"));
    }

    private static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String firstLine(String text) {
        return text.lines()
                .findFirst()
                .orElse("?")
                .replaceFirst("^nginx version: ", "")
                .replaceFirst(" \\(commit.*", "");
    }
}
