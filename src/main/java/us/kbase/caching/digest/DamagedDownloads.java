package us.kbase.caching.digest;

import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator of results that were read and found to be other bytes than were uploaded. Any thread. */
public final class DamagedDownloads {

    private static final Logger log = LoggerFactory.getLogger(DamagedDownloads.class);

    private final LongAdder count = new LongAdder();

    /** A download was cut for that. */
    public void told(String key, Digest expected, Digest found) {
        count.increment();
        log.error(
                "{} is damaged: its bytes have the digest {}, not {} as uploaded; a download was cut",
                key,
                found,
                expected);
    }

    /** How many downloads were cut since the start. */
    public long count() {
        return count.sum();
    }
}
