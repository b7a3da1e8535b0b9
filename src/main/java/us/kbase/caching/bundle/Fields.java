package us.kbase.caching.bundle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import us.kbase.caching.failure.Failure;

/** Reads the numbers of a ZIP file: little-endian and unsigned (section 4.4.1). The caller checks that they lie in the array. */
final class Fields {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Fields() {}

    static int u16(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at) & 0xffff;
    }

    static int i32(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static long u32(byte[] bytes, int at) {
        return i32(bytes, at) & 0xffff_ffffL;
    }

    /** A length or an offset of eight bytes; fails for one that no file has. */
    static long u63(byte[] bytes, int at) {
        long value = (long) LONG.get(bytes, at);
        if (value < 0) {
            throw damaged("one of its lengths is larger than any file");
        }
        return value;
    }

    /** The failure of a ZIP file that cannot be understood, or that two readers could understand differently. */
    static Failure.NotABundle damaged(String why) {
        return new Failure.NotABundle("The result is no ZIP file that can be read: " + why);
    }
}
