package us.kbase.caching.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;

/**
 * Runs a simulation once for each seed: {@code -Dsimulation.orders=1000000} runs more of them, {@code -Dsimulation.seed=4711} begins
 * with that one. A seed that is wrong is printed; it does the same again.
 */
public final class SeededOrders {

    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final long ORDERS = Long.getLong("simulation.orders", 4000);
    private static final int ORDERS_TO_FIND_A_FLAW = 10_000;

    private SeededOrders() {}

    /** One run; gives what was wrong. */
    public interface Run {
        Optional<String> of(long seed);
    }

    /** Asserts that none is wrong. */
    public static void assertNothingWrong(String simulation, Run run) {
        for (long seed = FIRST; seed < FIRST + ORDERS; seed++) {
            assertEquals(Optional.empty(), run.of(seed), "-Dsimulation.seed=" + seed);
        }
        System.out.println(simulation + ": seeds " + FIRST + " to " + (FIRST + ORDERS - 1) + ", nothing wrong");
    }

    /** Asserts that a deliberate flaw is found early. */
    public static Found assertFound(String simulation, Object flaw, Run run) {
        long seed = 1;
        Optional<String> wrong = Optional.empty();
        while (wrong.isEmpty() && seed <= ORDERS_TO_FIND_A_FLAW) {
            wrong = run.of(seed++);
        }
        assertTrue(wrong.isPresent(), flaw + " was not found in " + ORDERS_TO_FIND_A_FLAW + " orders");
        System.out.println(simulation + ": " + flaw + " found by seed " + (seed - 1));
        return new Found(seed - 1, wrong.orElseThrow());
    }

    /** The first seed that shows a flaw, and how. */
    public record Found(long seed, String wrong) {}
}
