package us.kbase.caching.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;

/** A walk that reads what lies in the embedded store: each damaged entry is named, every other one is left as it is. */
class VerificationTest {

    private static final Map<String, String> OURS =
            Map.of("expiration", "4102444800", "filename", "reads.fa", "token_id", "static:alice");
    private static final long FAST = 1L << 40;

    @TempDir
    private Path root;

    private Vertx vertx;
    private DataFolder folder;
    private DiskObjectStore store;

    @BeforeEach
    void open() throws IOException {
        vertx = Vertx.vertx();
        folder = DataFolder.open(root.resolve("data"));
        store = new DiskObjectStore(vertx, folder, false);
    }

    @AfterEach
    void close() {
        Await.result(vertx.close());
        folder.close();
    }

    private static String key(int number) {
        return String.format("%0128x", number * 1000L + 7);
    }

    private void put(String key, Buffer content, Map<String, String> metadata) {
        Await.result(store.put(
                key,
                Body.exact(ByteSource.of(content), content.length()),
                metadata,
                Guard.once(new Precondition.Absent())));
    }

    private Buffer content(Random random, int bytes) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        return Buffer.buffer(content);
    }

    private VerifyReport all() {
        return Await.result(Future.future(promise -> vertx.runOnContext(
                v -> new Verification(vertx, store, FAST).all().onComplete(promise))));
    }

    private Path file(String key) {
        return folder.root().resolve("entries").resolve(key.substring(0, 3)).resolve(key);
    }

    private void flip(String key, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file(key));
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        Files.write(file(key), bytes);
    }

    @Test
    void ofAStoreThatIsWholeFindsNoDamage() {
        Random random = new Random(1);
        for (int i = 0; i < 5; i++) {
            put(key(i), content(random, 1000), OURS);
        }
        put("foreign", content(random, 10), Map.of());
        VerifyReport report = all();
        assertEquals(5, report.entries());
        assertEquals(5, report.verified());
        assertEquals(5000, report.bytes());
        assertEquals(0, report.damaged());
        assertEquals(0, report.failed());
    }

    @Test
    void damageThatAnotherObjectReplacedIsForgotten() throws IOException {
        Random random = new Random(7);
        put(key(1), content(random, 1000), OURS);
        flip(key(1), random);
        assertEquals(1, all().damaged());
        assertTrue(store.upkeep().foundDamaged(key(1)).isPresent());
        put(key(1), content(random, 1000), OURS);
        assertEquals(Optional.empty(), store.upkeep().foundDamaged(key(1)));
        Await.result(store.delete(key(1)));
        assertEquals(Optional.empty(), store.upkeep().foundDamaged(key(1)));
    }

    @Test
    void eachRunHasANumberOfItsOwn() {
        Verifier verifier = Await.result(
                Future.future(promise -> vertx.runOnContext(v -> promise.complete(new Verifier(vertx, store)))));
        assertEquals(0, verifier.state().run());
        Verifier.State first = verifier.begin(Optional.empty(), FAST).orElseThrow();
        Await.until("its end", () -> !verifier.state().running());
        assertEquals(first.run(), verifier.state().run());
        Verifier.State second = verifier.begin(Optional.empty(), FAST).orElseThrow();
        assertTrue(second.run() > first.run() && first.run() > 0);
        Await.until("its end", () -> !verifier.state().running());
    }

    @Test
    void findsEachFlippedFileAndNoOther() throws IOException {
        Random random = new Random(2);
        TreeSet<String> flipped = new TreeSet<>();
        for (int i = 0; i < 120; i++) {
            put(key(i), content(random, 1 + random.nextInt(3000)), OURS);
        }
        put(key(120), content(random, 3 << 20), OURS);
        for (int i = 0; i <= 120; i += 1 + random.nextInt(5)) {
            flip(key(i), random);
            flipped.add(key(i));
        }
        VerifyReport report = all();
        List<String> named = new ArrayList<>();
        report.shown().forEach(one -> named.add(one.cacheId()));
        assertEquals(List.copyOf(flipped), named);
        assertEquals(flipped.size(), report.damaged());
        assertEquals(121 - flipped.size(), report.verified());
        assertTrue(report.shown().stream().noneMatch(one -> one.how().isEmpty()));
    }

    @Test
    void ofSomeIdsReadsThoseAndTellsWhatIsNotThere() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 3; i++) {
            put(key(i), content(random, 100), OURS);
        }
        flip(key(0), random);
        flip(key(1), random);
        List<CacheId> ids = List.of(
                CacheId.parse(key(1)).orElseThrow(),
                CacheId.parse(key(2)).orElseThrow(),
                CacheId.parse(key(9)).orElseThrow());
        VerifyReport report = Await.result(Future.future(promise -> vertx.runOnContext(
                v -> new Verification(vertx, store, FAST).these(ids).onComplete(promise))));
        assertEquals(1, report.damaged());
        assertEquals(key(1), report.shown().get(0).cacheId());
        assertEquals(1, report.verified());
        assertEquals(1, report.absent());
    }

    @Test
    void readsNoFasterThanItMay() {
        AtomicLong nanos = new AtomicLong();
        ReadRate rate = new ReadRate(vertx, nanos::get, 1000);
        assertTrue(rate.passed(0).isComplete());
        assertTrue(!rate.passed(100).isComplete()); // a tenth of a second early
        nanos.addAndGet(100_000_000);
        assertTrue(rate.passed(0).isComplete());
        nanos.addAndGet(60_000_000_000L); // a pause is made up for by one second's bytes only
        assertTrue(rate.passed(1000).isComplete());
        assertTrue(!rate.passed(100).isComplete());
    }
}
