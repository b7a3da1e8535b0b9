package us.kbase.caching.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much memory reads of files get. */
class ForwardPoolTest {

    private final List<ByteBuf> taken = new ArrayList<>();

    @AfterEach
    void giveBack() {
        taken.forEach(ByteBuf::release);
    }

    private int take() {
        ByteBuf next = ForwardPool.next(256 * 1024, UnpooledByteBufAllocator.DEFAULT);
        taken.add(next);
        return next.capacity();
    }

    @Test
    void oneTransferReadsMuchAtOnce() {
        assertEquals(256 * 1024, take());
    }

    @Test
    void tenThousandTransfersThatStandStillTakeAQuarterOfTheMemoryAndALittleEach() {
        long bytes = 0;
        for (int i = 0; i < 10_000; i++) {
            bytes += take();
        }
        assertTrue(bytes <= PlatformDependent.maxDirectMemory() / 4 + 10_000 * 4096L, bytes + " bytes");
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

    @Test
    void aLittleThatIsKeptOfEveryPieceOfThePoolDoesNotMakeItGrowWithoutEnd() {
        for (int round = 0; round < 2_000; round++) {
            for (int i = 0; i < 40; i++) {
                ByteBuf next = ForwardPool.next(256 * 1024, UnpooledByteBufAllocator.DEFAULT);
                if (i == 0) {
                    taken.add(next);
                } else {
                    next.release();
                }
            }
            assertTrue(
                    ForwardPool.poolBytes() <= PlatformDependent.maxDirectMemory() / 8 * 3,
                    ForwardPool.poolBytes() + " bytes");
        }
        assertTrue(take() >= 4 * 1024, "everybody gets some");
    }
}
