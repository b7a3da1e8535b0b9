package us.kbase.caching.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of orders, each from a seed: {@code -Dsimulation.orders=1000000} runs more of them, {@code -Dsimulation.seed=4711} begins
 * with that one. A seed that is wrong is printed; it does the same again.
 */
class SimulationTest {

    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final long ORDERS = Long.getLong("simulation.orders", 4000);
    private static final int ORDERS_TO_FIND_A_FLAW = 10_000;

    @Test
    void inEveryOrderWhatClientsAreToldIsTrue() {
        for (long seed = FIRST; seed < FIRST + ORDERS; seed++) {
            assertEquals(Optional.empty(), Simulation.run(seed, Flaw.NONE), "-Dsimulation.seed=" + seed);
        }
        System.out.println("Simulation: seeds " + FIRST + " to " + (FIRST + ORDERS - 1) + ", nothing wrong");
    }

    @ParameterizedTest
    @EnumSource(value = Flaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDeliberateFlawIsFound(Flaw flaw) {
        long seed = 1;
        Optional<String> found = Optional.empty();
        while (found.isEmpty() && seed <= ORDERS_TO_FIND_A_FLAW) {
            found = Simulation.run(seed++, flaw);
        }
        assertTrue(found.isPresent(), flaw + " was not found in " + ORDERS_TO_FIND_A_FLAW + " orders");
        System.out.println("Simulation: " + flaw + " found by seed " + (seed - 1));
        assertEquals(found, Simulation.run(seed - 1, flaw), "the seed does the same again");
    }
}
