package us.kbase.caching.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much memory reads of downloads get. */
class PassedBytesTest {

    private final List<ByteBuf> taken = new ArrayList<>();

    @AfterEach
    void giveBack() {
        taken.forEach(ByteBuf::release);
    }

    private int take() {
        ByteBuf next = PassedBytes.next();
        taken.add(next);
        return next.capacity();
    }

    @Test
    void oneDownloadReadsMuchAtOnce() {
        assertEquals(256 * 1024, take());
    }

    @Test
    void tenThousandReadersThatStandStillStayBelowTheLimitOfDirectMemory() {
        long bytes = 0;
        for (int i = 0; i < 10_000; i++) {
            bytes += take();
        }
        assertTrue(bytes <= 80 << 20, bytes + " bytes");
        assertTrue(take() >= 4 * 1024, "everybody gets some");
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        for (int i = 0; i < 1000; i++) {
            take();
        }
        giveBack();
        taken.clear();
        assertEquals(256 * 1024, take());
    }
}
