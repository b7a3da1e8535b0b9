package us.kbase.caching.launcher;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import us.kbase.caching.testing.ServiceProcess;

/** The real program with its start-up cache, below a path of all that a path may hold: it serves, and ends when it is told to. */
class ProgramIT {

    /** The folder's name has a blank, both quotes, letters of UTF-8 and what a URL or a shell would take apart. */
    private static final String INSTALLED = """
            home=$(printf '%s/a b\\047\\042\\303\\244%%20#$x' "$PWD")
            cp -LRp "$PROJECT/target/installation" "$home"
            """;

    /** Begins the gateway, tells its first words, and ends it. */
    private static final String SERVES = """
            home=$(echo "$PWD"/a*)
            rm -rf data gateway
            "$home/caching-service" serve >gateway 2>errors &
            gateway=$!
            trap 'kill -9 $gateway 2>/dev/null || :' EXIT
            until grep -q listens gateway; do
              kill -0 $gateway || break
              sleep 0.05
            done
            kill -TERM $gateway || :
            wait $gateway
            cat gateway errors
            """;

    @TempDir
    static Path folder;

    private static Shell shell;

    @BeforeAll
    static void anInstallation() {
        ServiceProcess.run(folder, Map.of(), "--version"); // makes the start-up cache
        shell = new Shell(
                folder,
                Map.of(
                        "PATH", System.getenv("PATH"),
                        "LC_ALL", "C.UTF-8",
                        "CACHING_HTTP_PORT", "0",
                        "CACHING_METRICS_PORT", "off",
                        "CACHING_STORE_DISK_PATH", "data"));
        shell.run(INSTALLED).endsWith(0);
    }

    private static void serves(Shell.Ended ended) {
        ended.prints("CachingService listens on http://127.0.0.1:").endsWith(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    as it is                                   |
                    an ASCII locale                            | export LC_ALL=C
                    another collector for every JVM            | export JAVA_TOOL_OPTIONS=-XX:+UseZGC
                    a young generation of another size         | export JAVA_OPTS=-Xmn40m
                    sharing is off                             | export JAVA_OPTS=-Xshare:off
                    headers of another size                    | export JAVA_OPTS=-XX:-UseCompactObjectHeaders
                    a larger heap                              | export CACHING_HEAP=300m
                    """)
    void serves(String name, String before) {
        serves(shell.run((before == null ? "" : before + "\n") + SERVES));
    }

    @Test
    void servesWhereNoTemporaryFolderCanBeWritten() {
        shell.assumeMounts();
        String noTemporaryFolder = """
                unshare -rm sh -eu <<'END'
                mount --rbind "$PWD" /mnt
                cd /mnt
                for folder in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o ro none $folder; done
                """;
        serves(shell.run(noTemporaryFolder + SERVES + "END\n"));
    }
}
