package us.kbase.caching.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import us.kbase.caching.testing.SeededOrders;

/** Thousands of orders of questions about tokens, each from a seed: {@code -Dsimulation.orders} and {@code -Dsimulation.seed}. */
class TokenSimulationTest {

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
        SeededOrders.assertNothingWrong("Tokens", seed -> TokenSimulation.run(seed, TokenFlaw.NONE));
    }

    @ParameterizedTest
    @EnumSource(value = TokenFlaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDeliberateFlawIsFound(TokenFlaw flaw) {
        SeededOrders.Found found = SeededOrders.assertFound("Tokens", flaw, seed -> TokenSimulation.run(seed, flaw));
        assertFalse(found.wrong().isEmpty());
    }
}
