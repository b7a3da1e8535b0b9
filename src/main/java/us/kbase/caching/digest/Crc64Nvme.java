package us.kbase.caching.digest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME (NVM Express NVM Command Set specification 1.0, section 5.2.1.3.4): reflected, begins with all bits set, ends inverted;
 * {@code 123456789} gives ae8b14860a799888. The JDK has none, and the S3 SDK's is native code of its own. Sixteen bytes are taken at a
 * time by sixteen tables (slicing), about 0.45 s a GiB on the machine that docs/performance.md names. One thread.
 */
public final class Crc64Nvme implements Checksum {

    static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;

    private static final int SLICES = 16;
    private static final int VALUES = 256;
    private static final long[] TABLE = table();

    private long inverted = -1;

    private static long[] table() {
        long[] table = new long[SLICES * VALUES];
        for (int value = 0; value < VALUES; value++) {
            long crc = value;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
            }
            table[value] = crc;
        }
        for (int i = VALUES; i < table.length; i++) {
            long before = table[i - VALUES];
            table[i] = table[(int) before & 0xff] ^ before >>> Byte.SIZE;
        }
        return table;
    }

    @Override
    public void update(int b) {
        inverted = TABLE[(int) (inverted ^ b) & 0xff] ^ inverted >>> Byte.SIZE;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        update(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Takes all that remains of the buffer, on the heap or outside it. */
    @Override
    public void update(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int at = bytes.position();
        int end = bytes.limit();
        long crc = inverted;
        for (; end - at >= SLICES; at += SLICES) {
            long first = crc ^ bytes.getLong(at);
            long second = bytes.getLong(at + Long.BYTES);
            crc = sliced(first, SLICES - 1) ^ sliced(second, Long.BYTES - 1);
        }
        inverted = crc;
        for (; at < end; at++) {
            update(bytes.get(at));
        }
        buffer.position(end);
    }

    /** Eight bytes, the first of which has that many behind it. */
    private static long sliced(long eight, int behind) {
        int top = behind << 8;
        return TABLE[top | (int) eight & 0xff]
                ^ TABLE[top - 0x100 | (int) (eight >>> 8) & 0xff]
                ^ TABLE[top - 0x200 | (int) (eight >>> 16) & 0xff]
                ^ TABLE[top - 0x300 | (int) (eight >>> 24) & 0xff]
                ^ TABLE[top - 0x400 | (int) (eight >>> 32) & 0xff]
                ^ TABLE[top - 0x500 | (int) (eight >>> 40) & 0xff]
                ^ TABLE[top - 0x600 | (int) (eight >>> 48) & 0xff]
                ^ TABLE[top - 0x700 | (int) (eight >>> 56)];
    }

    @Override
    public long getValue() {
        return ~inverted;
    }

    @Override
    public void reset() {
        inverted = -1;
    }
}
