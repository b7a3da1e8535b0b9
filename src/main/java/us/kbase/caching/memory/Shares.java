package us.kbase.caching.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * What each user has taken of one kind, and whether that is its share. No user takes more than is left to all others: alone it has half,
 * each of three has a quarter, and who comes next always finds room (the dynamic threshold of Choudhury and Hahne, IEEE/ACM Transactions
 * on Networking, 1998). The first of a user needs room alone, and so does what is a small part of all: where others took nearly
 * everything, who has little is not the one to go. Not safe for threads: its owner guards it.
 */
final class Shares {

    /** Who takes for no user, and is held to no share. */
    static final String NOBODY = "";

    /** So many users can have a small part each. */
    private static final int SMALL_PARTS = 32;

    private final Map<String, Long> bytesOfUser = new HashMap<>();

    /**
     * Whether a user may have so many bytes more.
     *
     * @param leftBytes to all others, once it has them
     * @param allBytes that there are
     */
    boolean allow(String user, long bytes, long leftBytes, long allBytes) {
        return isLittle(user, 0, bytes, allBytes) || bytesOfUser.getOrDefault(user, 0L) + bytes <= leftBytes;
    }

    /**
     * Whether that is a user's first, or no more than a small part of all.
     *
     * @param heldBytes what the user has of it already, for the same thing
     */
    boolean isLittle(String user, long heldBytes, long bytes, long allBytes) {
        long before = bytesOfUser.getOrDefault(user, 0L);
        return user.equals(NOBODY) || before == heldBytes || before + bytes <= allBytes / SMALL_PARTS;
    }

    /** The user has so many bytes more, or less. */
    void count(String user, long bytes) {
        if (!user.equals(NOBODY) && bytes != 0) {
            bytesOfUser.merge(user, bytes, (before, more) -> before + more == 0 ? null : before + more);
        }
    }
}
