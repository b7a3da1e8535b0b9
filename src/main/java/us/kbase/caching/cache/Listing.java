package us.kbase.caching.cache;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import us.kbase.caching.cache.id.CacheId;
import us.kbase.caching.failure.Failure;
import us.kbase.caching.pace.ForEachConcurrently;
import us.kbase.caching.pace.Steps;
import us.kbase.caching.store.ObjectStore;
import us.kbase.caching.store.Page;
import us.kbase.caching.store.UnreadableObject;

/**
 * Lists living entries without an index: owners stand in the objects' metadata, so one call examines a bounded number of keys and
 * may find few entries, even none, and a cursor to go on with.
 */
public final class Listing {

    private static final Logger log = LoggerFactory.getLogger(Listing.class);
    private static final int EXAMINED_MAX = 1000;
    private static final int HEADS_IN_FLIGHT = 32;

    /** What S3's longest key, 1024 bytes, is in Base64. */
    private static final int CURSOR_CHARACTERS_MAX = 1366;

    private final ObjectStore store;
    private final EntryReader entries;

    /** Lists entries of a store, on its event loop. */
    public Listing(ObjectStore store, EntryReader entries) {
        this.store = store;
        this.entries = entries;
    }

    /**
     * What to list.
     *
     * @param after examined already: nothing, or what a cursor named
     * @param prefix of the ids; may be empty
     * @param limit the most entries, 1 to 1000
     * @param whose the owners that count
     */
    public record Query(String after, String prefix, int limit, Predicate<String> whose) {}

    /**
     * Some entries in the order of their ids.
     *
     * @param cursor where to go on, when not all keys were examined
     * @param unreadable objects passed over, of which nobody can say at the moment whose they are
     */
    public record Found(List<EntryView> entries, Optional<String> cursor, int unreadable) {}

    /** The key that a cursor stands for; a text that no key could have made fails with {@code BadInput}. */
    public static String keyOf(String cursor) {
        try {
            if (cursor.isEmpty() || cursor.length() > CURSOR_CHARACTERS_MAX) {
                throw new IllegalArgumentException();
            }
            byte[] key = Base64.getUrlDecoder().decode(cursor);
            String text = StandardCharsets.UTF_8
                    .newDecoder() // one of its own reports what is no UTF-8; new String would replace it
                    .decode(ByteBuffer.wrap(key))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException();
            }
            return text;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new Failure.BadInput("cursor must be one that a listing gave");
        }
    }

    private static String cursorOf(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /** One page. */
    public Future<Found> page(Query query) {
        String before = before(query.prefix());
        String after = query.after().compareTo(before) > 0 ? query.after() : before;
        return store.list(after, EXAMINED_MAX).compose(page -> examine(page, query));
    }

    /** The last text before all texts with a prefix that an id could be; ids are made of characters above it. */
    private static String before(String prefix) {
        if (prefix.isEmpty()) {
            return "";
        }
        int last = prefix.length() - 1;
        return prefix.substring(0, last) + (char) (prefix.charAt(last) - 1) + '\u007f';
    }

    private Future<Found> examine(Page page, Query query) {
        List<String> keys = page.keys().stream()
                .takeWhile(key -> key.startsWith(query.prefix()) || key.compareTo(query.prefix()) < 0)
                .toList();
        boolean last = keys.size() < page.keys().size() || !page.more();
        return new Examination(keys, query, last).run();
    }

    /** The examination of one page of keys, batch by batch. */
    private final class Examination {
        private final List<String> keys;
        private final Query query;
        private final boolean last;
        private final List<EntryView> found = new ArrayList<>();
        private int examined;
        private final Set<String> passedOver = new HashSet<>();
        private int unreadable;

        Examination(List<String> keys, Query query, boolean last) {
            this.keys = keys;
            this.query = query;
            this.last = last;
        }

        Future<Found> run() {
            return Steps.whileMore(this::batch).map(v -> new Found(found, cursor(), unreadable));
        }

        private Future<Boolean> batch() {
            if (isOver()) {
                return Future.succeededFuture(false);
            }
            List<String> batch = keys.subList(examined, Math.min(keys.size(), examined + HEADS_IN_FLIGHT));
            return heads(batch).map(shown -> {
                for (int i = 0; i < batch.size() && !isOver(); i++) {
                    examined++;
                    unreadable += passedOver.remove(batch.get(i)) ? 1 : 0;
                    EntryView entry = shown.get(batch.get(i));
                    if (entry != null && query.whose().test(entry.tokenId())) {
                        found.add(entry);
                    }
                }
                return !isOver();
            });
        }

        private Future<Map<String, EntryView>> heads(List<String> batch) {
            Map<String, EntryView> shown = new ConcurrentHashMap<>();
            return ForEachConcurrently.each(
                            batch,
                            HEADS_IN_FLIGHT,
                            key -> CacheId.parse(key)
                                    .<Future<?>>map(id -> entries.read(id)
                                            .onSuccess(entry ->
                                                    living(id, entry).ifPresent(living -> shown.put(key, living)))
                                            .recover(failure -> passOver(key, failure)))
                                    .orElseGet(Future::succeededFuture))
                    .map(shown);
        }

        /** One object that cannot be read hides none of the others; that the store is down hides them all. */
        private Future<Entry> passOver(String key, Throwable failure) {
            if (!(failure.getCause() instanceof UnreadableObject why)) {
                return Future.failedFuture(failure);
            }
            log.warn("A listing leaves out what it cannot tell of: {}", why.getMessage());
            passedOver.add(key);
            return Future.succeededFuture(new Entry.Absent());
        }

        private boolean isOver() {
            return examined == keys.size() || found.size() == query.limit();
        }

        private Optional<String> cursor() {
            return (last && examined == keys.size()) || examined == 0
                    ? Optional.empty()
                    : Optional.of(cursorOf(keys.get(examined - 1)));
        }
    }

    private static Optional<EntryView> living(CacheId id, Entry entry) {
        return entry instanceof Entry.File || entry instanceof Entry.Placeholder
                ? Optional.of(EntryView.of(id, entry))
                : Optional.empty();
    }
}
