package us.kbase.caching.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import us.kbase.caching.testing.SeededOrders;

/** Thousands of orders of gateways, clients and a store. */
class SimulationTest {

    @Test
    void inEveryOrderWhatClientsAreToldIsTrue() {
        SeededOrders.assertNothingWrong("Simulation", seed -> Simulation.run(seed, Flaw.NONE));
    }

    @ParameterizedTest
    @EnumSource(value = Flaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDeliberateFlawIsFound(Flaw flaw) {
        SeededOrders.Found found = SeededOrders.assertFound("Simulation", flaw, seed -> Simulation.run(seed, flaw));
        assertEquals(Optional.of(found.wrong()), Simulation.run(found.seed(), flaw), "the seed does the same again");
    }
}
