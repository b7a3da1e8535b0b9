package us.kbase.caching.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.kbase.caching.cache.CacheService;
import us.kbase.caching.cache.Changes;
import us.kbase.caching.cache.LastUse;
import us.kbase.caching.cache.Lifetimes;
import us.kbase.caching.cache.Requester;
import us.kbase.caching.cache.ResultCheck;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.memory.Budget;
import us.kbase.caching.store.Body;
import us.kbase.caching.store.disk.DataFolder;
import us.kbase.caching.store.disk.DiskObjectStore;
import us.kbase.caching.stream.ByteSource;
import us.kbase.caching.testing.Await;
import us.kbase.caching.testing.Departures;
import us.kbase.caching.testing.Loop;

class LeaseServiceTest {

    private static final String ME = "static:me";
    private static final CacheId ID = new CacheId("job");
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Budget ROOM_FOR_ALL = Budget.of("waiters", 1L << 30);

    @TempDir
    private Path folder;

    private Vertx vertx;
    private DataFolder data;
    private CountingStore store;
    private LeaseService leases;
    private CacheService cache;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        data = DataFolder.open(folder.resolve("data"));
        begin(CountingStore.Conditions.KEPT);
    }

    private CacheService cacheTelling(Changes changes) {
        return new CacheService(
                vertx, store, Clock.systemUTC(), new CacheService.Node(Lifetimes.ORIGINAL, new LastUse(), changes));
    }

    private void begin(CountingStore.Conditions conditions) {
        store = new CountingStore(new DiskObjectStore(vertx, data, false), conditions);
        leases = Loop.await(LeaseService.start(
                        vertx,
                        () -> store,
                        Clock.systemUTC(),
                        Lifetimes.ORIGINAL,
                        new LeaseService.Waking(changed -> {}, POLL, ROOM_FOR_ALL))
                .compose(started -> started.probed().otherwiseEmpty().map(started)));
        cache = cacheTelling(leases);
        Loop.await(cache.reserve(ID, ME, Departures.NEVER));
        store.reads.set(0);
        store.writes.set(0);
    }

    @AfterEach
    void close() throws Exception {
        Loop.await(vertx.close());
        data.close();
    }

    @Test
    void tenThousandWaitersCostTheStoreAsMuchAsOne() throws Exception {
        LeaseAnswer.Leased lease = lease();
        long began = System.nanoTime();
        List<Future<LeaseAnswer>> waiting = IntStream.range(0, 10_000)
                .mapToObj(i -> leases.ask(ID, ME, waiting(30), Departures.NEVER))
                .toList();
        vertx.timer(1000).toCompletionStage().toCompletableFuture().get();
        assertFalse(waiting.get(0).isComplete());
        publish("computed", lease.secret());
        Loop.await(Future.all(waiting));
        long polls = (System.nanoTime() - began) / POLL.toNanos();
        waiting.forEach(grant -> assertInstanceOf(LeaseAnswer.Ready.class, grant.result()));
        assertTrue(store.reads.get() < 10 + polls, store.reads + " reads in " + polls + " polls");
        assertEquals(2, store.writes.get(), "the lease and the file");
    }

    @Test
    void aReleasedLeaseIsTakenByOneOfManyWithOneWrite() {
        LeaseAnswer.Leased lease = lease();
        List<Future<LeaseAnswer>> waiting = IntStream.range(0, 1000)
                .mapToObj(i -> leases.ask(ID, ME, waiting(30), Departures.NEVER))
                .toList();
        store.writes.set(0);
        Loop.await(leases.release(ID, ME, lease.secret()));
        LeaseAnswer next = Loop.await(Future.any(waiting)).resultAt(indexOfDone(waiting));
        assertInstanceOf(LeaseAnswer.Leased.class, next);
        assertEquals(1, waiting.stream().filter(Future::isComplete).count());
        assertEquals(2, store.writes.get(), "the release and the next lease");
    }

    private static int indexOfDone(List<Future<LeaseAnswer>> futures) {
        return IntStream.range(0, futures.size())
                .filter(i -> futures.get(i).isComplete())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFirstToComeIsTheFirstToTake() {
        LeaseAnswer.Leased lease = lease();
        Future<LeaseAnswer> first = leases.ask(ID, ME, waiting(30), Departures.NEVER);
        Future<LeaseAnswer> second = leases.ask(ID, ME, waiting(30), Departures.NEVER);
        Loop.await(leases.release(ID, ME, lease.secret()));
        LeaseAnswer.Leased taken = (LeaseAnswer.Leased) Loop.await(first);
        assertFalse(second.isComplete());
        assertTrue(taken.fencing() > lease.fencing());
    }

    @Test
    void whoLeftIsPassedOver() {
        LeaseAnswer.Leased lease = lease();
        Promise<Void> gone = Promise.promise();
        Future<LeaseAnswer> left = leases.ask(ID, ME, waiting(30), gone.future());
        Future<LeaseAnswer> stays = leases.ask(ID, ME, waiting(30), Departures.NEVER);
        gone.complete();
        Loop.await(left.transform(done -> Future.succeededFuture()));
        assertInstanceOf(Failure.ClientGone.class, left.cause());
        Loop.await(leases.release(ID, ME, lease.secret()));
        assertInstanceOf(LeaseAnswer.Leased.class, Loop.await(stays));
    }

    @Test
    void aChangeThatNobodyToldOfIsFoundByTheNextLook() {
        LeaseAnswer.Leased lease = lease();
        Future<LeaseAnswer> waiting = leases.ask(ID, ME, waiting(30), Departures.NEVER);
        CacheService elsewhere = cacheTelling(changed -> {});
        Loop.await(new LeaseAdmission(vertx, store, Clock.systemUTC())
                .under(ID, ME, lease.secret(), ResultCheck.NONE, Departures.NEVER)
                .compose(admitted -> elsewhere.store(admitted, new CacheService.Upload("f", 30, body("computed")))));
        assertInstanceOf(LeaseAnswer.Ready.class, Loop.await(waiting));
    }

    @Test
    void nobodyLooksForWhoHasLeft() throws Exception {
        lease();
        Promise<Void> gone = Promise.promise();
        Future<LeaseAnswer> left = leases.ask(ID, ME, waiting(30), gone.future());
        gone.complete();
        Loop.await(left.transform(done -> Future.succeededFuture()));
        int before = store.reads.get();
        vertx.timer(3 * POLL.toMillis())
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        assertEquals(before, store.reads.get());
    }

    @Test
    void whereTooManyWaitTheNextOneIsAnsweredAtOnceUntilOneLeaves() {
        LeaseService small = Loop.await(LeaseService.start(
                        vertx,
                        () -> store,
                        Clock.systemUTC(),
                        Lifetimes.ORIGINAL,
                        new LeaseService.Waking(changed -> {}, POLL, roomForOthersAnd(2)))
                .compose(started -> started.probed().map(started)));
        lease();
        Promise<Void> gone = Promise.promise();
        Future<LeaseAnswer> first = small.ask(ID, ME, waiting(30), gone.future());
        Future<LeaseAnswer> second = small.ask(ID, ME, waiting(30), Departures.NEVER);
        assertInstanceOf(LeaseAnswer.Pending.class, Loop.await(small.ask(ID, ME, waiting(30), Departures.NEVER)));
        assertFalse(first.isComplete() || second.isComplete());

        gone.complete();
        Loop.await(first.transform(done -> Future.succeededFuture()));
        Future<LeaseAnswer> next = small.ask(ID, ME, waiting(1), Departures.NEVER);
        Loop.await(vertx.timer(POLL.toMillis()).mapEmpty());
        assertFalse(next.isComplete(), "there is room again");
    }

    /** A caller leaves as much to others as it takes. */
    private static Budget roomForOthersAnd(int waitersOfOne) {
        return Budget.of("waiters", 2 * waitersOfOne * LeaseService.WAITER_BYTES);
    }

    @Test
    void oneCallersWaitersLeaveRoomForAnothers() {
        CacheId other = new CacheId("another-job");
        Loop.await(cache.reserve(other, "static:you", Departures.NEVER));
        LeaseService small = start(roomForOthersAnd(3));
        lease();
        List<Future<LeaseAnswer>> mine = IntStream.range(0, 20)
                .mapToObj(i -> small.ask(ID, ME, waiting(30), Departures.NEVER))
                .toList();
        Await.until(
                "most are answered",
                () -> mine.stream().filter(Future::isComplete).count() == 17);
        Future<LeaseAnswer> yours = small.ask(other, "static:you", watching(30), Departures.NEVER);
        Loop.await(small.ask(other, "static:you", watching(0), Departures.NEVER));
        assertFalse(yours.isComplete(), "there is room for another caller");
    }

    @Test
    void whoWaitedGivesItsRoomBack() {
        Budget budget = roomForOthersAnd(10);
        LeaseService small = start(budget);
        lease();
        Loop.await(Future.all(IntStream.range(0, 5)
                .mapToObj(i -> small.ask(ID, ME, waiting(1), Departures.NEVER))
                .toList()));
        assertEquals(0, budget.usedBytes());
    }

    private LeaseService start(Budget waiters) {
        return Loop.await(LeaseService.start(
                        vertx,
                        () -> store,
                        Clock.systemUTC(),
                        Lifetimes.ORIGINAL,
                        new LeaseService.Waking(changed -> {}, POLL, waiters))
                .compose(started -> started.probed().map(started)));
    }

    @Test
    void aStrangerIsRefusedWhileTheOwnerWaitsBehindAHolder() {
        lease();
        Future<LeaseAnswer> owner = leases.ask(ID, ME, waiting(30), Departures.NEVER);
        Loop.await(leases.ask(ID, ME, watching(0), Departures.NEVER)); // the owner's line knows the holder now
        for (int wait : new int[] {0, 1, 30}) {
            assertThrows(
                    Failure.Forbidden.class,
                    () -> Loop.await(leases.ask(ID, "static:stranger", waiting(wait), Departures.NEVER)),
                    "wait " + wait);
        }
        assertFalse(owner.isComplete());
    }

    @Test
    void aStrangerHearsNothingOfTheHolderWhileTheStoreIsSilent() {
        lease();
        Future<LeaseAnswer> owner = leases.ask(ID, ME, waiting(30), Departures.NEVER);
        Loop.await(leases.ask(ID, ME, watching(0), Departures.NEVER));
        store.silent = true;
        Future<LeaseAnswer> stranger = leases.ask(ID, "static:stranger", waiting(1), Departures.NEVER);
        Loop.await(leases.ask(ID, ME, waiting(1), Departures.NEVER)); // the owner's own wait ends meanwhile
        assertFalse(stranger.isComplete());
        assertFalse(owner.isComplete());
    }

    @Test
    void aStoreThatIsDownIsAskedLessAndLess() {
        Loop.await(leases.ask(ID, ME, new LeaseRequest(1, 0, "dies", LeaseRequest.Intent.COMPUTE), Departures.NEVER));
        Future<LeaseAnswer> next = leases.ask(ID, ME, waiting(30), Departures.NEVER);
        Loop.await(leases.ask(ID, ME, watching(0), Departures.NEVER));
        store.down = true;
        store.reads.set(0);
        Loop.await(vertx.timer(3000)); // the lease is overdue for two of these seconds
        assertTrue(store.reads.get() <= 30, store.reads.get() + " reads");
        assertFalse(next.isComplete());
        store.down = false;
        assertInstanceOf(LeaseAnswer.Leased.class, Loop.await(next));
    }

    @Test
    void aStoreThatIsDownIsNotProbedByEachCall() {
        store.down = true;
        LeaseService begun = Loop.await(LeaseService.start(
                vertx,
                () -> store,
                Clock.systemUTC(),
                Lifetimes.ORIGINAL,
                new LeaseService.Waking(changed -> {}, POLL, ROOM_FOR_ALL)));
        store.writes.set(0);
        for (int i = 0; i < 200; i++) {
            assertThrows(Failure.Upstream.class, () -> Loop.await(begun.ask(ID, ME, waiting(30), Departures.NEVER)));
        }
        assertTrue(store.writes.get() <= 5 * 16, store.writes.get() + " writes");
        store.down = false;
        Await.until(
                "it is asked again", () -> !Loop.await(begun.probed().map(false).otherwise(true)));
    }

    @Test
    void aRenewalOrReleaseThatOthersAlwaysOvertakeIsBusy() {
        String secret = lease().secret();
        store.restless = true;
        assertThrows(Failure.Busy.class, () -> Loop.await(leases.renew(ID, ME, secret, Optional.empty())));
        assertThrows(Failure.Busy.class, () -> Loop.await(leases.release(ID, ME, secret)));
    }

    @Test
    void aLeaseKeepsItsPlaceholderForAsLongAsPlaceholdersLive() {
        LeaseService patient = Loop.await(LeaseService.start(
                vertx,
                () -> store,
                Clock.systemUTC(),
                new Lifetimes(30, 365, 20),
                new LeaseService.Waking(changed -> {}, POLL, ROOM_FOR_ALL)));
        Loop.await(patient.ask(
                ID, ME, new LeaseRequest(60, 0, "somebody", LeaseRequest.Intent.COMPUTE), Departures.NEVER));
        long expires = Long.parseLong(
                Loop.await(cache.reserve(ID, ME, Departures.NEVER)).get("expiration"));
        long days = (expires - Clock.systemUTC().instant().getEpochSecond() + 60) / 86_400;
        assertEquals(20, days);
    }

    @Test
    void anUploadThatWasPublishedUnderItsLeaseMayBeRepeated() {
        String secret = lease().secret();
        publish("computed", secret);
        publish("computed", secret);
        assertEquals(8, Loop.await(cache.stat(ID, ME)).stored().lengthBytes());
    }

    @Test
    void anUploadIsNotRepeatedOverWhatItsOwnerPublishedLater() {
        String secret = lease().secret();
        publish("computed", secret);
        Loop.await(cache.admit(ID, ME, Body.UNKNOWN, ResultCheck.NONE, Departures.NEVER)
                .compose(admitted -> cache.store(admitted, new CacheService.Upload("f", 30, body("by hand")))));
        assertThrows(Failure.LeaseLost.class, () -> publish("computed", secret));
        assertThrows(Failure.LeaseLost.class, () -> Loop.await(leases.release(ID, ME, secret)));
    }

    @Test
    void anUploadIsNotRepeatedAfterItsResultWasDeleted() {
        String secret = lease().secret();
        publish("computed", secret);
        Loop.await(cache.remove(ID, Requester.user(ME), ResultCheck.NONE, Departures.NEVER));
        assertThrows(Failure.LeaseLost.class, () -> publish("computed", secret));
    }

    @Test
    void aLeaseMayBeGivenBackTwiceAlsoWhenTheNextOneHoldsAlready() {
        String secret = lease().secret();
        Loop.await(leases.release(ID, ME, secret));
        Loop.await(leases.release(ID, ME, secret));
        String next = lease().secret();
        Loop.await(leases.release(ID, ME, secret));
        Loop.await(leases.renew(ID, ME, next, Optional.empty()));
    }

    @Test
    void aLeaseWhoseResultWasPublishedMayBeGivenBack() {
        String secret = lease().secret();
        publish("computed", secret);
        Loop.await(leases.release(ID, ME, secret));
        assertThrows(Failure.LeaseLost.class, () -> Loop.await(leases.release(ID, ME, "another")));
        assertThrows(Failure.Forbidden.class, () -> Loop.await(leases.release(ID, "static:stranger", secret)));
    }

    @Test
    void aWaitEndsWithWordOfTheHolder() {
        lease();
        LeaseAnswer.Pending pending =
                (LeaseAnswer.Pending) Loop.await(leases.ask(ID, ME, waiting(1), Departures.NEVER));
        assertEquals("somebody", pending.held().orElseThrow().holder());
    }

    @Test
    void leasesAreRefusedOnAStoreThatIgnoresConditions() {
        begin(CountingStore.Conditions.IGNORED);
        Failure refused = assertThrows(Failure.Unsupported.class, this::lease);
        assertTrue(
                String.valueOf(refused.getMessage()).contains("conditional writes by PutObject"), refused.getMessage());
    }

    @Test
    void theProbeLeavesNothingBehind() {
        assertEquals(List.of("job"), Loop.await(store.list("", 10)).keys());
    }

    private LeaseAnswer.Leased lease() {
        return (LeaseAnswer.Leased) Loop.await(
                leases.ask(ID, ME, new LeaseRequest(60, 0, "somebody", LeaseRequest.Intent.COMPUTE), Departures.NEVER));
    }

    private static LeaseRequest waiting(int seconds) {
        return new LeaseRequest(60, seconds, "waiter", LeaseRequest.Intent.COMPUTE);
    }

    private static LeaseRequest watching(int seconds) {
        return new LeaseRequest(60, seconds, "watcher", LeaseRequest.Intent.WATCH);
    }

    private void publish(String content, String secret) {
        Loop.await(new LeaseAdmission(vertx, store, Clock.systemUTC())
                .under(ID, ME, secret, ResultCheck.NONE, Departures.NEVER)
                .compose(admitted -> cache.store(admitted, new CacheService.Upload("f", 30, body(content)))));
    }

    private static Body body(String content) {
        Buffer bytes = Buffer.buffer(content);
        return new Body(ByteSource.of(bytes), bytes.length());
    }
}
