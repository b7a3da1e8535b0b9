package us.kbase.caching.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.testing.Await;

class BudgetTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    @Test
    void whatIsTakenIsGivenBackOnce() {
        Budget budget = Budget.of("heads", 100);
        Budget.Payment payment = budget.tryTake(60).orElseThrow();
        payment.giveBack();
        payment.giveBack();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void whatAWorkTakesIsGivenBackOnEachOfItsEnds() {
        Budget budget = Budget.of("uploads", 100);
        Promise<String> open = Promise.promise();
        Future<String> work = budget.during(vertx, 60, "alice", LONG, payment -> {
            assertTrue(payment.tryGrow(20));
            return open.future();
        });
        assertEquals(80, budget.usedBytes());
        open.complete("done");
        assertEquals("done", Await.result(work));
        assertEquals(0, budget.usedBytes());

        Await.failure(
                Failure.Busy.class,
                budget.during(vertx, 60, "alice", LONG, payment -> Future.failedFuture(new Failure.Busy("failed"))));
        Await.failure(Failure.Busy.class, budget.during(vertx, 60, "alice", LONG, payment -> {
            throw new Failure.Busy("thrown");
        }));
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void aPaymentGrowsWhileThereIsRoom() {
        Budget budget = Budget.of("heads", 100);
        Budget.Payment payment = budget.tryTake(60).orElseThrow();
        assertTrue(payment.tryGrow(40));
        assertFalse(payment.tryGrow(1));
        assertEquals(100, payment.bytes());
        assertEquals(1, budget.refused());
        payment.giveBack();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void aKindBorrowsWhatNobodyNeedsAndNeverWhatIsAnothersOwn() {
        CommonPart common = new CommonPart(50);
        Budget greedy = Budget.borrowing("connections", 100, common, Claim.ALL);
        Budget modest = Budget.borrowing("heads", 20, common, Claim.ALL);
        Budget.Payment all = greedy.tryTake(150).orElseThrow();
        assertFalse(greedy.tryTake(1).isPresent());
        assertTrue(modest.tryTake(20).isPresent());
        assertFalse(modest.tryTake(1).isPresent());
        all.giveBack();
        assertTrue(modest.tryTake(50).isPresent());
        assertEquals(50, common.lentBytes());
    }

    @Test
    void whatARequestTakesLeavesOtherKindsAThirdOfWhatIsBorrowed() {
        CommonPart common = new CommonPart(90);
        Budget transfers = Budget.borrowing("transfers", 10, common, Claim.TWICE_THE_REST);
        Budget uploads = Budget.borrowing("uploads", 10, common, Claim.TWICE_THE_REST);
        Budget heads = Budget.borrowing("heads", 10, common, Claim.ALL);
        assertEquals(70, transfers.limitBytes());
        assertEquals(100, heads.limitBytes());

        transfers.tryTake(70).orElseThrow();
        assertEquals(0, transfers.freeBytes());
        assertFalse(transfers.tryTake(1).isPresent());
        uploads.tryTake(30).orElseThrow();
        assertFalse(uploads.tryTake(1).isPresent());
        assertTrue(heads.tryTake(20).isPresent());
    }

    @Test
    void aNewcomerIsServedThoughOthersHoldAllThatTheyMayAndOtherKindsHaveBorrowedTheRest() {
        CommonPart common = new CommonPart(3200);
        Budget transfers = Budget.borrowing("transfers", 400, common, Claim.TWICE_THE_REST);
        Budget uploads = Budget.borrowing("uploads", 400, common, Claim.TWICE_THE_REST);
        List<Budget> kinds = List.of(transfers, uploads);
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            kinds.get(random.nextInt(2)).tryTake(40, "attacker" + random.nextInt(4));
        }
        Budget.borrowing("connections", 0, common, Claim.ALL)
                .tryTake(common.freeBytes(0, Claim.ALL))
                .orElseThrow();
        for (Budget kind : kinds) {
            assertEquals(0, kind.freeBytes());
            Budget.Payment first = kind.tryTake(40, "newcomer").orElseThrow();
            assertTrue(kind.tryTake(35, "newcomer").isPresent());
            assertFalse(kind.tryTake(200, "newcomer").isPresent());
            assertFalse(kind.tryTake(40, "attacker1").isPresent());
            first.giveBack();
            assertTrue(kind.tryTake(35, "newcomer").isPresent());
        }
    }

    /** A head is nobody's until its token is known. */
    @Test
    void aRequestIsHeardThoughOneUsersRequestsFillTheirPartAndOtherKindsHaveBorrowedTheRest() {
        MemoryPlan plan = MemoryPlan.ofHeap(96 << 20);
        for (int i = 0; i < 10_000; i++) {
            plan.heads()
                    .tryTake(6 << 10)
                    .filter(head -> !head.tryBecomeOf("crowd"))
                    .ifPresent(Budget.Payment::giveBack);
        }
        while (plan.parameters().tryTake(64 << 10).isPresent()) {
            plan.connections().tryTake(4 << 10);
        }
        for (int i = 0; i < 10_000; i++) {
            plan.heads()
                    .tryTake(6 << 10)
                    .filter(head -> !head.tryBecomeOf("crowd"))
                    .ifPresent(Budget.Payment::giveBack);
        }

        for (int i = 0; i < 100; i++) {
            Budget.Payment head = plan.heads().tryTake(6 << 10).orElseThrow();
            assertTrue(head.tryBecomeOf("calm" + i));
        }
    }

    @Test
    void whatIsAUsersOnlyOneGrowsToAllThatThereIs() {
        Budget parameters = Budget.borrowing("parameters", 40, new CommonPart(60), Claim.ALL_FOR_MOMENTS);
        assertTrue(parameters.tryTake(1, "alice").orElseThrow().tryGrow(99));
    }

    @Test
    void whoBorrowedMoreThanItMayNowGetsNoMoreUntilItsClaimHasRoom() {
        CommonPart common = new CommonPart(90);
        Budget transfers = Budget.borrowing("transfers", 0, common, Claim.TWICE_THE_REST);
        Budget connections = Budget.borrowing("connections", 0, common, Claim.ALL);
        Budget.Payment first = transfers.tryTake(60).orElseThrow();
        connections.tryTake(30).orElseThrow();

        assertEquals(0, transfers.freeBytes());
        first.shrink(50);
        assertEquals(30, transfers.freeBytes());
        assertEquals(60, transfers.limitBytes());
    }

    @Test
    void whoWaitsIsServedWhenThereIsRoom() {
        Budget budget = Budget.of("transfers", 100);
        Budget.Payment first = budget.tryTake(80).orElseThrow();
        Future<Budget.Payment> second = budget.take(vertx, 50, "alice", LONG);
        assertFalse(second.isComplete());
        assertEquals(1, budget.waiting());
        first.giveBack();
        assertEquals(50, Await.result(second).bytes());
    }

    @Test
    void nobodyPassesThoseWhoWait() {
        Budget budget = Budget.of("transfers", 100);
        budget.tryTake(80).orElseThrow();
        budget.take(vertx, 50, "alice", LONG);
        assertFalse(budget.tryTake(1).isPresent());
    }

    @Test
    void aUserTakesNoMoreThanIsLeftToAllOthers() {
        Budget budget = Budget.of("uploads", 100);
        for (int i = 0; i < 5; i++) {
            assertTrue(budget.tryTake(10, "alice").isPresent());
        }
        assertFalse(budget.tryTake(10, "alice").isPresent());
        assertTrue(budget.tryTake(10, "bob").isPresent());
        assertTrue(budget.tryTake(10, "bob").isPresent());
        assertFalse(budget.tryTake(10, "bob").isPresent());
        assertTrue(budget.tryTake(10, "carol").isPresent());
    }

    @Test
    void theFirstOfAUserNeedsRoomAlone() {
        Budget budget = Budget.of("answers", 100);
        assertTrue(budget.tryTake(90, "alice").isPresent());
        assertTrue(budget.tryTake(10, "bob").isPresent());
        assertFalse(budget.tryTake(1, "carol").isPresent());
    }

    @Test
    void aSmallPartIsNobodysTooMuch() {
        Budget budget = Budget.of("heads", 3200);
        budget.tryTake(3100).orElseThrow();
        List<Budget.Payment> taken = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            taken.add(budget.tryTake(10).orElseThrow());
        }
        assertEquals(0, budget.freeBytes());
        taken.forEach(payment -> assertTrue(payment.tryBecomeOf("alice")));
        taken.forEach(Budget.Payment::giveBack);
        for (int i = 0; i < 10; i++) {
            assertTrue(budget.tryTake(10, "bob").isPresent());
        }
    }

    @Test
    void whoWaitsForItsOwnShareStandsInNobodysWay() {
        Budget budget = Budget.of("uploads", 100);
        Budget.Payment first = budget.tryTake(50, "alice").orElseThrow();
        Future<Budget.Payment> more = budget.take(vertx, 10, "alice", LONG);
        assertTrue(budget.take(vertx, 10, "bob", LONG).isComplete());
        assertFalse(more.isComplete());
        first.giveBack();
        assertTrue(more.isComplete());
    }

    @Test
    void roomThatAnotherKindGaveBackIsGivenToWhoWaits() {
        CommonPart common = new CommonPart(50);
        Budget greedy = Budget.borrowing("connections", 10, common, Claim.ALL);
        Budget modest = Budget.borrowing("parameters", 20, common, Claim.ALL);
        Budget.Payment all = greedy.tryTake(60).orElseThrow();
        Future<Budget.Payment> waiting = modest.take(vertx, 30, "alice", LONG);
        assertFalse(waiting.isComplete());
        all.giveBack();
        assertTrue(waiting.isComplete());
    }

    @Test
    void nobodyPassesOneOfAnotherUserThatWaitsForRoom() {
        Budget budget = Budget.of("uploads", 100);
        budget.tryTake(80).orElseThrow();
        assertFalse(budget.take(vertx, 50, "alice", LONG).isComplete());
        assertFalse(budget.take(vertx, 10, "bob", LONG).isComplete());
    }

    @Test
    void whatWasTakenForNobodyBecomesAUsersWithinItsShare() {
        Budget budget = Budget.of("heads", 100);
        List<Budget.Payment> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            taken.add(budget.tryTake(10).orElseThrow());
        }
        assertEquals(
                List.of(true, true, true, true, false, false),
                taken.stream().map(payment -> payment.tryBecomeOf("alice")).toList());
        assertTrue(taken.get(5).tryBecomeOf("bob"));
        taken.get(0).giveBack();
        assertTrue(taken.get(4).tryBecomeOf("alice"));
    }

    @Test
    void waitingEndsWithBusy() {
        Budget budget = Budget.of("transfers", 100);
        budget.tryTake(80).orElseThrow();
        Await.failure(Failure.Busy.class, budget.take(vertx, 50, "alice", Duration.ofMillis(10)));
        assertEquals(0, budget.waiting());
        assertEquals(80, budget.usedBytes());
    }

    @Test
    void whoStandsBehindOneThatGaveUpIsServed() {
        Budget budget = Budget.of("transfers", 100);
        budget.tryTake(80).orElseThrow();
        Future<Budget.Payment> large = budget.take(vertx, 50, "alice", Duration.ofMillis(10));
        Future<Budget.Payment> small = budget.take(vertx, 10, "bob", LONG);
        assertFalse(small.isComplete());
        Await.failure(Failure.Busy.class, large);
        assertEquals(10, Await.result(small).bytes());
    }

    @Test
    void whatCanNeverBeGivenIsRefusedAtOnce() {
        Budget budget = Budget.of("parameters", 100);
        Await.failure(Failure.TooLarge.class, budget.take(vertx, 101, "alice", LONG));
    }

    @Test
    void usersTakeTurnsAndEachIsServedInOrder() {
        FairQueue<String> queue = new FairQueue<>();
        for (int i = 0; i < 3; i++) {
            queue.add("alice", "a" + i);
        }
        queue.add("bob", "b0");
        queue.add("carol", "c0");
        queue.add("bob", "b1");
        assertTrue(queue.remove("carol", "c0"));
        List<String> served = new ArrayList<>();
        while (!queue.isEmpty()) {
            served.add(queue.poll());
        }
        assertEquals(List.of("a0", "b0", "a1", "b1", "a2"), served);
    }

    @Test
    void nothingIsLeftOverInAnyOrderOfTakingAndGiving() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            MemoryPlan plan = MemoryPlan.ofHeap(48L << 20);
            List<Budget.Payment> held = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                Budget kind = plan.kinds().get(random.nextInt(plan.kinds().size()));
                if (random.nextInt(3) > 0) {
                    String user = random.nextInt(4) == 0 ? "" : "user" + random.nextInt(3);
                    kind.tryTake(1 + random.nextInt(2 << 20), user).ifPresent(held::add);
                } else if (!held.isEmpty()) {
                    Budget.Payment any = held.get(random.nextInt(held.size()));
                    if (random.nextBoolean() || !any.tryGrow(random.nextInt(1 << 16))) {
                        any.giveBack();
                        held.remove(any);
                    }
                }
                long used = plan.kinds().stream().mapToLong(Budget::usedBytes).sum();
                assertTrue(used <= plan.bytes(), "seed " + seed);
                assertEquals(held.stream().mapToLong(Budget.Payment::bytes).sum(), used, "seed " + seed);
            }
            held.forEach(Budget.Payment::giveBack);
            assertEquals(0, plan.kinds().stream().mapToLong(Budget::usedBytes).sum(), "seed " + seed);
        }
    }

    @Test
    void limitsMoveWithTheHeap() {
        MemoryPlan small = MemoryPlan.ofHeap(48L << 20);
        MemoryPlan usual = MemoryPlan.ofHeap(96L << 20);
        for (int i = 0; i < usual.kinds().size(); i++) {
            assertTrue(small.kinds().get(i).limitBytes() < usual.kinds().get(i).limitBytes());
        }
        assertTrue(MemoryPlan.ofHeap(1 << 20).bytes() > 0);
    }
}
