package us.kbase.caching.cache;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import us.kbase.caching.digest.ClaimedDigests;
import us.kbase.caching.digest.Digest;
import us.kbase.caching.digest.DigestAlgorithm;
import us.kbase.caching.store.Stored;
import us.kbase.caching.text.AsciiSet;
import us.kbase.caching.text.Decimal;

/**
 * Our own metadata beside the original's three, which it ignores: {@code idle-days} (a result's own lifetime after its last
 * use), {@code content-type} (the media type that its client named), {@code compute-seconds} (how long its job took, as its client said), {@code sha-256} and {@code sha-512} (hashes that its client named,
 * and that were found to hold, in Base64), {@code buried} and {@code replaced-at} (what took an expired entry's place), {@code strike-until} (a tombstone).
 */
public final class EntryMetadata {

    /** How long nothing is published after an expired entry was replaced: a strike's window, and two seconds. */
    public static final Duration QUIET = Duration.ofSeconds(12);

    /** What a tombstone's strikes may be late by, for the clocks of several store nodes. */
    public static final Duration TOMBSTONE_SLACK = Duration.ofSeconds(2);

    static final String IDLE_DAYS = "idle-days";
    static final String CONTENT_TYPE = "content-type";
    static final long DAY_SECONDS = 86_400;
    private static final long IDLE_DAYS_DEFAULT = 30;

    /** Longer than anybody's files; days of more digits would not fit into seconds. */
    private static final long IDLE_DAYS_MAX = 36_500;

    private static final int NUMBER_DIGITS_MAX = 18;
    private static final int CONTENT_TYPE_CHARS_MAX = 255;
    private static final List<DigestAlgorithm> HASHES = List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.SHA_512);
    private static final String BURIED = "buried";
    private static final String REPLACED_AT = "replaced-at";
    private static final String STRIKE_UNTIL = "strike-until";

    private EntryMetadata() {}

    public static long expiration(Stored stored) {
        return number(stored, "expiration").orElse(0);
    }

    /** A result's expiry, counted from the end of the day of its last use where that is later. */
    public static long expires(Stored stored, OptionalLong lastUsedDay) {
        long expiration = expiration(stored);
        if (lastUsedDay.isEmpty()) {
            return expiration;
        }
        return Math.max(expiration, (lastUsedDay.getAsLong() + 1 + idleDays(stored)) * DAY_SECONDS);
    }

    /**
     * When a result's time is over. A result of ours counts as used on the day of its upload, so that a download on that day needs no
     * note; nobody is told of the hours that this adds before they begin.
     */
    public static long livesUntil(Stored stored, OptionalLong lastUsedDay) {
        long expires = expires(stored, lastUsedDay);
        OptionalLong uploadedDay = uploadedDay(stored);
        return uploadedDay.isPresent() ? Math.max(expires, expires(stored, uploadedDay)) : expires;
    }

    /** The day since 1970 on which a result of ours was uploaded; nothing for one that another writer made. */
    static OptionalLong uploadedDay(Stored result) {
        OptionalLong began = number(result, IDLE_DAYS).isPresent() ? uploaded(result) : OptionalLong.empty();
        return began.isPresent() ? OptionalLong.of(began.getAsLong() / DAY_SECONDS) : began;
    }

    /** When a result's upload began: its first expiry was counted from then. */
    public static OptionalLong uploaded(Stored result) {
        long began = expiration(result) - idleDays(result) * DAY_SECONDS;
        return began > 0 ? OptionalLong.of(began) : OptionalLong.empty();
    }

    private static long idleDays(Stored result) {
        return Math.min(number(result, IDLE_DAYS).orElse(IDLE_DAYS_DEFAULT), IDLE_DAYS_MAX);
    }

    /** The media type that a result's client named; nothing where it named none, or another writer kept something else there. */
    public static Optional<String> contentType(Stored result) {
        return Optional.ofNullable(result.metadata().get(CONTENT_TYPE))
                .filter(type -> AsciiSet.PRINTABLE.spells(type, 1, CONTENT_TYPE_CHARS_MAX));
    }

    /** Keeps the hashes that a client names: an upload is published only if they hold. */
    static void hashes(Map<String, String> metadata, ClaimedDigests claimed) {
        HASHES.forEach(algorithm ->
                claimed.by(algorithm).ifPresent(digest -> metadata.put(algorithm.token(), digest.base64())));
    }

    /** The hashes of a result that are known. */
    public static List<Digest> hashes(Stored result) {
        return HASHES.stream()
                .flatMap(algorithm ->
                        Digest.parse(algorithm, result.metadata().getOrDefault(algorithm.token(), "")).stream())
                .toList();
    }

    public static OptionalLong strikesUntil(Stored stored) {
        return number(stored, STRIKE_UNTIL);
    }

    /** When a placeholder took the place of an expired result; late strikes at that may still be on their way. */
    public static OptionalLong replacedAt(Stored stored) {
        return number(stored, REPLACED_AT);
    }

    static void replacedAt(Map<String, String> metadata, long nowEpochSeconds) {
        metadata.put(REPLACED_AT, Long.toString(nowEpochSeconds));
    }

    /** Whether this took an expired result's place: strikes at that may still be on their way. */
    public static boolean isBuried(Stored stored) {
        return stored.metadata().containsKey(BURIED);
    }

    /**
     * The metadata under which an expired entry's content is given up: still expired, now with a body of its own. The next
     * writer then has an ETag that cannot come back.
     */
    public static Map<String, String> burying(Stored expired) {
        Map<String, String> marks = placeholderOf(expired);
        marks.put(BURIED, "1");
        return marks;
    }

    /** The metadata of a tombstone: an expired placeholder for the original, hands off until then for us. */
    public static Map<String, String> tombstone(Stored expired, long strikesUntilEpochSeconds) {
        Map<String, String> marks = placeholderOf(expired);
        marks.put(STRIKE_UNTIL, Long.toString(strikesUntilEpochSeconds));
        return marks;
    }

    private static Map<String, String> placeholderOf(Stored expired) {
        Map<String, String> marks = new LinkedHashMap<>();
        marks.put("expiration", expired.metadata().getOrDefault("expiration", "0"));
        marks.put("filename", Entry.PLACEHOLDER);
        marks.put("token_id", expired.metadata().getOrDefault("token_id", ""));
        return marks;
    }

    /** The value of that name, if it is a whole number. */
    public static OptionalLong number(Stored stored, String name) {
        return Decimal.parse(stored.metadata().getOrDefault(name, ""), NUMBER_DIGITS_MAX);
    }
}
