package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import us.kbase.caching.expiry.Purge;
import us.kbase.caching.expiry.Sweep;
import us.kbase.caching.expiry.SweepOptions;
import us.kbase.caching.expiry.SweepReport;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.StoreTime;
import us.kbase.caching.store.s3.client.S3Calls;
import us.kbase.caching.store.s3.client.S3Connection;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Loop;
import us.kbase.caching.testing.S3Servers;
import us.kbase.caching.testing.Stores;

/** Keys of others, as odd as the server takes them: a generated corpus on every real server that is there. */
@ParameterizedClass(name = "{0}")
@MethodSource("servers")
class OddKeysIT {

    private static final int GENERATED = 60;
    private static final int PAGE = 40;
    private static final String OURS = "0123456789abcdef-ours";
    private static final List<String> NAMED = List.of(
            "a b",
            "a+b",
            "a%b",
            "a%2Fb",
            "%00",
            "100%",
            "a&b=c",
            "a?b",
            "a#b",
            "a;b",
            "<Key>",
            "]]>",
            "&amp;",
            "\"quoted\"",
            "line\nbreak",
            "carriage\rreturn",
            "tab\there",
            "bell\u0007",
            "escape\u001b[31m",
            "del\u007f",
            "grün",
            "日本語",
            "𝄞",
            "a\u0301",
            "\u202egnp.exe",
            "/leading",
            "trailing/",
            "a//b",
            "a/b/c",
            ".hidden",
            "~",
            "*",
            "'",
            "\\back",
            "k".repeat(200),
            ("d".repeat(100) + "/").repeat(10) + "end",
            "dir/../up",
            "..",
            "./here",
            "\uFFFE",
            "new\u0085line",
            "\u2028");

    @Parameter
    S3Servers.Server server;

    private Vertx vertx;
    private Loop loop;
    private S3Calls calls;
    private ObjectStore store;
    private final Set<String> taken = new TreeSet<>();

    static Stream<S3Servers.Server> servers() {
        return S3Servers.all().stream();
    }

    @BeforeEach
    void putTheCorpus() {
        vertx = Vertx.vertx();
        loop = new Loop(vertx);
        S3Connection bucket = server.bucket();
        store = loop.call(() -> {
            ObjectStore opened = Stores.s3(vertx, bucket);
            return opened.prepare().map(opened);
        });
        calls = loop.call(() -> Future.succeededFuture(Stores.calls(vertx, bucket)));
        corpus().forEach(key -> loop.call(() -> S3Calls.future(calls.client()
                        .putObject(put -> put.bucket(calls.bucket()).key(key), AsyncRequestBody.fromString("x")))
                .map(done -> taken.add(asKept(key)))
                .otherwise(false))); // what a server does not take cannot be in its bucket
        loop.call(() -> store.put(
                OURS,
                new Body(ByteSource.of(io.vertx.core.buffer.Buffer.buffer("x")), 1),
                java.util.Map.of("expiration", "1000", "filename", "placeholder", "token_id", "me"),
                Guard.once(new Precondition.Absent())));
        assertTrue(taken.size() > NAMED.size() / 2, "the server takes only " + taken);
    }

    @AfterEach
    void close() {
        loop.call(store::close);
        Loop.await(vertx.close());
    }

    private static List<String> corpus() {
        List<String> keys = new ArrayList<>(NAMED);
        Random random = new Random(19);
        for (int i = 0; i < GENERATED; i++) {
            StringBuilder key = new StringBuilder();
            int length = 1 + random.nextInt(30);
            for (int at = 0; at < length; at++) {
                int kind = random.nextInt(4);
                key.appendCodePoint(
                        kind == 0
                                ? 1 + random.nextInt(127)
                                : kind == 1 ? 0xA0 + random.nextInt(0x500) : 'a' + random.nextInt(26));
            }
            keys.add(key.toString());
        }
        keys.removeIf(key -> key.getBytes(StandardCharsets.UTF_8).length > 1024);
        return keys;
    }

    @Test
    void everyKeyIsListedOnceAsItIs() {
        List<String> listed = new ArrayList<>();
        String after = "";
        while (true) {
            String from = after;
            Page page = loop.call(() -> store.list(from, PAGE));
            listed.addAll(page.keys());
            if (!page.more()) {
                break;
            }
            after = page.keys().get(page.keys().size() - 1);
        }
        assertTrue(listed.contains(OURS));
        assertEquals(List.of(), missing(listed));
        assertEquals(new TreeSet<>(listed).size(), listed.size());
    }

    @Test
    void expireLeavesThemAlone() {
        SweepOptions all = new SweepOptions(
                SweepOptions.Effect.REMOVE, SweepOptions.Stops.HEED, Duration.ZERO, Duration.ofHours(24));
        SweepReport report = loop.call(() -> new Sweep(vertx, store, new StoreTime(InstantSource.system()), all).run());
        assertEquals(1, report.removed(), report.summary());
        everyForeignKeyIsThere();
    }

    @Test
    void purgeLeavesThemAlone() {
        Purge.Count count = loop.call(() -> new Purge(store).remove());
        assertEquals(1, count.entries());
        everyForeignKeyIsThere();
    }

    private void everyForeignKeyIsThere() {
        assertEquals(List.of(), missing(loop.call(() -> store.list("", 1000)).keys()));
    }

    /** What was put and is not listed, readable; a server that cannot write a key lists something in its place. */
    private List<String> missing(Collection<String> listed) {
        return taken.stream()
                .filter(key -> !listed.contains(key) && canBeWritten(key))
                .map(OddKeysIT::readable)
                .toList();
    }

    /** MinIO encodes what XML has no place for; versitygw writes another character. */
    private boolean canBeWritten(String key) {
        return isMinio()
                || key.codePoints().allMatch(c -> c >= ' ' && c != 0xFFFE || c == '\t' || c == '\n' || c == '\r');
    }

    /** MinIO drops a leading slash, versitygw makes a path of a key. */
    private String asKept(String key) {
        String rootless = key.startsWith("/") ? key.substring(1) : key;
        return isMinio() ? rootless : Path.of(rootless).normalize() + (key.endsWith("/") ? "/" : "");
    }

    private boolean isMinio() {
        return server.name().startsWith("MinIO");
    }

    private static String readable(String key) {
        return key.codePoints()
                .mapToObj(c -> c > 32 && c < 127 ? Character.toString(c) : "<%x>".formatted(c))
                .collect(Collectors.joining());
    }
}
