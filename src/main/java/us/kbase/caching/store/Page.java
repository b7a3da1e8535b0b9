package us.kbase.caching.store;

import java.util.List;

/**
 * Some objects, in the order of their keys.
 *
 * @param objects the objects
 * @param more whether keys follow the last one
 */
public record Page(List<Listed> objects, boolean more) {

    /** The keys alone. */
    public List<String> keys() {
        return objects.stream().map(Listed::key).toList();
    }
}
