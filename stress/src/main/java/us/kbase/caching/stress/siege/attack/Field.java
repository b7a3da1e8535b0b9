package us.kbase.caching.stress.siege.attack;

import java.util.List;
import us.kbase.caching.stress.siege.wire.Wire;

/**
 * What the attacks have to work with.
 *
 * @param wire connections to the gateway
 * @param seed the same seed, the same attacks
 * @param own entries of the attackers, to upload to
 * @param large a stored file of theirs that takes a slow reader long
 * @param cursed entries of theirs to whose S3 objects the store may answer amiss
 */
public record Field(Wire wire, long seed, List<Owned> own, Owned large, List<Owned> cursed) {

    /**
     * An entry and its owner's token.
     *
     * @param path of the entry, from the server's root
     */
    public record Owned(String token, String path) {
        /** The entry's id, which is its key in S3. */
        public String id() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /** One of the own entries, by turns. */
    Owned own(long number) {
        return own.get((int) (number % own.size()));
    }
}
