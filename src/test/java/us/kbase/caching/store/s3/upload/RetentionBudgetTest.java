package us.kbase.caching.store.s3.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Memory that uploads share and can do without. */
class RetentionBudgetTest {

    private final RetentionBudget budget = new RetentionBudget(10);

    @Test
    void whatIsNotThereIsNotGiven() {
        assertTrue(budget.tryReserve(6));
        assertFalse(budget.tryReserve(5));
        assertEquals(4, budget.freeBytes());
    }

    @Test
    void whatIsGivenBackIsGivenAgain() {
        assertTrue(budget.tryReserve(10));
        budget.release(5);

        assertTrue(budget.tryReserve(5));
        assertEquals(0, budget.freeBytes());
    }
}
