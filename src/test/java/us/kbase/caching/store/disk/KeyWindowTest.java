package us.kbase.caching.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a model: a set of all keys. */
class KeyWindowTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatItTellsIsWhatASetOfAllKeysTells(long seed) {
        Random random = new Random(seed);
        TreeSet<String> all = new TreeSet<>();
        String after = "%02d".formatted(random.nextInt(30));
        KeyWindow window = new KeyWindow(after, 1 + random.nextInt(20));
        int told = 0;
        for (int i = 0; i < 2000; i++) {
            String key = "%02d".formatted(random.nextInt(100));
            switch (random.nextInt(3)) {
                case 0 -> {
                    all.add(key);
                    window.add(key);
                }
                case 1 -> {
                    all.remove(key);
                    window.remove(key);
                }
                default -> {
                    int limit = 1 + random.nextInt(5);
                    Optional<List<String>> next = window.next(key, limit);
                    if (next.isPresent()) {
                        told++;
                        assertEquals(
                                all.tailSet(key, false).stream().limit(limit).toList(), next.get());
                    }
                }
            }
        }
        assertTrue(told > 0, "nothing was told");
    }
}
