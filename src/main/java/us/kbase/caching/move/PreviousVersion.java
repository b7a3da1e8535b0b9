package us.kbase.caching.move;

import java.util.Optional;
import us.kbase.caching.store.Download;
import us.kbase.caching.store.Stored;

/**
 * Objects of the previous store as they are shown: their ETags say where they lie. Both stores may have an object of one key and, where
 * an ETag names bytes, of one ETag; a condition must hold on the one that was seen.
 */
final class PreviousVersion {

    private static final String BEGIN = "\"previous-";

    private PreviousVersion() {}

    static Stored shown(Stored stored) {
        return new Stored(
                stored.key(),
                BEGIN + stored.etag().substring(1),
                stored.lengthBytes(),
                stored.metadata(),
                stored.digests());
    }

    static Download shown(Download opened) {
        return new Download(shown(opened.stored()), opened.startBytes(), opened.lengthBytes(), opened.bytes());
    }

    /** The ETag in the previous store of what was shown; nothing where another store's was. */
    static Optional<String> etag(String shown) {
        return shown.startsWith(BEGIN) ? Optional.of('"' + shown.substring(BEGIN.length())) : Optional.empty();
    }
}
