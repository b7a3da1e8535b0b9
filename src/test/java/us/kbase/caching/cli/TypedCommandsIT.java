package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;

/**
 * Every command that README, the pages on leases and expiry, and the help show, typed as a new user would: in a folder that holds nothing
 * but the program, beside the gateway that the first of them starts. Those for Docker are typed by {@code .ci/compose}.
 */
class TypedCommandsIT {

    private static final Path README = Path.of("README.md");
    private static final Path LEASES = Path.of("docs/leases.md");
    private static final Path EXPIRY = Path.of("docs/expiry.md");
    private static final String SERVE = "./caching-service serve\n";

    /** Programs that samples name and no machine has, and those that would stay. */
    private static final String OTHERS = """
            mkdir -p bin
            printf '#!/bin/sh\\nfor last; do :; done; if [ "$last" = - ]; then cat; else cat "$last"; fi\\n' >bin/samtools
            printf '#!/bin/sh\\nmkdir -p "$1"; cp "$2" "$1"\\n' >bin/fastqc-into
            printf '#!/bin/sh\\nfor file; do echo made >"$file"; done\\n' >bin/make
            printf '#!/bin/sh\\nexec ../caching-service "$@"\\n' >bin/caching-service
            chmod +x bin/*
            PATH=$PWD/bin:$PATH
            """;

    /** What samples of help read. Each result is another one's, and the program's usual names stay as they are. */
    private static final String FILES = """
            echo "{\\"job\\": \\"$PWD\\"}" | tee p.json >params.json
            head -c 100000 /dev/urandom | tee big >result.bam
            cp big in.sam; cp big reads.fq; mkdir report; cp big report/page
            """;

    /** Stores of nobody, one to move from and one to move to. */
    private static final String TWO_STORES = """
            for store in old new; do cp -R ../data $store; rm -f $store/gateway; done
            mkdir conf
            printf 'store: {disk: {path: new}}\\nprevious: {type: disk, disk: {path: old}}\\n' >conf/caching-service.yaml
            """;

    @TempDir
    private static Path home;

    private static ServiceProcess gateway;
    private static String url;
    private static String token;
    private static int metricsPort;

    private Path folder;

    @BeforeAll
    static void typeTheFirst() throws IOException {
        Files.createSymbolicLink(home.resolve("caching-service"), ServiceProcess.LAUNCHER);
        metricsPort = S3Servers.freePort();
        assertEquals(SERVE, Commands.blocks(README).get(0).text());
        gateway = ServiceProcess.command(
                home,
                Map.of("CACHING_METRICS_PORT", "" + metricsPort, "CACHING_AUTH_ADMIN_USERS", "developer"),
                List.of("./caching-service", "serve"));
        url = "http://127.0.0.1:" + gateway.port();
        token = gateway.said(Pattern.compile("(?m)^Authorization: (\\S+)$")).group(1);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void anEmptyFolder() throws IOException {
        folder = Files.createTempDirectory(home, "typed");
    }

    private static Ended type(Path where, String script) {
        Map<String, String> environment = new HashMap<>(Map.of("CACHING_SERVER", url));
        String typed = script.replace("http://127.0.0.1:5000", url)
                .replace("http://127.0.0.1:5001", "http://127.0.0.1:" + metricsPort)
                .replace("https://cache.example.org", url)
                .replace("your token", token);
        try (ServiceProcess shell = ServiceProcess.command(where, environment, List.of("sh", "-eu", "-c", typed))) {
            return shell.ended();
        }
    }

    private static Ended succeeds(Path where, String script) {
        Ended ended = type(where, script);
        assertEquals(0, ended.code(), () -> script + ended.out() + ended.err());
        return ended;
    }

    @Test
    void theFirstFiveMinutes() {
        String all = Commands.blocks(README).stream()
                .filter(block ->
                        block.heading().equals("Try it") && !block.text().equals(SERVE))
                .map(Commands.Block::text)
                .collect(Collectors.joining());
        assertTrue(all.contains("put --params") && all.contains("--extract"), all);
        String spans = Commands.spans(README).stream()
                .filter(span ->
                        !span.endsWith(" move")) // which needs two stores; the sample of its help is typed with them
                .map(span -> span.replaceFirst("\\[([^]|]*)( \\|[^]]*)?]", "$1")) // one of what may be chosen
                .map(span -> span.endsWith(" purge") ? "echo yes | " + span : span)
                .map(span -> span + "\n")
                .collect(Collectors.joining());
        Ended ended = succeeds(home, "umask 022\n" + all + spans);
        assertFalse(ended.err().contains("Exception"), ended.err());
    }

    @Test
    void everyBlockOfTheReadmeIsTypedHereOrNeedsDocker() {
        assertEquals(
                Set.of("Try it", "Containers"),
                Commands.blocks(README).stream().map(Commands.Block::heading).collect(Collectors.toSet()));
    }

    @Test
    void ofManyAtOnceOneComputes() {
        String twenty = Commands.blocks(LEASES).stream()
                .map(Commands.Block::text)
                .filter(text -> text.contains("seq 20"))
                .findFirst()
                .orElseThrow();
        Ended ended = succeeds(
                folder,
                "ln -s ../data data\n"
                        + twenty.replace("./caching-service", "../caching-service")
                                .replace("seq 20", "seq 4")
                                .replace("60000000", "6000000"));
        assertEquals(
                1, ended.out().lines().filter(line -> line.startsWith("run ")).count(), ended.out());
        assertEquals(
                1,
                ended.out()
                        .lines()
                        .filter(line -> line.contains(".gz"))
                        .map(line -> line.substring(0, 64))
                        .distinct()
                        .count(),
                ended.out());
    }

    @Test
    void sweepsAreTyped() {
        Commands.blocks(EXPIRY).stream()
                .filter(block -> block.text().contains("./caching-service"))
                .forEach(block -> succeeds(home, block.text()));
    }

    static List<String> requests() {
        List<String> requests = Commands.rows(README);
        assertTrue(requests.size() >= 18, requests.toString());
        return requests;
    }

    /** As a table's row is tried: behind the first, which tells the id, and an upload. */
    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsAnswered(String request) throws IOException {
        String prelude = """
                A="Authorization: %s"
                U=%s
                head -c 1000000 /dev/urandom >content
                ID=$(%s | sed 's/.*"cache_id":"\\([^"]*\\).*/\\1/')
                """.formatted(
                        token,
                        url,
                        requests().get(0).replace("demo", folder.getFileName().toString()));
        succeeds(folder, prelude + before(request) + request + " >answer\n" + behind(request));
        String answer = Files.exists(folder.resolve("answer")) ? Files.readString(folder.resolve("answer")) : "";
        assertFalse(answer.startsWith("{\"error\""), answer);
    }

    private static String before(String request) {
        if (request.contains("/files")) {
            return "mkdir -p tree/plots; cp content tree/plots/a.png\n"
                    + "CACHING_TOKEN=${A#* } ../caching-service put --id $ID tree >/dev/null\n";
        }
        String uploaded = "curl -sf -H \"$A\" -T content \"$U/v1/cache/$ID?filename=result.bam\" >/dev/null\n";
        return request.contains("result.bam") && !request.contains("-o ")
                ? "cp content result.bam\n"
                : uploaded + (request.contains("-C -") ? "head -c 5000 content >result.bam\n" : "");
    }

    private static String behind(String request) {
        if (request.contains("-OJ")) {
            return "cmp content " + (request.contains("/files/") ? "a.png" : "result.bam") + "\n";
        }
        return request.contains("result.bam")
                ? "curl -sf -H \"$A\" $U/v1/cache/$ID | cmp content -; cmp content result.bam\n"
                : "";
    }

    static List<String> samples() {
        List<String> samples = Commands.helpSamples();
        assertTrue(samples.size() >= 15, samples.toString());
        return samples.stream()
                .filter(sample -> !sample.equals("caching-service serve")) // it stays
                .toList();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleOfHelpWorks(String sample) {
        String result = sample.contains("--extract") ? "report" : "result.bam";
        String there = sample.contains("caching-service get ")
                ? "caching-service put --params params.json " + result + " >/dev/null; rm -r report\n"
                : "";
        String room = sample.contains("fastqc-into") ? "rm -r report\n" : sample.contains(" move ") ? TWO_STORES : "";
        String with = "ln -s ../data data\n" + OTHERS + FILES + there + room;
        succeeds(folder, with + sample + " >printed\n");
    }
}
