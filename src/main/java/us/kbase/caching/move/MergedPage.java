package us.kbase.caching.move;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import us.kbase.caching.store.Listed;
import us.kbase.caching.store.Page;

/** The pages of two stores behind the same key, as one. */
final class MergedPage {

    private MergedPage() {}

    /** Of a key that both have the first one's object. Behind the end of a page that has more, the other page's keys come too early. */
    static Page of(Page one, Page other, int limit) {
        TreeMap<String, Listed> objects = new TreeMap<>();
        other.objects().forEach(object -> objects.put(object.key(), object));
        one.objects().forEach(object -> objects.put(object.key(), object));
        boolean more = one.more() || other.more() || objects.size() > limit;
        cut(objects, one);
        cut(objects, other);
        List<Listed> all = new ArrayList<>(objects.values());
        return new Page(all.subList(0, Math.min(limit, all.size())), more);
    }

    private static void cut(TreeMap<String, Listed> objects, Page page) {
        if (page.more() && !page.objects().isEmpty()) {
            objects.tailMap(page.objects().getLast().key(), false).clear();
        }
    }
}
