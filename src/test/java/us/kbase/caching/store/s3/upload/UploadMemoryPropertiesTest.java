package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for a shared budget whoever comes, takes steps, waits, ends and leaves, in any order. */
class UploadMemoryPropertiesTest {

    private static final int OPERATIONS = 120;

    /** One upload as the test sees it. */
    private static final class Holder {
        final UploadMemory.Share share;
        final long needMax;
        boolean waits;
        long asked;

        Holder(UploadMemory.Share share, long needMax) {
            this.share = share;
            this.needMax = needMax;
        }

        long missing() {
            return needMax - share.heldBytes();
        }
    }

    /** A budget in use, and what is checked after every operation. */
    private static final class Run {
        final UploadMemory budget;
        final Random random;
        final long needMax;
        final int stepMax;
        final List<Holder> open = new ArrayList<>();
        final List<Holder> line = new ArrayList<>();
        final List<Holder> servedNow = new ArrayList<>();

        Run(long seed, int bytes, int stepMax, boolean sameNeeds) {
            this.random = new Random(seed);
            this.budget = new UploadMemory(bytes);
            this.needMax = sameNeeds ? 1 + random.nextInt(bytes) : 0;
            this.stepMax = stepMax;
        }

        void operate() {
            servedNow.clear();
            List<Holder> before = List.copyOf(line);
            Holder picked = open.isEmpty() ? null : open.get(random.nextInt(open.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> come();
                case 2 -> leave(picked);
                case 3 -> guest();
                default -> step(picked);
            }
            assertEquals(before.stream().filter(servedNow::contains).toList(), servedNow, "served out of order");
            nobodySafeWaits();
            nothingIsOverspent();
        }

        void come() {
            long need = needMax > 0 ? needMax : 1 + random.nextInt((int) budget.bytes());
            open.add(new Holder(budget.share(need), need));
        }

        /** One that takes what it can get and never waits. */
        void guest() {
            Holder guest = new Holder(budget.share(0), 0);
            boolean took = guest.share.tryGrow(1 + random.nextInt(stepMax), 0);
            assertTrue(!took || line.isEmpty(), "taken from those who wait");
            open.add(guest);
        }

        void leave(Holder picked) {
            if (picked != null) {
                open.remove(picked);
                line.remove(picked);
                picked.waits = false;
                picked.share.close();
            }
        }

        void step(Holder picked) {
            if (picked == null || picked.waits || picked.missing() <= 0) {
                return;
            }
            picked.asked = Math.min(picked.missing(), 1 + random.nextInt(stepMax));
            picked.waits = true;
            line.add(picked);
            if (picked.share.grow(picked.asked, () -> served(picked))) {
                picked.waits = false;
                line.remove(picked);
            }
        }

        void served(Holder holder) {
            assertTrue(holder.waits, "served twice, or after it left");
            holder.waits = false;
            line.remove(holder);
            servedNow.add(holder);
        }

        void nothingIsOverspent() {
            long held = open.stream().mapToLong(h -> h.share.heldBytes()).sum();
            assertTrue(budget.freeBytes() >= 0);
            assertEquals(budget.bytes(), held + budget.freeBytes());
            assertEquals(line.size(), budget.waiting());
        }

        /** By simulation in every order that helps, and so by other means than the budget's own. */
        boolean allCouldEnd(Holder asking) {
            List<Holder> left = new ArrayList<>(open);
            left.removeIf(h -> h != asking && h.share.heldBytes() == 0);
            long free = budget.freeBytes() - (asking == null ? 0 : asking.asked);
            boolean ended = free >= 0;
            while (ended && !left.isEmpty()) {
                ended = false;
                for (Holder each : List.copyOf(left)) {
                    long more = each == asking ? each.asked : 0;
                    if (Math.max(0, each.missing()) - more <= free) {
                        free += each.share.heldBytes() + more;
                        left.remove(each);
                        ended = true;
                    }
                }
            }
            return left.isEmpty() && free >= 0;
        }

        void nobodySafeWaits() {
            assertTrue(allCouldEnd(null), "a step was given after which not all can end");
            line.forEach(h -> assertFalse(allCouldEnd(h), "one waits that could be served"));
        }

        /** Everybody goes on to its end as it is served; nobody may be left waiting. */
        void allEnd() {
            int rounds = 0;
            while (!open.isEmpty()) {
                assertTrue(rounds++ < 10_000, "stuck with " + line.size() + " waiting");
                for (Holder each : List.copyOf(open)) {
                    if (!each.waits && each.missing() <= 0) {
                        leave(each);
                    } else {
                        step(each);
                    }
                }
            }
            assertEquals(budget.bytes(), budget.freeBytes());
        }
    }

    @Property(tries = 500)
    void nothingIsOverspentNobodyIsStuckAndTheLineIsKept(
            @ForAll long seed,
            @ForAll @IntRange(min = 4, max = 60) int bytes,
            @ForAll @IntRange(min = 1, max = 7) int step) {
        Run run = new Run(seed, bytes, step, false);
        for (int i = 0; i < OPERATIONS; i++) {
            run.operate();
        }
        run.allEnd();
    }

    @Property(tries = 300)
    void ofThoseWhoAreAlikeTheOneWhoCameFirstIsServedFirst(
            @ForAll long seed, @ForAll @IntRange(min = 4, max = 60) int bytes) {
        Run run = new Run(seed, bytes, 1, true);
        for (int i = 0; i < OPERATIONS; i++) {
            List<Holder> line = List.copyOf(run.line);
            run.operate();
            // Who holds nothing waits for the same, so those still waiting came later than those served.
            List<Integer> served = line.stream()
                    .filter(h -> !run.line.contains(h) && run.open.contains(h) && h.share.heldBytes() == 1)
                    .map(h -> line.indexOf(h))
                    .toList();
            int last = served.stream().max(Comparator.naturalOrder()).orElse(-1);
            assertTrue(run.line.stream()
                    .filter(h -> h.share.heldBytes() == 0 && line.contains(h))
                    .allMatch(h -> line.indexOf(h) > last));
        }
        run.allEnd();
    }
}
