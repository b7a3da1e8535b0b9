package us.kbase.caching.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import us.kbase.caching.Gateway;
import us.kbase.caching.bundle.HandmadeZip;
import us.kbase.caching.config.GatewayConfig;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Configs;
import us.kbase.caching.testing.JobClient;
import us.kbase.caching.testing.ScriptedServer;
import us.kbase.caching.testing.ServiceProcess;
import us.kbase.caching.testing.ServiceProcess.Ended;
import us.kbase.caching.testing.Signals;

/** Folders and several files as one result, by the real launcher in a shell. */
class BundleIT {

    private static final String FUNCTION = "cs() { " + ServiceProcess.LAUNCHER + " \"$@\"; }\n";
    private static final int FILES = 2000;

    /** Of the whole folder; {@code -Dbundle.bytes=3221225472 -Dprocess.seconds=600} on demand. */
    private static final int BYTES_MEAN = Math.toIntExact(Long.getLong("bundle.bytes", 50_000_000L) / FILES);

    private static final long UPLOAD_BYTES_MAX = 1L << 40;

    @TempDir
    private static Path data;

    private static Gateway gateway;
    private static JobClient client;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        gateway = Await.result(Gateway.start(Configs.withUploads(
                UPLOAD_BYTES_MAX,
                Configs.of(1, Map.of(JobClient.TOKEN, "alice"), new GatewayConfig.Store.Disk(data, false)))));
        client = new JobClient(gateway.port(), JobClient.TOKEN);
    }

    @AfterAll
    static void stop() {
        client.close();
        Await.result(gateway.close());
    }

    private JsonObject parameters;

    @BeforeEach
    void parameters() throws IOException {
        parameters = new JsonObject().put("job", folder.toString());
        Files.writeString(folder.resolve("p.json"), parameters.encode());
    }

    private Ended shell(String script) {
        Map<String, String> environment =
                Map.of("CACHING_SERVER", "http://127.0.0.1:" + gateway.port(), "CACHING_TOKEN", JobClient.TOKEN);
        try (ServiceProcess process =
                ServiceProcess.command(folder, environment, List.of("sh", "-e", "-c", FUNCTION + script))) {
            return process.ended();
        }
    }

    private void succeeds(String script) {
        Ended ended = shell(script);
        assertEquals(0, ended.code(), ended.out() + ended.err());
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(Path tree) throws IOException {
        Random random = new Random(11);
        Path last = tree;
        for (int i = 0; i < FILES; i++) {
            Path parent = Files.createDirectories(tree.resolve("ordner-" + i % 37 + "/é日本-" + i % 5));
            byte[] content = new byte[random.nextInt(2 * BYTES_MEAN)];
            random.nextBytes(content);
            Path file = Files.write(parent.resolve("datei-ü-" + i + (i % 3 == 0 ? ".txt" : ".bin")), content);
            String mode =
                    List.of("rw-r--r--", "rwxr-x--x", "r--------", "rw-rw-rw-").get(i % 4);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            if (i % 50 == 1) {
                Files.createSymbolicLink(parent.resolve("verweis-" + i), parent.relativize(last));
            }
            last = file;
        }
        Files.createDirectories(tree.resolve("leer"));
    }

    /** Path to kind, mode and content. */
    private static Map<String, String> shown(Path root) throws IOException {
        Map<String, String> shown = new TreeMap<>();
        try (Stream<Path> found = Files.walk(root)) {
            for (Path path : (Iterable<Path>) found::iterator) {
                if (!path.equals(root)) {
                    shown.put(root.relativize(path).toString(), shownOne(path));
                }
            }
        }
        return shown;
    }

    private static String shownOne(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "-> " + Files.readSymbolicLink(path);
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        return mode + (Files.isDirectory(path) ? "/" : " " + Arrays.hashCode(Files.readAllBytes(path)));
    }

    @Test
    void aFolderOfThousandsIsOneResultAndComesBackEqual() throws IOException {
        Path made = Files.createDirectory(folder.resolve("made"));
        fill(made);
        succeeds("cs run --params p.json --out tree -- cp -a made tree 2>err; grep '^caching-service: miss: ' err");
        succeeds("cs get --params p.json --extract copy; cs get --params p.json a.zip");
        assertEquals(shown(made), shown(folder.resolve("copy")));
        succeeds("mkdir elsewhere; cd elsewhere; cs run --params ../p.json --out tree -- false 2>err;"
                + " grep '^caching-service: hit: ' err");
        assertEquals(shown(made), shown(folder.resolve("elsewhere/tree")));
        assertEquals(List.of("a.zip", "copy", "elsewhere", "err", "made", "p.json", "tree"), names());
        aMemberIsSentAlone(made);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unzip")), "no unzip here");
        succeeds("unzip -tqq a.zip; mkdir by-unzip; cd by-unzip; LC_ALL=C.UTF-8 unzip -qq ../a.zip");
        assertEquals(shown(made).keySet(), shown(folder.resolve("by-unzip")).keySet());
    }

    private static void aMemberIsSentAlone(Path made) throws IOException {
        String id = client.cacheId(new JsonObject().put("job", made.getParent().toString()));
        String path = "ordner-3/é日本-3/datei-ü-3.txt";
        String escaped = path.replace("é日本", "%C3%A9%E6%97%A5%E6%9C%AC").replace("ü", "%C3%BC");
        JobClient.Reply reply = client.send(client.request("/cache/" + id + "/files/" + escaped)
                .header("Range", "bytes=100-199")
                .GET());
        assertEquals(206, reply.status());
        assertArrayEquals(Arrays.copyOfRange(Files.readAllBytes(made.resolve(path)), 100, 200), reply.body());
        assertEquals(
                shown(made).size(),
                client.send(client.request("/cache/" + id + "/files").GET())
                        .json()
                        .getJsonArray("files")
                        .size());
    }

    @Test
    void severalOutputsAreOneResult() throws IOException {
        succeeds("cs run --params p.json --out a.txt --out sub/ -- sh -c 'echo 1 > a.txt; mkdir sub; echo 2 > sub/b'");
        succeeds("mkdir there; cd there; mkdir x; cs run --params ../p.json --out x/a.txt --out sub -- false");
        assertEquals("1\n", Files.readString(folder.resolve("there/x/a.txt")));
        assertEquals("2\n", Files.readString(folder.resolve("there/sub/b")));
        succeeds("cs get --params p.json --extract all");
        assertEquals("1\n", Files.readString(folder.resolve("all/a.txt")));
    }

    @ParameterizedTest
    @CsvSource({"t, a", "t/a t/b, b", "t x, t/a"})
    void aFolderOrSeveralFilesArePut(String named, String found) throws IOException {
        succeeds("mkdir t; echo 1 > t/a; echo 1 > t/b; echo 1 > x; cs put --params p.json " + named
                + "; cs get --params p.json --extract got");
        assertEquals("1\n", Files.readString(folder.resolve("got/" + found)));
    }

    /** An archive that somebody made is a file like any other. */
    @Test
    void aZipFileOfACommandStaysAFile() throws IOException {
        Files.write(folder.resolve("made.zip"), HandmadeZip.of("a", "1").bytes());
        succeeds("cs run --params p.json --out b.zip -- cp made.zip b.zip");
        succeeds("rm b.zip; cs run --params p.json --out b.zip -- false; cmp made.zip b.zip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mkdir d; touch d/old; cs run --params p.json --out d -- touch ran",
                "cs run --params p.json --out a/x --out b/x -- touch ran",
                "cs run --params p.json --out a --out - -- touch ran",
                "cs get --params p.json --extract no/folder",
                "cs get --params p.json --extract d f",
                "cs put --params p.json p.json -",
                "mkfifo f; mkdir e; mv f e; cs put --params p.json e",
                "mkdir e; ln -s ../x e/l; cs put --params p.json e",
                "cs put --params p.json p.json; cs get --params p.json --extract d"
            })
    void whatCannotBeIsToldInOneSentenceAndNothingIsLeft(String script) {
        Ended ended = shell(script);
        assertTrue(ended.code() != 0);
        assertTrue(ended.err().matches("caching-service: [^\n]*\\.\n(Try '[^\n]*\n)?"), ended.err());
        assertTrue(
                names().stream()
                        .allMatch(name -> List.of("p.json", "d", "e", "f").contains(name)),
                names()::toString);
        assertTrue(!Files.exists(folder.resolve("d")) || Files.exists(folder.resolve("d/old")));
    }

    @Test
    void aHostileArchiveIsRefusedByNameAndWritesNothingOutside() throws IOException {
        Files.write(
                folder.resolve("evil.zip"),
                HandmadeZip.of("good", "1").with("../evil", "2").bytes());
        Ended ended = shell("cs put --params p.json evil.zip; cs get --params p.json --extract d");
        assertEquals(1, ended.code());
        assertEquals(
                "caching-service: ../evil leads out of its folder, so it is neither packed nor unpacked.\n",
                ended.err());
        assertEquals(List.of("evil.zip", "p.json"), names());
        assertTrue(!Files.exists(folder.resolveSibling("evil")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalInTheMiddleLeavesNothing(String signal) throws IOException {
        Signals.assumeHeard(signal);
        byte[] archive = HandmadeZip.of("a", "0123456789").with("b", "x").bytes();
        String bytes = new String(archive, java.nio.charset.StandardCharsets.ISO_8859_1);
        String tail = "HTTP/1.1 206 Partial Content\r\nETag: \"e\"\r\nContent-Range: bytes 0-" + (archive.length - 1)
                + "/" + archive.length + "\r\nContent-Length: " + archive.length + "\r\n\r\n" + bytes;
        String begun = "HTTP/1.1 200 OK\r\nContent-Length: " + archive.length + "\r\n\r\n" + bytes.substring(0, 40)
                + ScriptedServer.HOLD;
        try (ScriptedServer server = new ScriptedServer(tail, begun);
                ServiceProcess get = ServiceProcess.start(
                        folder,
                        Map.of("CACHING_SERVER", server.url(), "CACHING_TOKEN", JobClient.TOKEN),
                        "get",
                        "--id",
                        "x",
                        "--extract",
                        "got")) {
            Await.until("a part", () -> names().stream().anyMatch(name -> name.endsWith(".part")));
            get.signal(signal);
            assertEquals(signal.equals("INT") ? 130 : 143, get.ended().code());
            assertEquals(List.of("p.json"), names());
        }
    }
}
