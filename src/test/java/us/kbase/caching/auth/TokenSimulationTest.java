package us.kbase.caching.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Thousands of orders of questions about tokens, each from a seed: {@code -Dsimulation.orders} and {@code -Dsimulation.seed}. */
class TokenSimulationTest {

    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final long ORDERS = Long.getLong("simulation.orders", 4000);
    private static final int ORDERS_TO_FIND_A_FLAW = 10_000;

    private static final List<Logger> OUTAGES = List.of((Logger) LoggerFactory.getLogger(Circuit.class), (Logger)
            LoggerFactory.getLogger("com.github.benmanes.caffeine"));

    /** Thousands of outages are told nobody. */
    @BeforeAll
    static void quiet() {
        OUTAGES.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @AfterAll
    static void loud() {
        OUTAGES.forEach(logger -> logger.setLevel(null));
    }

    @Test
    void inEveryOrderATokenIsWhatTheServerSaidOfItNotLongAgo() {
        for (long seed = FIRST; seed < FIRST + ORDERS; seed++) {
            assertEquals(Optional.empty(), TokenSimulation.run(seed, TokenFlaw.NONE), "-Dsimulation.seed=" + seed);
        }
        System.out.println("Tokens: seeds " + FIRST + " to " + (FIRST + ORDERS - 1) + ", nothing wrong");
    }

    @ParameterizedTest
    @EnumSource(value = TokenFlaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDeliberateFlawIsFound(TokenFlaw flaw) {
        long seed = 1;
        Optional<String> found = Optional.empty();
        while (found.isEmpty() && seed <= ORDERS_TO_FIND_A_FLAW) {
            found = TokenSimulation.run(seed++, flaw);
        }
        assertTrue(found.isPresent(), flaw + " was not found in " + ORDERS_TO_FIND_A_FLAW + " orders");
        System.out.println("Tokens: " + flaw + " found by seed " + (seed - 1));
    }
}
