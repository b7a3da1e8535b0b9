package us.kbase.caching.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.ByteRange;
import us.kbase.caching.store.Guard;
import us.kbase.caching.store.GuardedRemoval;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Observation;
import us.kbase.caching.store.Precondition;
import us.kbase.caching.store.Stored;
import us.kbase.caching.store.Upkeep;
import us.kbase.caching.store.WrongChecksum;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.stream.Chunk;
import us.kbase.caching.stream.Pump;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.ScriptedSource;
import us.kbase.caching.testing.WatchedStore;

/** The operations of v1 on a real store, with a clock that the test sets. */
class CacheServiceTest {

    private static final CacheId ID = new CacheId("id");
    private static final String ME = "http://auth:5000:me";
    private static final String YOU = "http://auth:5000:you";
    private static final long WEEK = 604_800;
    private static final long DAY = 86_400;
    private static final long MONTH = 2_592_000;

    private static Vertx vertx;

    @TempDir
    Path root;

    private final AtomicLong now = new AtomicLong(1_700_000_000);
    private DataFolder folder;
    private ObjectStore store;
    private CacheService cache;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    private final List<CacheId> changed = new CopyOnWriteArrayList<>();

    @AfterAll
    static void stopVertx() {
        Await.result(vertx.close());
    }

    @BeforeEach
    void openStore() throws IOException {
        folder = DataFolder.open(root);
        store = new DiskObjectStore(vertx, folder, false);
        cache = cacheOn(store);
    }

    @AfterEach
    void nothingIsLeftInTheStore() throws IOException {
        try (var leftovers = Files.walk(root.resolve("tmp")).filter(Files::isRegularFile)) {
            assertEquals(List.of(), leftovers.toList());
        }
        folder.close();
    }

    private CacheService cacheOn(ObjectStore any) {
        return new CacheService(
                vertx,
                any,
                () -> Instant.ofEpochSecond(now.get()),
                new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), changed::add));
    }

    private Map<String, String> reserve(String tokenId) {
        return Await.result(cache.reserve(ID, tokenId, Departures.NEVER));
    }

    private Admission admit(String tokenId) {
        return Await.result(cache.admit(ID, tokenId, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER));
    }

    private Future<Void> upload(Admission admitted, String filename, ByteSource bytes) {
        return cache.store(admitted, new CacheService.Upload(filename, 30, new Body(bytes, Body.UNKNOWN)));
    }

    private void upload(String tokenId, String content) {
        Await.result(upload(admit(tokenId), "reads.fa", ByteSource.of(Buffer.buffer(content))));
    }

    private String download(String tokenId) {
        return text(Await.result(cache.open(ID, tokenId, ByteRange.ALL)));
    }

    private static String text(CacheService.Opened opened) {
        Buffer all = Buffer.buffer();
        Await.result(Pump.run(opened.download().bytes(), chunk -> {
            Chunk.moveTo(all, chunk);
            return Future.succeededFuture();
        }));
        return all.toString();
    }

    private Stored stored() {
        return Await.result(store.head(ID.value())).orElseThrow();
    }

    private void later(long seconds) {
        now.addAndGet(seconds);
    }

    private void putForeignObject() {
        Body body = new Body(ByteSource.of(Buffer.buffer("theirs")), 6);
        Await.result(store.put(ID.value(), body, Map.of("note", "no entry"), Guard.once(new Precondition.Absent())));
    }

    /** A store that keeps what comes, and whose reply to a result's write names another checksum. */
    private ObjectStore garbling() {
        return new WatchedStore(store) {
            @Override
            public Future<String> put(String key, Body body, Map<String, String> metadata, Guard guard) {
                Future<String> kept = super.put(key, body, metadata, guard);
                return metadata.get("filename").equals("placeholder")
                        ? kept
                        : kept.compose(etag -> Future.failedFuture(
                                new Failure.Upstream("other bytes", new WrongChecksum("a", "b", etag))));
            }
        };
    }

    @Test
    void otherBytesThanWereSentAreTakenBack() {
        cache = cacheOn(garbling());
        reserve(ME);
        Admission admitted = admit(ME);
        Await.failure(Failure.Upstream.class, upload(admitted, "reads.fa", ByteSource.of(Buffer.buffer("content"))));
        Await.failure(Failure.NotFound.class, cache.open(ID, ME, ByteRange.ALL));
        assertEquals("placeholder", stored().metadata().get("filename"));
        assertEquals(ME, stored().metadata().get("token_id"));
        cache = cacheOn(store);
        upload(ME, "again");
        assertEquals("again", download(ME));
    }

    /** Bytes that end only after something else happened to the entry. */
    private static ByteSource meanwhile(String content, Runnable happens) {
        ByteSource bytes = ByteSource.of(Buffer.buffer(content));
        return new ByteSource() {
            @Override
            public Future<Buffer> next() {
                return bytes.next()
                        .compose(chunk -> ByteSource.isEnd(chunk)
                                ? vertx.executeBlocking(() -> {
                                    happens.run();
                                    return chunk;
                                })
                                : Future.succeededFuture(chunk));
            }

            @Override
            public void cancel() {
                bytes.cancel();
            }
        };
    }

    @Nested
    class AskingForAnId {

        @Test
        void makesAPlaceholderThatLivesAWeek() {
            Map<String, String> expected =
                    Map.of("expiration", Long.toString(now.get() + WEEK), "filename", "placeholder", "token_id", ME);
            assertEquals(expected, reserve(ME));
            assertEquals(expected, stored().metadata());
        }

        @Test
        void againGivesTheSameAndWritesNothing() {
            Map<String, String> first = reserve(ME);
            String etag = stored().etag();
            later(WEEK);
            assertEquals(first, reserve(ME));
            assertEquals(etag, stored().etag());
        }

        @Test
        void givesTheFilesMetadataOnceThereIsOne() {
            reserve(ME);
            upload(ME, "content");
            assertEquals(
                    Map.of("expiration", Long.toString(now.get() + MONTH), "filename", "reads.fa", "token_id", ME),
                    reserve(ME));
        }

        @Test
        void ofAnotherUserIsForbidden() {
            reserve(ME);
            Await.failure(Failure.Forbidden.class, cache.reserve(ID, YOU, Departures.NEVER));
        }

        @Test
        void whoseTimeIsOverMakesAFreshPlaceholderForWhoeverAsks() {
            reserve(ME);
            upload(ME, "content");
            later(MONTH + DAY + 1);
            assertEquals(
                    Map.of("expiration", Long.toString(now.get() + WEEK), "filename", "placeholder", "token_id", YOU),
                    reserve(YOU));
            Await.failure(Failure.Forbidden.class, cache.open(ID, ME, ByteRange.ALL));
        }

        @SuppressWarnings("unchecked")
        private GuardedRemoval strike(Observation seen, Object marker) {
            return new GuardedRemoval() {
                @Override
                public Future<Boolean> mark() {
                    Body body = new Body(ByteSource.of(Buffer.buffer("marker")), 6);
                    Guard guard =
                            Guard.once(new Precondition.Matches(seen.stored().etag()));
                    return store.put(seen.stored().key(), body, (Map<String, String>) marker, guard)
                            .map(true);
                }

                @Override
                public Future<Boolean> remove() {
                    throw new UnsupportedOperationException();
                }
            };
        }

        /** A plain write that is tried again could hit the same bytes published anew: on S3 they have the same ETag. */
        @Test
        void whereAResultExpiredWritesOntoItsETagOnlyByAStrikeThatEndsInTime() {
            reserve(ME);
            upload(ME, "old");
            String etag = stored().etag();
            later(MONTH + DAY + 1);
            List<Precondition> conditions = new CopyOnWriteArrayList<>();
            Upkeep likeS3 = (Upkeep) Proxy.newProxyInstance(
                    Upkeep.class.getClassLoader(),
                    new Class<?>[] {Upkeep.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "etagNamesVersion" -> false;
                        case "arm" -> strike((Observation) arguments[0], arguments[1]);
                        default -> method.invoke(store.upkeep(), arguments);
                    });
            cache = cacheOn((ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(),
                    new Class<?>[] {ObjectStore.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("put")) {
                            conditions.add(((Guard) arguments[3]).first());
                        }
                        return method.getName().equals("upkeep") ? likeS3 : method.invoke(store, arguments);
                    }));
            assertEquals("placeholder", reserve(ME).get("filename"));
            assertFalse(conditions.contains(new Precondition.Matches(etag)), conditions.toString());
            assertTrue(stored().metadata().containsKey("replaced-at"));
        }

        @Test
        void showsNoMetadataButTheThreeOfTheOriginal() {
            Body body = new Body(ByteSource.of(Buffer.buffer("a")), 1);
            Map<String, String> metadata =
                    Map.of("expiration", "1700000009", "filename", "a", "token_id", ME, "sent-filename", "%C3%A4");
            Await.result(store.put(ID.value(), body, metadata, Guard.once(new Precondition.Absent())));
            assertEquals(Map.of("expiration", "1700000009", "filename", "a", "token_id", ME), reserve(ME));
        }

        @Test
        void thatNamesAnObjectOfSomebodyElsesIsForbidden() {
            putForeignObject();
            Await.failure(Failure.Forbidden.class, cache.reserve(ID, ME, Departures.NEVER));
            assertEquals(Map.of("note", "no entry"), stored().metadata());
        }

        /** An ETag may name bytes and not a version: two placeholders with equal bytes would look like one. */
        @Test
        void makesPlaceholdersThatDifferInTheirBytes() {
            reserve(ME);
            String first = bytesOfPlaceholder();
            later(WEEK + 1);
            reserve(ME);
            assertNotEquals(first, bytesOfPlaceholder());
            assertTrue(first.length() < 200, first);
        }

        private String bytesOfPlaceholder() {
            var download = Await.result(store.get(ID.value(), ByteRange.ALL)).orElseThrow();
            return text(new CacheService.Opened(new Entry.File(ME, "x", 0, download.stored()), download));
        }

        @Test
        void byManyAtOnceMakesOnePlaceholder() {
            List<Future<Map<String, String>>> asked = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> cache.reserve(ID, ME, Departures.NEVER))
                    .toList();
            Await.result(Future.all(asked));
            asked.forEach(answer -> assertEquals(stored().metadata(), answer.result()));
        }

        @Test
        void thatChangesEachTimeItIsReadIsBusyAndNotAnError() {
            CacheService restless = cacheOn(new RestlessStore());
            Await.failure(Failure.Busy.class, restless.reserve(ID, ME, Departures.NEVER));
        }
    }

    @Nested
    class Uploading {

        @Test
        void toAnIdThatNobodyAskedForIsNotFound() {
            Await.failure(
                    Failure.NotFound.class, cache.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER));
        }

        @Test
        void andRemovalAreToldToThoseWhoWait() {
            reserve(ME);
            assertEquals(List.of(), changed);
            upload(ME, "content");
            assertEquals(List.of(ID), changed);
            Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
            assertEquals(List.of(ID, ID), changed);
        }

        @Test
        void makesAFileThatLivesAMonth() {
            reserve(ME);
            Await.result(upload(admit(ME), "../My File.fa", ByteSource.of(Buffer.buffer("content"))));
            assertEquals(
                    Map.of(
                            "expiration",
                            Long.toString(now.get() + MONTH),
                            "filename",
                            "My_File.fa",
                            "token_id",
                            ME,
                            "idle-days",
                            "30",
                            "filename-sent",
                            "..%2FMy%20File.fa"),
                    stored().metadata());
            assertEquals("content", download(ME));
        }

        @Test
        void againReplacesTheFileAndRenewsItsTime() {
            reserve(ME);
            upload(ME, "old");
            later(MONTH);
            upload(ME, "new");
            assertEquals("new", download(ME));
            assertEquals(Long.toString(now.get() + MONTH), stored().metadata().get("expiration"));
        }

        @Test
        void ontoWhatThisNodeHasJustWrittenAsksTheStoreForNothing() {
            AtomicInteger heads = new AtomicInteger();
            ObjectStore counted = (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(),
                    new Class<?>[] {ObjectStore.class},
                    (proxy, method, arguments) -> {
                        heads.addAndGet(method.getName().equals("head") ? 1 : 0);
                        return method.invoke(store, arguments);
                    });
            cache = cacheOn(counted);
            reserve(ME);
            upload(ME, "content");
            assertEquals(0, heads.get());
            assertEquals("content", download(ME));
            upload(ME, "again");
            assertEquals(1, heads.get());
        }

        @Test
        void ontoWhatAnotherNodeRemovedIsNotFoundAndPublishesNothing() {
            reserve(ME);
            Await.result(cacheOn(store).remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
            Await.failure(
                    Failure.NotFound.class, upload(admit(ME), "reads.fa", ByteSource.of(Buffer.buffer("content"))));
            assertTrue(Await.result(store.head(ID.value())).isEmpty());
        }

        @Test
        void ontoWhatAnotherNodePublishedWinsAsTheLast() {
            reserve(ME);
            CacheService other = cacheOn(store);
            Admission admitted = Await.result(other.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER));
            Body body = new Body(ByteSource.of(Buffer.buffer("theirs")), 6);
            Await.result(other.store(admitted, new CacheService.Upload("theirs", 30, body)));
            upload(ME, "mine");
            assertEquals("mine", download(ME));
        }

        @Test
        void toAnotherUsersIdIsForbidden() {
            reserve(ME);
            Await.failure(
                    Failure.Forbidden.class, cache.admit(ID, YOU, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER));
        }

        @Test
        void byItsOwnerToAnEntryWhoseTimeIsOverIsTaken() {
            reserve(ME);
            later(WEEK + 1);
            upload(ME, "paid for");
            assertEquals("paid for", download(ME));
        }

        @Test
        void ofAFileNamedPlaceholderCanBeReadBack() {
            reserve(ME);
            Await.result(upload(admit(ME), "placeholder", ByteSource.of(Buffer.buffer("content"))));
            assertEquals("content", download(ME));
        }

        @Test
        void ofNoBytesMakesAFileOfNoBytes() {
            reserve(ME);
            upload(ME, "");
            assertEquals("", download(ME));
        }

        @Test
        void thatBreaksLeavesTheOldFile() {
            reserve(ME);
            upload(ME, "old");
            Stored before = stored();
            ByteSource broken = ScriptedSource.broken(Buffer.buffer("half of the n"), 4, new Failure.ClientGone(null));
            Await.failure(Failure.ClientGone.class, upload(admit(ME), "new", broken));
            assertEquals(before, stored());
            assertEquals("old", download(ME));
        }

        @Test
        void thatEndsLastWinsWhole() {
            reserve(ME);
            ByteSource slow = meanwhile("slow", () -> upload(ME, "quick"));
            Await.result(upload(admit(ME), "slow.txt", slow));
            assertEquals("slow", download(ME));
            assertEquals("slow.txt", stored().metadata().get("filename"));
        }

        @Test
        void toAnEntryThatWasRemovedMeanwhileIsNotFoundAndPublishesNothing() {
            reserve(ME);
            ByteSource slow = meanwhile(
                    "slow",
                    () -> Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER)));
            Await.failure(Failure.NotFound.class, upload(admit(ME), "slow.txt", slow));
            assertTrue(Await.result(store.head(ID.value())).isEmpty());
        }

        @Test
        void toAnEntryThatWasRemovedAndMadeAgainMeanwhileIsPublished() {
            reserve(ME);
            ByteSource slow = meanwhile("slow", () -> {
                Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
                reserve(ME);
            });
            Await.result(upload(admit(ME), "slow.txt", slow));
            assertEquals("slow", download(ME));
        }

        @Test
        void toAnExpiredEntryKeepsItForItsOwnerFromTheMomentItIsAdmitted() {
            reserve(ME);
            later(WEEK + 1);
            ByteSource slow = meanwhile(
                    "slow", () -> Await.failure(Failure.Forbidden.class, cache.reserve(ID, YOU, Departures.NEVER)));
            Await.result(upload(admit(ME), "slow.txt", slow));
            assertEquals("slow", download(ME));
        }

        @Test
        void toAnEntryThatChangesEachTimeItIsReadIsBusy() {
            RestlessStore restless = new RestlessStore();
            CacheService service = cacheOn(restless);
            restless.present = Map.of("expiration", "1800000000", "filename", "placeholder", "token_id", ME);
            Body body = new Body(ByteSource.of(Buffer.buffer("a")), 1);
            Admission admitted = Await.result(service.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER));
            Await.failure(Failure.Busy.class, service.store(admitted, new CacheService.Upload("x", 30, body)));
        }
    }

    @Nested
    class Downloading {

        @Test
        void ofAPlaceholderOrNothingIsNotFound() {
            Await.failure(Failure.NotFound.class, cache.open(ID, ME, ByteRange.ALL));
            reserve(ME);
            Await.failure(Failure.NotFound.class, cache.open(ID, ME, ByteRange.ALL));
            Await.failure(Failure.NotFound.class, cache.stat(ID, ME));
        }

        @Test
        void ofAnotherUsersFileIsForbidden() {
            reserve(ME);
            upload(ME, "content");
            Await.failure(Failure.Forbidden.class, cache.open(ID, YOU, ByteRange.ALL));
            Await.failure(Failure.Forbidden.class, cache.stat(ID, YOU));
        }

        @Test
        void worksUntilTheLastSecondAndIsNotFoundAfterIt() {
            reserve(ME);
            upload(ME, "content");
            later(MONTH + DAY - now.get() % DAY); // to the end of the day on which its month is over
            assertEquals("content", download(ME));
            later(1);
            Await.failure(Failure.NotFound.class, cache.open(ID, ME, ByteRange.ALL));
            Await.failure(Failure.NotFound.class, cache.stat(ID, ME));
        }

        @Test
        void ofARangeGivesItsBytes() {
            reserve(ME);
            upload(ME, "0123456789");
            assertEquals("345", text(Await.result(cache.open(ID, ME, new ByteRange(3, 5)))));
            assertEquals("89", text(Await.result(cache.open(ID, ME, new ByteRange(-2, Long.MAX_VALUE)))));
        }

        @Test
        void ofARangeBehindTheEndSaysTheLengthToItsOwnerOnly() {
            reserve(ME);
            upload(ME, "0123456789");
            ByteRange behind = new ByteRange(10, Long.MAX_VALUE);
            var failure = Await.failure(Failure.RangeNotSatisfiable.class, cache.open(ID, ME, behind));
            assertEquals(10, failure.lengthBytes());
            Await.failure(Failure.Forbidden.class, cache.open(ID, YOU, behind));
        }

        @Test
        void ofARangeBehindTheEndOfAPlaceholderIsNotFound() {
            reserve(ME);
            Await.failure(Failure.NotFound.class, cache.open(ID, ME, new ByteRange(10_000, Long.MAX_VALUE)));
        }
    }

    @Nested
    class Deleting {

        @Test
        void removesAFileAndAPlaceholder() {
            reserve(ME);
            Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
            assertTrue(Await.result(store.head(ID.value())).isEmpty());
            reserve(ME);
            upload(ME, "content");
            Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
            assertTrue(Await.result(store.head(ID.value())).isEmpty());
        }

        @Test
        void againIsNotFound() {
            reserve(ME);
            Await.result(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
            Await.failure(
                    Failure.NotFound.class, cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
        }

        @Test
        void ofAnotherUsersEntryIsForbiddenAndRemovesNothing() {
            reserve(ME);
            upload(ME, "content");
            Await.failure(
                    Failure.Forbidden.class, cache.remove(ID, Requester.user(YOU), ResultCheck.NONE, Departures.NEVER));
            assertEquals("content", download(ME));
        }

        @Test
        void ofAnEntryWhoseTimeIsOverIsNotFound() {
            reserve(ME);
            later(WEEK + 1);
            Await.failure(
                    Failure.NotFound.class, cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
        }

        @Test
        void ofAnObjectOfSomebodyElsesIsForbiddenAndRemovesNothing() {
            putForeignObject();
            Await.failure(
                    Failure.Forbidden.class, cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
            assertEquals(Map.of("note", "no entry"), stored().metadata());
        }
    }

    /** The version that was looked at, which cannot be removed: nothing is said to be gone that is not. */
    @Test
    void aConditionalDeletionThatRemovesNothingIsNoSuccess() {
        reserve(ME);
        upload(ME, "result");
        Upkeep inner = store.upkeep();
        Upkeep powerless = (Upkeep) Proxy.newProxyInstance(
                Upkeep.class.getClassLoader(),
                new Class<?>[] {Upkeep.class},
                (proxy, method, arguments) ->
                        method.getName().equals("arm") ? new Powerless() : method.invoke(inner, arguments));
        CacheService careful = cacheOn(new WatchedStore(store) {
            @Override
            public Upkeep upkeep() {
                return powerless;
            }
        });
        ResultCheck anyResult = present -> {};
        Await.failure(Failure.Upstream.class, careful.remove(ID, Requester.user(ME), anyResult, Departures.NEVER));
        assertEquals("result", download(ME));
    }

    private static final class Powerless implements GuardedRemoval {
        @Override
        public Future<Boolean> mark() {
            return Future.succeededFuture(true);
        }

        @Override
        public Future<Boolean> remove() {
            return Future.failedFuture(new Failure.Upstream("The disk does not write", null));
        }
    }
}
